// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModernTensorToken} from "./IModernTensorToken.sol";

/// @title The pool of recycled tokens
/// @notice Holds tokens that were paid or lost inside the network; they are used before minting. Every amount
/// is in wei of MDT. `draw` uses the balance, so tokens sent directly are recycled too. After every
/// transaction: balance = `totalIn() - totalOut()`, and `totalIn()` = sum of `totalBySource` over all sources
/// + `other()`.
interface IRecyclingPool {
    /// @notice Where recycled tokens come from, and who may book them.
    /// RegistrationFees: Staking and TaskRegistry. SlashingPenalties: Staking. TaskFees: TaskRegistry.
    /// Returned (dust, and rewards that nobody earned): Treasury, through `draw`. TransactionFees: anyone.
    enum Source {
        RegistrationFees,
        SlashingPenalties,
        TaskFees,
        Returned,
        TransactionFees
    }

    /// @notice The contracts that may book were set.
    event Wired(address indexed treasury, address indexed staking, address indexed taskRegistry);
    /// @notice `amountWei` arrived from `from` and was booked under `source`.
    event Deposited(Source indexed source, address indexed from, uint256 amountWei);
    /// @notice The Treasury took `drawnWei` and gave back `returnedWei`; only the difference was transferred.
    event Drawn(uint256 drawnWei, uint256 returnedWei);

    /// @notice Only the deployer wires the pool.
    error NotDeployer(address caller, address deployer);
    /// @notice The pool is already wired.
    error AlreadyWired();
    /// @notice `value` is not valid for this parameter: it is not a contract with the same token, is the pool itself,
    /// or already has another of the three roles.
    error InvalidAddress(string parameter, address value);
    /// @notice Emission would halve every `treasuryEpochs`, but task fees every `feeEpochs`.
    error HalvingMismatch(uint64 treasuryEpochs, uint64 feeEpochs);
    /// @notice `caller` may not book under `source`.
    error SourceNotAllowed(Source source, address caller);
    /// @notice Only the Treasury draws.
    error NotTreasury(address caller, address treasury);

    /// @notice Sets the contracts that may book and draw, once.
    /// @dev Who: the deployer, once. Requirements: three different contracts whose `token()` is the pool's, none of
    /// them the pool; Treasury and TaskRegistry have the same halving interval.
    /// Effects: emits `Wired`. Errors: `NotDeployer`, `AlreadyWired`, `InvalidAddress`, `HalvingMismatch`.
    function wire(address treasury, address staking, address taskRegistry) external;

    /// @notice Takes `amountWei` from the caller and books it under `source`.
    /// @dev Who: as `Source` says. Requirements: the caller approved the pool for `amountWei`. Zero is accepted.
    /// Effects: `totalBySource(source)` grows; emits `Deposited`.
    /// Errors: `SourceNotAllowed` (always for `Returned`), and those of the token.
    function deposit(Source source, uint256 amountWei) external;

    /// @notice Gives the Treasury up to `wantedWei`, as far as the balance allows, and books what the Treasury returns.
    /// @dev Who: the Treasury. Effects: `drawnWei` = min(balance, `wantedWei`) is booked as out and `returnedWei` under
    /// `Returned`; one transfer of the net goes to the Treasury when `drawnWei > returnedWei`; otherwise the Treasury
    /// transfers `returnedWei - drawnWei` to the pool later in the same transaction. Emits `Drawn`.
    /// Errors: `NotTreasury`.
    /// @return drawnWei The amount recycled, before netting.
    function draw(uint256 wantedWei, uint256 returnedWei) external returns (uint256 drawnWei);

    /// @notice The token that is recycled.
    function token() external view returns (IModernTensorToken);

    /// @notice The account that deployed the pool and may wire it once.
    function deployer() external view returns (address);

    /// @notice The contract that draws; zero until wired.
    function treasury() external view returns (address);

    /// @notice The contract that books registration fees and slashing penalties; zero until wired.
    function staking() external view returns (address);

    /// @notice The contract that books registration fees and task fees; zero until wired.
    function taskRegistry() external view returns (address);

    /// @notice The most that the next draw can take: the balance.
    function available() external view returns (uint256);

    /// @notice Everything that ever came in, booked or not.
    function totalIn() external view returns (uint256);

    /// @notice Everything that was ever drawn.
    function totalOut() external view returns (uint256);

    /// @notice Everything that was ever booked under `source`.
    function totalBySource(Source source) external view returns (uint256);

    /// @notice Everything that came in without being booked under a source.
    function other() external view returns (uint256);
}
