// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title MDT, the token of the network
/// @notice ERC-20 with 18 decimals, EIP-2612 permit and burning. Every amount is in wei of MDT.
/// The supply is bounded by everything ever minted: genesis + the minters' lifetime allowances <=
/// `MAX_SUPPLY`. Burning does not allow more minting.
interface IModernTensorToken is IERC20, IERC20Permit {
    /// @notice One holder at genesis.
    struct GenesisAllocation {
        address account;
        uint256 amountWei;
    }

    /// @notice The minters were set; no minter can be added or changed afterwards.
    /// @param minter Contract that may mint.
    /// @param allowanceWei Its lifetime allowance.
    event MinterWired(address indexed minter, uint256 allowanceWei);

    /// @notice The cap must be above zero and below 2^96, so that every amount fits beside an address in one slot.
    error MaxSupplyOutOfRange(uint256 maxSupplyWei);
    /// @notice Genesis and the lifetime allowances together would exceed the cap.
    error AboveMaxSupply(uint256 promisedWei, uint256 maxSupplyWei);
    /// @notice Only the deployer wires the minters.
    error NotDeployer(address caller, address deployer);
    /// @notice The minters are already wired.
    error AlreadyWired();
    /// @notice There must be one allowance per minter, and at least one minter.
    error MinterListMismatch(uint256 minters, uint256 allowances);
    /// @notice A minter must be a contract that works with this token (`IMinter`), named once, with an allowance above
    /// zero and below 2^96.
    error InvalidMinter(address minter, uint256 allowanceWei);
    /// @notice The allowance is below `leastWei`, which the minter needs to keep its promises: the Treasury needs its
    /// whole schedule.
    error AllowanceTooSmall(address minter, uint256 allowanceWei, uint256 leastWei);
    /// @notice The amount exceeds what is left of the caller's lifetime allowance; accounts that are not minters
    /// have an allowance of zero.
    error MintAboveAllowance(address minter, uint256 askedWei, uint256 remainingWei);

    /// @notice Sets the minters and their lifetime allowances, once.
    /// @dev Who: the deployer, once.
    /// Requirements: as many allowances as accounts, at least one; each account a contract whose `token()` is this one,
    /// named once; its allowance above zero, and at least what the contract itself asks for
    /// (`IMinter.leastAllowanceWei`); genesis + sum of allowances <= `MAX_SUPPLY`.
    /// Effects: emits `MinterWired` for each; no later call can succeed.
    /// Errors: `NotDeployer`, `AlreadyWired`, `MinterListMismatch`, `InvalidMinter`, `AllowanceTooSmall`,
    /// `AboveMaxSupply`.
    function wireMinters(address[] calldata accounts, uint256[] calldata allowancesWei) external;

    /// @notice Creates `amountWei` for `to`.
    /// @dev Who: a minter, within what is left of its lifetime allowance.
    /// Effects: reduces `mintable(caller)` for ever; emits `Transfer` from zero.
    /// Errors: `MintAboveAllowance`.
    function mint(address to, uint256 amountWei) external;

    /// @notice Burns `amountWei` of the caller's tokens; `mintable` does not grow.
    function burn(uint256 amountWei) external;

    /// @notice Burns `amountWei` of `account`'s tokens, from the caller's ERC-20 allowance.
    function burnFrom(address account, uint256 amountWei) external;

    /// @notice The most that can ever be minted, genesis included. Below 2^96.
    function MAX_SUPPLY() external view returns (uint256);

    /// @notice The account that deployed the token and may wire the minters once.
    function deployer() external view returns (address);

    /// @notice What `minter` may still mint; zero for accounts that are not minters.
    function mintable(address minter) external view returns (uint256);

    /// @notice Everything minted so far: genesis and all minters.
    function totalMinted() external view returns (uint256);

    /// @notice Everything burned so far: `totalMinted() - totalSupply()`.
    function totalBurned() external view returns (uint256);

    /// @notice The minters in the order in which they were wired.
    function minters() external view returns (address[] memory);
}
