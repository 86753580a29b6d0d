// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {SameToken} from "../shared/SameToken.sol";

/// @title ModernTensorToken
/// @notice MDT: its cap counts everything ever minted, not the supply.
/// @dev Always:
/// - genesis + sum of the minters' allowances <= `MAX_SUPPLY` < 2^96;
/// - a minter's `mintedWei` never falls and never passes its `allowanceWei`, so no minter can use another's share, and
///   a burn lets nobody mint more;
/// - once there is a minter, the list of minters and their allowances never change.
contract ModernTensorToken is ERC20, ERC20Burnable, ERC20Permit, IModernTensorToken {
    /// @dev One slot: a mint reads and writes no other storage of its own.
    /// @param allowanceWei What the minter may mint in its lifetime; zero for accounts that are not minters.
    /// @param mintedWei What it has minted so far.
    struct Minter {
        uint128 allowanceWei;
        uint128 mintedWei;
    }

    /// @inheritdoc IModernTensorToken
    uint256 public immutable MAX_SUPPLY; // solhint-disable-line immutable-vars-naming
    /// @inheritdoc IModernTensorToken
    address public immutable deployer;
    /// @dev What was minted at genesis.
    uint256 private immutable _genesisWei;

    address[] private _minterList;
    mapping(address account => Minter) private _minterOf;

    /// @param genesis The holders at genesis and their amounts.
    /// @param maxSupplyWei The most that can ever be minted, `genesis` included.
    constructor(
        GenesisAllocation[] memory genesis,
        uint256 maxSupplyWei
    ) ERC20("ModernTensor", "MDT") ERC20Permit("ModernTensor") {
        if (maxSupplyWei == 0 || maxSupplyWei > type(uint96).max) revert MaxSupplyOutOfRange(maxSupplyWei);
        MAX_SUPPLY = maxSupplyWei;
        deployer = msg.sender;
        for (uint256 i = 0; i < genesis.length; ++i) {
            _mint(genesis[i].account, genesis[i].amountWei);
        }
        _genesisWei = totalSupply();
        if (_genesisWei > maxSupplyWei) revert AboveMaxSupply(_genesisWei, maxSupplyWei);
    }

    /// @inheritdoc IModernTensorToken
    function wireMinters(address[] calldata accounts, uint256[] calldata allowancesWei) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender, deployer);
        if (_minterList.length != 0) revert AlreadyWired();
        if (accounts.length == 0 || accounts.length != allowancesWei.length) {
            revert MinterListMismatch(accounts.length, allowancesWei.length);
        }
        uint256 promisedWei = _genesisWei;
        for (uint256 i = 0; i < accounts.length; ++i) {
            (address account, uint256 allowanceWei) = (accounts[i], allowancesWei[i]);
            if (
                allowanceWei == 0 ||
                allowanceWei > type(uint96).max ||
                _minterOf[account].allowanceWei != 0 ||
                !SameToken.isUsedBy(this, account)
            ) revert InvalidMinter(account, allowanceWei);
            uint256 leastWei = IMinter(account).leastAllowanceWei();
            if (allowanceWei < leastWei) revert AllowanceTooSmall(account, allowanceWei, leastWei);
            promisedWei += allowanceWei;
            _minterOf[account].allowanceWei = uint128(allowanceWei);
            emit MinterWired(account, allowanceWei);
        }
        if (promisedWei > MAX_SUPPLY) revert AboveMaxSupply(promisedWei, MAX_SUPPLY);
        _minterList = accounts;
    }

    /// @inheritdoc IModernTensorToken
    function mint(address to, uint256 amountWei) external {
        uint256 remainingWei = mintable(msg.sender);
        if (amountWei > remainingWei) revert MintAboveAllowance(msg.sender, amountWei, remainingWei);
        _minterOf[msg.sender].mintedWei += uint128(amountWei);
        _mint(to, amountWei);
    }

    /// @inheritdoc IModernTensorToken
    function minters() external view returns (address[] memory) {
        return _minterList;
    }

    /// @inheritdoc IModernTensorToken
    function totalBurned() external view returns (uint256) {
        return totalMinted() - totalSupply();
    }

    /// @inheritdoc IModernTensorToken
    function totalMinted() public view returns (uint256 mintedWei) {
        mintedWei = _genesisWei;
        for (uint256 i = 0; i < _minterList.length; ++i) {
            mintedWei += _minterOf[_minterList[i]].mintedWei;
        }
    }

    /// @inheritdoc IModernTensorToken
    function mintable(address minter) public view returns (uint256) {
        Minter storage record = _minterOf[minter];
        return record.allowanceWei - record.mintedWei;
    }

    /// @inheritdoc IModernTensorToken
    function burn(uint256 amountWei) public override(ERC20Burnable, IModernTensorToken) {
        super.burn(amountWei);
    }

    /// @inheritdoc IModernTensorToken
    function burnFrom(address account, uint256 amountWei) public override(ERC20Burnable, IModernTensorToken) {
        super.burnFrom(account, amountWei);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
