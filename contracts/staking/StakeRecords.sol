// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../shared/EpochClock.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";
import {EpochCheckpoints} from "./EpochCheckpoints.sol";

/// @title StakeRecords
/// @notice The stake records: shares of each validator by account and epoch, pending exits, and the index that values
/// shares; and how to read them. `StakeLedger` writes them.
/// @dev Always holds, for each validator, with S = its latest total shares + all exits that have not matured, I = its
/// index, both exact (not rounded):
///
/// 1. S is the sum of the holders' shares and open exits, and a remainder from slashes of redelegations' origins: less
///    than a share for each redelegation and slash. The own half of `Pool.shares` is exactly the owner's.
/// 2. The contract's tokens for this validator ≥ S · I / INDEX_ONE + Σ matured exits · their frozen index / INDEX_ONE.
///    A deposit of x adds ⌊x · INDEX_ONE / I⌋ shares, worth at most x. A payout is the floor of what its shares are
///    worth. A slash from I to I' pays ⌊S · (I − I') / INDEX_ONE⌋, at most what S loses. An exit only moves shares
///    within S. A redelegation takes shares worth x or more out of one S and adds ⌊x⌋ to another as a deposit does; a
///    slash of the first pays the floor of what it takes from the second, in the same step. So the balance covers all
///    stake and all unbonding after each step, and exceeds them only by rounding, less than a wei per step.
/// 3. Index and shares at an epoch that has ended never change: additions are written for e + 2, exits for e + 1,
///    slashes for e.
/// 4. S < 2^112: after a deposit I ≥ INDEX_ONE / 2^16, and S · I / INDEX_ONE is at most the token's cap, below 2^96.
abstract contract StakeRecords is IStaking, EpochClock {
    using EpochCheckpoints for EpochCheckpoints.Trace;

    /// @dev How a registration ended. `withdrawableEpoch` is 0 while the validator holds its seat, and 1 or more
    /// afterwards.
    struct Departure {
        uint32 epoch;
        uint32 withdrawableEpoch;
    }

    /// @dev All stake in one validator.
    struct Pool {
        /// Own shares in the upper 112 bits, all shares in the lower: one slot holds both.
        EpochCheckpoints.Trace shares;
        /// The index at the end of each epoch with a slash; the value 0 stands for INDEX_ONE, never slashed.
        EpochCheckpoints.Trace index;
        /// How many times it has registered, and whether it holds a seat now.
        uint32 registration;
        bool isOpen;
        /// Shares that mature at the start of an epoch, always a multiple of `_groupEpochs`; only the next three can be
        /// slashed.
        mapping(uint256 withdrawableEpoch => uint112 shares) exiting;
        mapping(uint256 registration => Departure) departures;
        /// Stake redelegated to other validators, by the epoch from which it counts for them.
        mapping(uint256 arrivalEpoch => Leaving) leaving;
    }

    /// @dev Stake that left one validator for others and arrives in one epoch. Until then, slashes of the validator
    /// that it left reach it.
    struct Leaving {
        /// The destinations: address, and above it the number of the receiving registration.
        uint256[] destinations;
        /// Shares of the destination held by all redelegators together, or slightly more: each slash rounds the rest
        /// up.
        mapping(uint256 destination => uint256) shares;
    }

    /// @dev Stake of one account in one validator. If the registration in which it was last touched has ended,
    /// everything in `shares` has left with it; `_settle` stores that at the holder's next call, and views already
    /// take it into account.
    struct Holding {
        uint32 registration;
        /// Exits that have matured, valued and not yet paid.
        uint96 maturedWei;
        /// First epoch in which it can be redelegated again, an exit delay after stake was redelegated to it; 0 = it
        /// never was.
        uint32 redelegableEpoch;
        /// Index that `movedFrom` had when `movedShares` left it; 0 once the losses by its slashes are booked.
        uint96 movedIndex;
        /// Exits, each at its group's number modulo 3: an earlier exit in the place of a new one has always matured.
        Exit[3] exits;
        EpochCheckpoints.Trace shares;
        /// The latest redelegation to it. Its shares are part of `shares`, not yet reduced by slashes of `movedFrom`.
        address movedFrom;
        uint112 movedShares;
    }

    /// @inheritdoc IStakingViews
    uint256 public constant INDEX_ONE = 1e27;

    /// @dev Faults of an epoch that show on chain can be reported until two epochs later.
    uint64 private constant MINIMUM_EXIT_DELAY = 3;

    /// @inheritdoc IStakingViews
    uint64 public immutable exitDelayEpochs;
    /// @dev Exits mature at its multiples, and at most three multiples are between now and the latest exit: an exit
    /// takes at most a delay and a half. So three entries hold all pending exits, however long the delay is.
    uint64 internal immutable _groupEpochs;

    mapping(address validator => Pool) internal _pools;
    mapping(address validator => mapping(address account => Holding)) internal _holdings;

    constructor(uint16 exitDelayEpochs_) {
        if (exitDelayEpochs_ < MINIMUM_EXIT_DELAY) revert ExitDelayTooShort(exitDelayEpochs_, MINIMUM_EXIT_DELAY);
        exitDelayEpochs = exitDelayEpochs_;
        _groupEpochs = (uint64(exitDelayEpochs_) + 1) / 2;
    }

    /// @inheritdoc IStakingViews
    function stakeAt(address validator, uint64 epoch) public view returns (uint256) {
        (uint112 own, ) = _sharesAt(validator, epoch);
        return _worth(own, indexAt(validator, epoch));
    }

    /// @inheritdoc IStakingViews
    function totalStakeAt(address validator, uint64 epoch) public view returns (uint256) {
        (, uint112 total) = _sharesAt(validator, epoch);
        return _worth(total, indexAt(validator, epoch));
    }

    /// @inheritdoc IStakingViews
    function delegationAt(address validator, address account, uint64 epoch) external view returns (uint256) {
        if (account == validator) return 0;
        Holding storage holding = _holdings[validator][account];
        Departure storage departure = _pools[validator].departures[holding.registration];
        if (departure.withdrawableEpoch != 0 && departure.epoch <= epoch) return 0;
        return _worth(_heldAt(holding, epoch), indexAt(validator, epoch));
    }

    /// @inheritdoc IStakingViews
    function indexAt(address validator, uint64 epoch) public view returns (uint256) {
        uint256 index = _pools[validator].index.at(epoch);
        return index == 0 ? INDEX_ONE : index;
    }

    /// @inheritdoc IStakingViews
    function exitsOf(
        address validator,
        address account
    ) external view returns (uint256 maturedWei, Exit[3] memory exits) {
        return _settled(validator, account);
    }

    /// @inheritdoc IStakingViews
    function registrationsAndSeatOf(address validator) external view returns (uint32 registrationCount, bool isSeated) {
        Pool storage pool = _pools[validator];
        return (pool.registration, pool.isOpen);
    }

    /// @inheritdoc IStakingViews
    function withdrawableFrom() public view returns (uint64) {
        uint64 earliest = _hasStarted() ? currentEpoch() + exitDelayEpochs : 1;
        return ((earliest + _groupEpochs - 1) / _groupEpochs) * _groupEpochs;
    }

    /// @dev Reverts unless `validator` holds a seat.
    function _requireOpen(address validator) internal view {
        if (!_pools[validator].isOpen) revert NotAValidator(validator);
    }

    /// @dev Own and total shares that count in `epoch`.
    function _sharesAt(address validator, uint64 epoch) internal view returns (uint112 own, uint112 total) {
        return _unpack(_pools[validator].shares.at(epoch));
    }

    /// @dev Value in wei of `shares` at `index`, floored.
    function _worth(uint256 shares, uint256 index) internal pure returns (uint256) {
        return (shares * index) / INDEX_ONE;
    }

    /// @dev A holding as of now: exits whose epoch has begun are valued at the end of the epoch before, and never
    /// change again.
    function _settled(
        address validator,
        address account
    ) internal view returns (uint256 maturedWei, Exit[3] memory exits) {
        Holding storage holding = _holdings[validator][account];
        maturedWei = holding.maturedWei;
        uint32 departs = _pools[validator].departures[holding.registration].withdrawableEpoch;
        uint112 left = departs == 0 ? 0 : _heldAt(holding, type(uint64).max);
        for (uint256 i = 0; i < exits.length; ++i) {
            (uint32 matures, uint112 shares) = (holding.exits[i].withdrawableEpoch, holding.exits[i].shares);
            if (left != 0 && i == _placeOf(departs)) {
                // Shares that mature together are one exit, floored once; an exit of another epoch in its place has
                // matured.
                if (matures != departs) {
                    maturedWei += _maturedWei(validator, matures, shares);
                    (matures, shares) = (departs, 0);
                }
                shares += left;
            }
            if (_hasBegun(matures)) maturedWei += _maturedWei(validator, matures, shares);
            else exits[i] = Exit({withdrawableEpoch: matures, shares: shares});
        }
    }

    /// @dev Value in wei of an exit of `shares` whose `epoch` has begun.
    function _maturedWei(address validator, uint64 epoch, uint112 shares) private view returns (uint256) {
        return shares == 0 ? 0 : _worth(shares, indexAt(validator, epoch - 1));
    }

    /// @dev Shares of a holding that count in `epoch`, after slashes of the validator that they were redelegated from.
    function _heldAt(Holding storage holding, uint64 epoch) internal view returns (uint112 shares) {
        shares = uint112(holding.shares.at(epoch));
        if (holding.movedIndex != 0 && epoch >= _arrivalOf(holding)) shares -= _lostOnTheWay(holding);
    }

    /// @dev Shares that slashes of the origin have taken from pending ones, rounded up. Final when those arrive.
    function _lostOnTheWay(Holding storage holding) internal view returns (uint112) {
        (uint256 moved, uint256 indexBefore) = (holding.movedShares, holding.movedIndex);
        uint256 index = indexAt(holding.movedFrom, _arrivalOf(holding) - 1);
        return uint112(moved - (moved * index) / indexBefore);
    }

    /// @dev First epoch in which the latest redelegation to a holding counts for it.
    function _arrivalOf(Holding storage holding) internal view returns (uint64) {
        return holding.redelegableEpoch + 2 - exitDelayEpochs;
    }

    /// @dev Index in `exits` of an exit that can be withdrawn in `epoch`.
    function _placeOf(uint64 epoch) internal view returns (uint256) {
        return (epoch / _groupEpochs) % 3;
    }

    function _latestIndex(Pool storage pool) internal view returns (uint256) {
        uint256 index = pool.index.latest();
        return index == 0 ? INDEX_ONE : index;
    }

    function _hasBegun(uint64 epoch) internal view returns (bool) {
        return block.timestamp >= epochStart(epoch);
    }

    function _pack(uint112 own, uint112 total) internal pure returns (uint224) {
        return (uint224(own) << 112) | total;
    }

    function _unpack(uint224 packed) internal pure returns (uint112 own, uint112 total) {
        return (uint112(packed >> 112), uint112(packed));
    }
}
