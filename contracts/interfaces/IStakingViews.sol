// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModernTensorToken} from "./IModernTensorToken.sol";

/// @title The views of Staking
/// @notice Everything that decides an epoch's rewards is kept per epoch and final when that epoch ends: every later
/// block gives the same answer, so recomputing an epoch needs no archive node. For the running epoch a view assumes no
/// further slash; for later epochs it is a forecast from the current state.
/// @dev No view here reverts: an unknown address, an epoch before a registration or an epoch in the far future has a
/// well-defined (mostly zero) answer. Amounts are wei, floored; epochs are those of the clock.
interface IStakingViews {
    /// @notice A pending exit.
    /// @param withdrawableEpoch It can be withdrawn from the start of this epoch, and slashed until then.
    /// @param shares Shares of the validator.
    struct Exit {
        uint32 withdrawableEpoch;
        uint112 shares;
    }

    /// @notice The token that is staked.
    function token() external view returns (IModernTensorToken);

    /// @notice The index of a validator that was never slashed: one share is worth one wei.
    function INDEX_ONE() external view returns (uint256);

    /// @notice Own stake below which a validator is not active, in wei.
    function minimumStakeWei() external view returns (uint256);

    /// @notice How many validators there can be at once.
    function maximumSeats() external view returns (uint256);

    /// @notice Epochs for which a seat can't be taken, counted from its holder's first.
    function seatSafeEpochs() external view returns (uint64);

    /// @notice The most that all slashes of one validator in one epoch may add up to, in basis points.
    function slashCapBps() external view returns (uint256);

    /// @notice Minimum number of epochs that an exit waits, and can be slashed.
    function exitDelayEpochs() external view returns (uint64);

    /// @notice The epoch from whose start stake that leaves now can be withdrawn: the smallest multiple of
    /// ⌈`exitDelayEpochs` / 2⌉ that is at least e + `exitDelayEpochs`; before genesis, at least 1.
    function withdrawableFrom() external view returns (uint64);

    /// @notice Minimum number of epochs that a slashed validator stays in jail.
    function jailEpochs() external view returns (uint64);

    /// @notice What registering as a validator costs in this block, in wei. It rises by a quarter with each
    /// registration and falls over time, between a floor and a ceiling.
    function registrationPriceWei() external view returns (uint256);

    /// @notice Own stake of `validator` effective in `epoch`: slashes up to the end of `epoch` reduce it, later
    /// ones don't.
    function stakeAt(address validator, uint64 epoch) external view returns (uint256);

    /// @notice Stake delegated by `account` to `validator` and effective in `epoch`; 0 for the validator itself,
    /// whose stake is `stakeAt`.
    function delegationAt(address validator, address account, uint64 epoch) external view returns (uint256);

    /// @notice Own and delegated stake of `validator` effective in `epoch`. Never less than the sum of both; it may
    /// exceed it by less than a wei per delegator, because each delegation is floored.
    function totalStakeAt(address validator, uint64 epoch) external view returns (uint256);

    /// @notice Wei per share of `validator`, times `INDEX_ONE`, at the end of `epoch` (now, if it has not ended).
    function indexAt(address validator, uint64 epoch) external view returns (uint256);

    /// @notice All figures of `validator` in `epoch` in one call.
    /// @return ownShares Its own shares effective in the epoch.
    /// @return totalShares Its own shares and those of its delegators.
    /// @return index `indexAt`.
    /// @return commissionBps Its commission in basis points.
    /// @return isJailed Whether it is jailed.
    /// @return active `isActive`.
    function validatorAt(
        address validator,
        uint64 epoch
    )
        external
        view
        returns (
            uint112 ownShares,
            uint112 totalShares,
            uint256 index,
            uint16 commissionBps,
            bool isJailed,
            bool active
        );

    /// @notice Whether `validator` may score, lead slots and earn in `epoch`: it is seated and not jailed in that
    /// epoch, and its own stake effective in it, valued at the end of the epoch before, is at least `minimumStakeWei`.
    /// @dev Final when `epoch` begins. A slash during the epoch therefore costs stake at once, but not the right
    /// to reveal earlier commitments: a validator that was active in an epoch may reveal for it.
    function isActive(address validator, uint64 epoch) external view returns (bool);

    /// @notice The active validators of `epoch` in the order of their seats, with their total stake, for drawing slot
    /// leaders.
    /// @dev Four cold storage slots per seat when nothing is pending, so 100 seats fit a transaction.
    function activeStakes(
        uint64 epoch
    ) external view returns (address[] memory validators, uint256[] memory totalStakesWei);

    /// @notice The holders of seats in `epoch`, active or not, in the order of the seats.
    function seatedAt(uint64 epoch) external view returns (address[] memory);

    /// @notice The validator for which `account` may act: itself if it ever registered, else the one whose operator it
    /// is, else zero. It still answers after the validator has left, because a reveal may be due.
    function validatorOf(address account) external view returns (address);

    /// @notice The operator of `validator`; zero if it never registered.
    function operatorOf(address validator) external view returns (address);

    /// @notice How many times `validator` has registered (0 = never), and whether it holds a seat now.
    function registrationsAndSeatOf(address validator) external view returns (uint32 registrationCount, bool isSeated);

    /// @notice When the terms of `validator` may change again.
    /// @return releasableEpoch First epoch in which it can be active again once unjailed; 0 = never jailed.
    /// @return nextRiseEpoch First epoch in which a further rise of the commission may take effect.
    function limitsOf(address validator) external view returns (uint32 releasableEpoch, uint32 nextRiseEpoch);

    /// @notice The exits of `account` from `validator`.
    /// @return maturedWei The amount that `withdraw(validator)` would pay it now.
    /// @return exits Exits that it can't withdraw yet, in no particular order; entries without shares are empty.
    function exitsOf(
        address validator,
        address account
    ) external view returns (uint256 maturedWei, Exit[3] memory exits);
}
