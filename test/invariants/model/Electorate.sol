// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RootBook} from "./RootBook.sol";

/// @notice Whose signatures settle an epoch: of the stake that was frozen when it was opened, else of the stake that is active in it.
abstract contract Electorate is RootBook {
    mapping(uint64 epoch => mapping(address validator => uint256)) private _frozenWei;
    mapping(uint64 epoch => uint256) private _frozenTotalWei;
    mapping(uint64 epoch => bool) private _isFrozen;

    /// @dev What Staking says right before `epoch` is opened.
    function _freezes(uint64 epoch, address[] memory validators, uint256[] memory stakesWei) internal {
        _rule(!_isFrozen[epoch], "an epoch is opened once");
        _isFrozen[epoch] = true;
        for (uint256 i = 0; i < validators.length; ++i) {
            _frozenWei[epoch][validators[i]] = stakesWei[i];
            _frozenTotalWei[epoch] += stakesWei[i];
        }
    }

    function _stakeFor(uint64 epoch, address validator) internal view returns (uint256) {
        if (_isFrozen[epoch]) return _frozenWei[epoch][validator];
        return staking.isActive(validator, epoch) ? staking.totalStakeAt(validator, epoch) : 0;
    }

    function _isQuorum(uint64 epoch, uint256 signedWei) internal view returns (bool) {
        return _isReachable(epoch) && signedWei * BPS >= _totalStake(epoch) * QUORUM_BPS;
    }

    /// @dev A pause delays the keeper's time, never brings it forward: without one is the least that always holds.
    function _maySettleAlone(uint64 epoch) internal view returns (bool) {
        return !_isReachable(epoch) || time >= _dueAt(epoch) + SOLO_AFTER_SECONDS;
    }

    function _dueAt(uint64 epoch) internal view returns (uint256) {
        return genesis + (uint256(epoch) + 1) * EPOCH_SECONDS + REVEAL_SECONDS;
    }

    function _isReachable(uint64 epoch) private view returns (bool) {
        uint256 totalWei = _totalStake(epoch);
        return totalWei != 0 && totalWei >= QUORUM_FLOOR_WEI;
    }

    function _totalStake(uint64 epoch) private view returns (uint256 totalWei) {
        if (_isFrozen[epoch]) return _frozenTotalWei[epoch];
        for (uint256 i = 0; i < PEOPLE; ++i) totalWei += _stakeFor(epoch, people[i]);
    }
}
