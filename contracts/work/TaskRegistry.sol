// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {EpochWork} from "./EpochWork.sol";
import {MinerRegistry} from "./MinerRegistry.sol";
import {TaskTypes} from "./TaskTypes.sol";

/// @title TaskRegistry
/// @notice Keeps clients' fees in escrow until their task is completed or refunded, and counts what each epoch completed.
/// @dev Always:
/// - `openFeesWei` = Σ fees of open tasks <= balance of this contract;
/// - a task leaves `Open` once, and its fee leaves the contract in the same transaction: burned + recycled, or refunded.
/// Before a token moves, everything that the call changes here is written. MDT can't call back and reverts on failure: its
/// results need no check and no guard.
contract TaskRegistry is EpochWork, TaskTypes, Multicall {
    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_TASK_SECONDS = 30 days;

    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_INLINE_BYTES = 4096;

    /// @inheritdoc ITaskRegistry
    uint16 public immutable burnBps;

    /// @inheritdoc ITaskRegistry
    uint64 public taskCount;
    /// @inheritdoc ITaskRegistry
    uint128 public openFeesWei;
    mapping(uint256 taskId => Task) private _tasks;

    constructor(
        ClockParameters memory clock,
        TaskRegistryParameters memory parameters
    )
        EpochClock(clock)
        MinerRegistry(parameters.token, parameters.pool, parameters.staking, parameters.minerPrice)
        EpochWork(parameters.closingSlots)
        TaskTypes(parameters)
    {
        if (parameters.burnBps > BPS) revert BurnShareAboveMaximum(parameters.burnBps, BPS);
        burnBps = parameters.burnBps;
    }

    // ------------------------------------------------------------------------------------------------- miners

    /// @inheritdoc ITaskRegistry
    function completeTask(uint64 taskId, bytes32 resultHash, bytes calldata result) external {
        Task memory task = _openTask(taskId);
        Miner memory miner = minerOf(task.minerId);
        if (msg.sender != miner.account) revert NotTaskMiner(taskId, msg.sender, miner.account);
        uint64 epoch = currentEpoch();
        if (epoch < miner.activeFromEpoch) revert MinerNotActive(task.minerId, miner.activeFromEpoch, epoch);
        if (block.timestamp >= task.deadline) revert DeadlinePassed(taskId, task.deadline, block.timestamp);
        _requireHashed(resultHash, result);

        _close(taskId, task.feeWei, TaskStatus.Completed);
        uint64 countsFor = workEpoch();
        _countTask(countsFor, task.minerId, task.difficultyBps, task.feeWei);
        uint256 burnedWei = (uint256(task.feeWei) * burnBps) / BPS;
        uint256 recycledWei = task.feeWei - burnedWei;
        emit TaskCompleted(taskId, task.minerId, countsFor, resultHash, burnedWei, recycledWei, result);

        token.burn(burnedWei);
        pool.deposit(IRecyclingPool.Source.TaskFees, recycledWei);
    }

    // ------------------------------------------------------------------------------------------------ clients

    /// @inheritdoc ITaskRegistry
    function submitTask(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash,
        bytes calldata input
    ) public returns (uint64 taskId) {
        uint16 difficultyBps = _difficultyFor(typeId, feeWei);
        _requireReachable(minerId, deadline);
        _requireHashed(inputHash, input);

        taskId = ++taskCount;
        openFeesWei += feeWei;
        _tasks[taskId] = Task({
            client: msg.sender,
            deadline: deadline,
            minerId: minerId,
            feeWei: feeWei,
            typeId: typeId,
            difficultyBps: difficultyBps,
            status: TaskStatus.Open
        });
        emit TaskSubmitted(taskId, msg.sender, minerId, typeId, feeWei, difficultyBps, deadline, inputHash, input);

        token.transferFrom(msg.sender, address(this), feeWei);
    }

    /// @inheritdoc ITaskRegistry
    function submitTaskWithPermit(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash,
        bytes calldata input,
        uint256 permitDeadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint64 taskId) {
        // A permit that was used before it got here left the allowance it was for; without one the transfer fails.
        try token.permit(msg.sender, address(this), feeWei, permitDeadline, v, r, s) {} catch {}
        return submitTask(minerId, typeId, feeWei, deadline, inputHash, input);
    }

    /// @inheritdoc ITaskRegistry
    function refundTask(uint64 taskId) external {
        Task memory task = _openTask(taskId);
        if (block.timestamp < task.deadline) revert DeadlineNotReached(taskId, task.deadline, block.timestamp);

        _close(taskId, task.feeWei, TaskStatus.Refunded);
        emit TaskRefunded(taskId, task.client, task.feeWei);

        token.transfer(task.client, task.feeWei);
    }

    // -------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ITaskRegistry
    function taskOf(uint64 taskId) external view returns (Task memory) {
        return _tasks[taskId];
    }

    /// @inheritdoc ITaskRegistry
    function tasks(uint256 fromId, uint256 count) external view returns (Task[] memory page) {
        page = new Task[](_pageLength(fromId, count, taskCount));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _tasks[fromId + i];
    }

    // ------------------------------------------------------------------------------------------------- several

    /// @inheritdoc ITaskRegistry
    function multicall(
        bytes[] calldata data
    ) public override(ITaskRegistry, Multicall) returns (bytes[] memory results) {
        return super.multicall(data);
    }

    // ----------------------------------------------------------------------------------------------- internal

    function _close(uint64 taskId, uint128 feeWei, TaskStatus status) private {
        _tasks[taskId].status = status;
        openFeesWei -= feeWei;
    }

    function _openTask(uint64 taskId) private view returns (Task memory task) {
        task = _tasks[taskId];
        if (task.status == TaskStatus.None) revert UnknownTask(taskId);
        if (task.status != TaskStatus.Open) revert TaskNotOpen(taskId, task.status);
    }

    /// @dev The difficulty of a type. Reverts unless the type is open and the fee enough.
    function _difficultyFor(uint32 typeId, uint128 feeWei) private view returns (uint16) {
        TaskType memory taskType = _typeOf(typeId);
        if (!taskType.isOpen) revert TaskTypeClosed(typeId);
        uint256 minimumWei = _minimumFeeWei(taskType);
        if (feeWei < minimumWei) revert FeeBelowMinimum(typeId, feeWei, minimumWei);
        return taskType.difficultyBps;
    }

    /// @dev Reverts unless the deadline is ahead, not too far, and leaves the miner time in which it is active.
    function _requireReachable(uint32 minerId, uint64 deadline) private view {
        if (deadline <= block.timestamp) revert DeadlineNotInFuture(deadline, block.timestamp);
        uint256 latestDeadline = block.timestamp + MAX_TASK_SECONDS;
        if (deadline > latestDeadline) revert DeadlineTooFar(deadline, latestDeadline);
        Miner memory miner = minerOf(minerId);
        if (miner.account == address(0)) revert UnknownMiner(minerId);
        uint256 activeTimestamp = epochStart(miner.activeFromEpoch);
        if (deadline <= activeTimestamp) revert DeadlineBeforeMinerActive(minerId, activeTimestamp, deadline);
    }

    /// @dev Reverts unless there are no bytes, or few enough and with this hash.
    function _requireHashed(bytes32 stated, bytes calldata content) private pure {
        if (content.length == 0) return;
        if (content.length > MAX_INLINE_BYTES) revert InlineTooLong(content.length, MAX_INLINE_BYTES);
        bytes32 actual = keccak256(content);
        if (actual != stated) revert HashMismatch(stated, actual);
    }
}
