// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {MinerRegistry} from "./MinerRegistry.sol";

/// @title EpochWork
/// @notice What was completed for each epoch: by everybody, and by each miner.
/// @dev Always: what counts for an epoch grows only while it is the `workEpoch`; Σ over all miners of `completedTasks` =
/// `epochTasks.completed`, and of each miner `provenFeesWei` <= `feesWei`.
abstract contract EpochWork is MinerRegistry {
    /// @dev Both numbers in one slot.
    /// @param completed Tasks completed for the epoch.
    /// @param difficultySumBps Sum of their difficulties, in basis points.
    struct EpochTasks {
        uint64 completed;
        uint128 difficultySumBps;
    }

    /// @inheritdoc ITaskRegistry
    uint64 public immutable closingSlots;

    /// @inheritdoc ITaskRegistry
    mapping(uint64 epoch => EpochTasks) public epochTasks;
    /// @dev One slot a miner and epoch.
    mapping(uint64 epoch => mapping(uint256 minerId => MinerWork)) private _minerWork;

    /// @param closingSlots_ Slots at the end of an epoch in which work counts for the next one.
    constructor(uint64 closingSlots_) {
        if (closingSlots_ == 0 || closingSlots_ >= slotsPerEpoch) {
            revert ClosingSlotsOutOfRange(closingSlots_, slotsPerEpoch);
        }
        closingSlots = closingSlots_;
    }

    /// @inheritdoc ITaskRegistry
    function minerWork(uint64 epoch, uint256 fromId, uint256 count) external view returns (MinerWork[] memory page) {
        page = new MinerWork[](_pageLength(fromId, count, minerCount));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _minerWork[epoch][fromId + i];
    }

    /// @inheritdoc ITaskRegistry
    function workEpoch() public view returns (uint64) {
        uint64 epoch = currentEpoch();
        uint256 closing = epochStart(epoch + 1) - uint256(closingSlots) * slotSeconds;
        return block.timestamp < closing ? epoch : epoch + 1;
    }

    /// @dev Counts a completed task for `epoch`. The fee fits 112 bits: it was paid in a token of fewer than 2^96 wei.
    function _countTask(uint64 epoch, Task memory task) internal {
        EpochTasks storage everybody = epochTasks[epoch];
        everybody.completed += 1;
        everybody.difficultySumBps += task.difficultyBps;
        MinerWork storage work = _minerWork[epoch][task.minerId];
        work.completedTasks += 1;
        work.feesWei += uint112(task.feeWei);
        if (task.needsProof) work.provenFeesWei += uint112(task.feeWei);
    }
}
