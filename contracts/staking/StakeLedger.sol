// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EpochCheckpoints} from "./EpochCheckpoints.sol";
import {StakeRecords} from "./StakeRecords.sol";

/// @title StakeLedger
/// @notice Books staking, unstaking, withdrawals, moves from one validator to another, and slashes. It moves no tokens
/// and knows nothing of seats; each function keeps the invariants of `StakeRecords`.
/// @dev Moved stake has shares of the new validator from the start. A slash of the old one takes its fraction of all
/// pending moves to each other validator, in one step; each holder's part is stored at the holder's next call
/// (`_settle`), and views already take it into account.
abstract contract StakeLedger is StakeRecords {
    using EpochCheckpoints for EpochCheckpoints.Trace;
    using SafeCast for uint256;

    uint256 internal constant BPS = 10_000;
    /// @dev Below this index no stake is accepted; see invariant 4.
    uint256 private constant EXHAUSTED_INDEX = INDEX_ONE / 2 ** 16;

    /// @dev Begins a registration.
    function _openPool(address validator) internal {
        Pool storage pool = _pools[validator];
        if (pool.isOpen) revert AlreadyRegistered(validator);
        pool.registration += 1;
        pool.isOpen = true;
    }

    /// @dev Ends a registration: all stake leaves by the ordinary rule, in one step for all holders.
    function _closePool(address validator) internal {
        Pool storage pool = _pools[validator];
        (uint64 next, uint64 withdrawable) = (nextEpoch(), withdrawableFrom());
        uint112 total = uint112(pool.shares.latest());
        pool.isOpen = false;
        pool.departures[pool.registration] = Departure({epoch: uint32(next), withdrawableEpoch: uint32(withdrawable)});
        pool.exiting[withdrawable] += total;
        pool.shares.set(next, 0);
        pool.shares.set(addedCountsFrom(), 0);
        emit ValidatorLeft(validator, next, withdrawable);
    }

    /// @dev Books `amountWei` as stake of `account`. The amount is not zero, so it buys at least one share: a share
    /// is worth at most a wei.
    function _addStake(address validator, address account, uint256 amountWei) internal returns (uint112 shares) {
        Pool storage pool = _pools[validator];
        _requireOpen(validator);
        uint256 index = _latestIndex(pool);
        if (index < EXHAUSTED_INDEX) revert IndexExhausted(validator, index);

        Holding storage holding = _holdings[validator][account];
        if (holding.registration != pool.registration || holding.movedIndex != 0) _settle(validator, account);
        shares = ((uint256(amountWei.toUint96()) * INDEX_ONE) / index).toUint112();
        uint64 countsFrom = addedCountsFrom();
        (uint112 own, uint112 total) = _unpack(pool.shares.latest());
        holding.shares.set(countsFrom, holding.shares.latest() + shares);
        pool.shares.set(countsFrom, _pack(account == validator ? own + shares : own, total + shares));
        _emitStakeChanged(validator, account, holding);
    }

    /// @dev Settles a holding and finds the shares worth exactly `amountWei`, or all of them (including a remainder
    /// worth less than a wei) if they are worth just that, or if `amountWei` is `type(uint256).max`.
    function _sharesToTake(
        address validator,
        address account,
        uint256 amountWei
    ) internal returns (uint112 shares, bool isEverything) {
        if (amountWei == 0) revert ZeroAmount();
        Holding storage holding = _settleArrived(validator, account);
        uint256 index = _latestIndex(_pools[validator]);
        shares = uint112(holding.shares.latest());
        uint256 stakedWei = _worth(shares, index);
        if (shares == 0 || (amountWei > stakedWei && amountWei != type(uint256).max)) {
            revert InsufficientStake(validator, account, amountWei, stakedWei);
        }
        if (amountWei >= stakedWei) return (shares, true);
        return (Math.ceilDiv(amountWei * INDEX_ONE, index).toUint112(), false);
    }

    /// @dev Moves `shares` of a settled holding from stake to exits, newest stake first: stake that is not
    /// effective yet leaves before stake that is.
    function _removeStake(address validator, address account, uint112 shares) internal {
        Pool storage pool = _pools[validator];
        Holding storage holding = _holdings[validator][account];
        (uint64 next, uint64 withdrawable) = (nextEpoch(), withdrawableFrom());
        uint224 remaining = holding.shares.latest() - shares;
        uint224 counting = holding.shares.at(next);
        bool isOwn = account == validator;
        uint224 poolRemaining = _minus(pool.shares.latest(), shares, isOwn);
        if (remaining < counting) {
            // More may be effective in the next epoch than afterwards: stake redelegated in this epoch, which stays.
            // Stake added after the redelegation can't be distinguished and leaves as if it were effective, so never
            // too much is effective.
            uint112 stops = uint112(Math.min(counting - remaining, shares));
            pool.shares.set(next, _minus(pool.shares.at(next), stops, isOwn));
            holding.shares.set(next, counting - stops);
        }
        pool.shares.set(addedCountsFrom(), poolRemaining);
        holding.shares.set(addedCountsFrom(), remaining);

        // The holding is settled, so its place in `exits` is empty or holds an exit of this same group.
        Exit storage exit = holding.exits[_placeOf(withdrawable)];
        exit.withdrawableEpoch = uint32(withdrawable);
        exit.shares += shares;
        pool.exiting[withdrawable] += shares;
        _emitStakeChanged(validator, account, holding);
        emit Unstaked(validator, account, shares, _worth(shares, _latestIndex(pool)), withdrawable);
    }

    /// @dev Moves `amountWei` of a delegation without a gap: it counts for `from` until the end of the next epoch,
    /// then for `to`. Newest stake moves first here too.
    function _redelegate(address from, address to, address account, uint256 amountWei, uint256 limit) internal {
        if (account == from || account == to || from == to) revert InvalidRedelegation(from, to, account);
        uint64 epoch = currentEpoch();
        (uint256 movedWei, uint256 index) = _takeForMove(from, account, amountWei, epoch);
        if (movedWei == 0) revert ZeroAmount();

        Holding storage holding = _settleArrived(to, account);
        uint112 shares = _addStake(to, account, movedWei);
        holding.redelegableEpoch = uint32(epoch + exitDelayEpochs);
        holding.movedIndex = uint96(index);
        holding.movedFrom = from;
        holding.movedShares = shares;
        _addLeaving(from, to, epoch + 2, shares, limit);
        emit Redelegated(from, to, account, epoch + 2, movedWei, shares, index);
    }

    /// @dev Takes `fractionBps` of all shares that can be slashed. Rounds the index up, so that it never reaches zero,
    /// and the amount taken down.
    function _lowerIndex(address validator, uint256 fractionBps) internal returns (uint256 index, uint256 slashedWei) {
        Pool storage pool = _pools[validator];
        uint64 epoch = currentEpoch();
        uint256 shares = uint112(pool.shares.latest());
        for (uint64 exits = withdrawableFrom(); exits > epoch; exits -= _groupEpochs) shares += pool.exiting[exits];
        uint256 indexBefore = _latestIndex(pool);
        index = indexBefore - (indexBefore * fractionBps) / BPS;
        pool.index.set(epoch, uint224(index));
        slashedWei =
            _worth(shares, indexBefore - index) +
            _slashLeaving(pool.leaving[epoch + 1], epoch + 1, indexBefore, index) +
            _slashLeaving(pool.leaving[epoch + 2], epoch + 2, indexBefore, index);
    }

    /// @dev Removes all matured exits from a holding.
    function _takeMatured(address validator, address account) internal returns (uint256 amountWei) {
        Holding storage holding = _settle(validator, account);
        amountWei = holding.maturedWei;
        holding.maturedWei = 0;
    }

    /// @dev Updates a holding to the present: matured exits become an amount, and the shares of an ended
    /// registration become an exit.
    function _settle(address validator, address account) internal returns (Holding storage holding) {
        Pool storage pool = _pools[validator];
        holding = _holdings[validator][account];
        (uint256 maturedWei, Exit[3] memory exits) = _settled(validator, account);
        Departure storage departure = pool.departures[holding.registration];
        if (holding.movedIndex != 0) {
            uint64 arrival = _arrivalOf(holding);
            if (_hasBegun(arrival)) {
                // Nobody has written to the shares since `arrival` began, so no checkpoint is after `arrival + 1`.
                uint112 lost = _lostOnTheWay(holding);
                uint224 latest = holding.shares.latest() - lost;
                holding.shares.set(arrival, holding.shares.at(arrival) - lost);
                holding.shares.set(arrival + 1, latest);
                holding.movedIndex = 0;
            } else if (departure.withdrawableEpoch != 0) {
                _revertPending(validator, account, arrival);
            }
        }
        if (departure.withdrawableEpoch != 0) {
            // Nobody has written to the shares since, so they have no checkpoint after `departure.epoch + 1`.
            holding.shares.set(departure.epoch, 0);
            holding.shares.set(uint256(departure.epoch) + 1, 0);
        }
        holding.registration = pool.registration;
        holding.maturedWei = uint96(maturedWei);
        for (uint256 i = 0; i < exits.length; ++i) holding.exits[i] = exits[i];
    }

    /// @dev Settles a holding without a pending redelegation.
    function _settleArrived(address validator, address account) internal returns (Holding storage holding) {
        holding = _settle(validator, account);
        if (holding.movedIndex != 0) _revertPending(validator, account, _arrivalOf(holding));
    }

    function _revertPending(address validator, address account, uint64 arrival) private pure {
        revert RedelegationPending(validator, account, arrival);
    }

    function _emitStakeChanged(address validator, address account, Holding storage holding) internal {
        uint64 next = nextEpoch();
        emit StakeChanged(validator, account, next, _heldAt(holding, next), _heldAt(holding, next + 1));
    }

    function _minus(uint224 packed, uint112 shares, bool isOwn) internal pure returns (uint224) {
        (uint112 own, uint112 total) = _unpack(packed);
        return _pack(isOwn ? own - shares : own, total - shares);
    }

    /// @dev Removes a delegation's shares from `epoch` + 2 on.
    /// @return movedWei Their value.
    /// @return index The index of `from`.
    function _takeForMove(
        address from,
        address account,
        uint256 amountWei,
        uint64 epoch
    ) private returns (uint256 movedWei, uint256 index) {
        (uint112 shares, ) = _sharesToTake(from, account, amountWei);
        Pool storage pool = _pools[from];
        Holding storage holding = _holdings[from][account];
        if (epoch < holding.redelegableEpoch) revert RedelegatedRecently(from, account, holding.redelegableEpoch);
        holding.shares.set(epoch + 2, holding.shares.latest() - shares);
        pool.shares.set(epoch + 2, _minus(pool.shares.latest(), shares, false));
        _emitStakeChanged(from, account, holding);
        index = _latestIndex(pool);
        movedWei = _worth(shares, index);
    }

    /// @dev Lets slashes of `from` reach `shares` of `to`, until `arrival`.
    function _addLeaving(address from, address to, uint64 arrival, uint256 shares, uint256 limit) private {
        Leaving storage leaving = _pools[from].leaving[arrival];
        uint256 destination = (uint256(_pools[to].registration) << 160) | uint160(to);
        uint256 before = leaving.shares[destination];
        if (before == 0) {
            if (leaving.destinations.length == limit) revert TooManyDestinations(from, limit);
            leaving.destinations.push(destination);
        }
        leaving.shares[destination] = before + shares;
    }

    /// @dev Slashes pending moves to other validators by the fraction that the index of their origin loses. Rounds the
    /// slashed amount down, so that the destinations' pools never hold less than the redelegators.
    function _slashLeaving(
        Leaving storage leaving,
        uint64 arrival,
        uint256 indexBefore,
        uint256 index
    ) private returns (uint256 slashedWei) {
        uint256 count = leaving.destinations.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 destination = leaving.destinations[i];
            uint256 shares = leaving.shares[destination];
            uint112 lost = uint112((shares * (indexBefore - index)) / indexBefore);
            leaving.shares[destination] = shares - lost;

            Pool storage pool = _pools[address(uint160(destination))];
            uint32 withdrawable = pool.departures[destination >> 160].withdrawableEpoch;
            if (withdrawable == 0) {
                uint224 latest = pool.shares.latest() - lost;
                pool.shares.set(arrival, pool.shares.at(arrival) - lost);
                pool.shares.set(addedCountsFrom(), latest);
            } else {
                pool.exiting[withdrawable] -= lost;
            }
            slashedWei += _worth(lost, _latestIndex(pool));
        }
    }
}
