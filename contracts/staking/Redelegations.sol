// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochCheckpoints} from "./EpochCheckpoints.sol";
import {StakeLedger} from "./StakeLedger.sol";

/// @title Redelegations
/// @notice Moves stake from one validator to another, and slashes it for both while it still counts for the old one.
/// @dev Moved stake has shares of the new validator from the start. A slash of the old one takes its fraction of all
/// pending moves to each other validator, in one step; each holder's part is stored at the holder's next call
/// (`_settle`), and views already take it into account.
abstract contract Redelegations is StakeLedger {
    using EpochCheckpoints for EpochCheckpoints.Trace;

    uint256 internal constant BPS = 10_000;

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

    /// @dev Takes `fractionBps` of all shares that can be slashed. Rounds the index up, so it never reaches zero, and
    /// what is taken down.
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

    /// @dev Removes a delegation's shares from the epochs from `epoch` + 2.
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
