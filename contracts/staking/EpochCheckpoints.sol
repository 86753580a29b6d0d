// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title EpochCheckpoints
/// @notice A value that changes at the start of epochs, with its whole history.
/// @dev Differs from OpenZeppelin's `Checkpoints` in two ways. The newest checkpoint has a slot of its own, so reading
/// a value that has not changed recently costs one storage access instead of two. And a value may be set for an epoch
/// even if one exists for the epoch right after it, because stake may leave (from the next epoch) after stake was added
/// (from the epoch after it).
///
/// Always holds: epochs strictly increase through `earlier` and then `newest`. Two neighbours may have the same value.
library EpochCheckpoints {
    using SafeCast for uint256;

    /// @dev `value` holds from the start of `epoch` until the next checkpoint. One slot.
    struct Checkpoint {
        uint32 epoch;
        uint224 value;
    }

    /// @dev A trace without checkpoints, and any trace before its first checkpoint, has the value 0.
    struct Trace {
        Checkpoint newest;
        Checkpoint[] earlier;
    }

    /// @notice The value after all known changes.
    function latest(Trace storage self) internal view returns (uint224) {
        return self.newest.value;
    }

    /// @notice The value in `epoch`, past, present or future.
    function at(Trace storage self, uint256 epoch) internal view returns (uint224) {
        Checkpoint storage newest = self.newest;
        return newest.epoch <= epoch ? newest.value : _earlierAt(self.earlier, epoch);
    }

    /// @notice Let `value` hold from `epoch` until the next checkpoint.
    /// @dev At most one checkpoint may be after `epoch`. Staking ensures that: when it writes an epoch, earlier writes
    /// reach at most the epoch after it.
    function set(Trace storage self, uint256 epoch, uint224 value) internal {
        Checkpoint memory newest = self.newest;
        if (epoch >= newest.epoch) {
            if (value == newest.value) return;
            bool isBlank = newest.epoch == 0 && newest.value == 0;
            if (epoch > newest.epoch && !isBlank) self.earlier.push(newest);
            self.newest = Checkpoint({epoch: epoch.toUint32(), value: value});
        } else {
            _insertBeforeNewest(self.earlier, epoch.toUint32(), value);
        }
    }

    function _insertBeforeNewest(Checkpoint[] storage earlier, uint32 epoch, uint224 value) private {
        uint256 length = earlier.length;
        if (length != 0 && earlier[length - 1].epoch == epoch) {
            earlier[length - 1].value = value;
        } else {
            earlier.push(Checkpoint({epoch: epoch, value: value}));
        }
    }

    /// @dev The value of the last checkpoint not after `epoch`. The last two are tried first: most readers ask for the
    /// running epoch, and only `newest` and one more checkpoint can be later than that.
    function _earlierAt(Checkpoint[] storage earlier, uint256 epoch) private view returns (uint224) {
        uint256 high = earlier.length;
        for (uint256 tries = 0; tries < 2; ++tries) {
            if (high == 0) return 0;
            Checkpoint storage last = earlier[high - 1];
            if (last.epoch <= epoch) return last.value;
            --high;
        }
        // All before `low` are at or before `epoch`, all from `high` on are after it.
        uint256 low = 0;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (earlier[middle].epoch <= epoch) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : earlier[low - 1].value;
    }
}
