// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {EpochWork} from "./EpochWork.sol";
import {MinerRegistry} from "./MinerRegistry.sol";

/// @title TaskRegistry
/// @notice Keeps clients' fees in escrow until their task is completed or refunded, and counts what each epoch completed.
/// @dev Always:
/// - `openFeesWei` = Σ fees of open tasks <= balance of this contract;
/// - a task leaves `Open` once, and its fee leaves the contract in the same transaction: burned + recycled, or refunded.
/// Before a token moves, everything that the call changes here is written. MDT can't call back and reverts on failure: its
/// results need no check and no guard.
contract TaskRegistry is EpochWork, AccessControlEnumerable {
    /// @inheritdoc ITaskRegistry
    bytes32 public constant TASK_GOVERNOR_ROLE = keccak256("TASK_GOVERNOR_ROLE");
    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_TASK_SECONDS = 30 days;
    uint16 private constant BPS = 10_000;

    /// @inheritdoc ITaskRegistry
    uint16 public immutable burnBps;

    /// @inheritdoc ITaskRegistry
    uint64 public taskCount;
    /// @inheritdoc ITaskRegistry
    uint128 public openFeesWei;
    TaskType[] private _taskTypes;
    mapping(uint256 taskId => Task) private _tasks;

    constructor(
        ClockParameters memory clock,
        TaskRegistryParameters memory parameters
    )
        EpochClock(clock)
        MinerRegistry(parameters.token, parameters.pool, parameters.minerPrice)
        EpochWork(parameters.closingSlots)
    {
        if (parameters.burnBps > BPS) revert BurnShareAboveMaximum(parameters.burnBps, BPS);
        if (parameters.admin == address(0)) revert InvalidAddress("admin", address(0));
        if (parameters.taskGovernor == address(0)) revert InvalidAddress("taskGovernor", address(0));
        burnBps = parameters.burnBps;
        _grantRole(DEFAULT_ADMIN_ROLE, parameters.admin);
        _grantRole(TASK_GOVERNOR_ROLE, parameters.taskGovernor);
        for (uint256 i = 0; i < parameters.taskTypes.length; ++i) _addTaskType(parameters.taskTypes[i]);
    }

    // ------------------------------------------------------------------------------------------------- miners

    /// @inheritdoc ITaskRegistry
    function completeTask(uint64 taskId, bytes32 resultHash) external {
        Task memory task = _openTask(taskId);
        Miner memory miner = minerOf(task.minerId);
        if (msg.sender != miner.account) revert NotTaskMiner(taskId, msg.sender, miner.account);
        uint64 epoch = currentEpoch();
        if (epoch < miner.activeFromEpoch) revert MinerNotActive(task.minerId, miner.activeFromEpoch, epoch);
        if (block.timestamp >= task.deadline) revert DeadlinePassed(taskId, task.deadline, block.timestamp);

        _close(taskId, task.feeWei, TaskStatus.Completed);
        uint64 countsFor = workEpoch();
        _countTask(countsFor, task.minerId, task.difficultyBps, task.feeWei);
        uint256 burnedWei = (uint256(task.feeWei) * burnBps) / BPS;
        uint256 recycledWei = task.feeWei - burnedWei;
        emit TaskCompleted(taskId, task.minerId, countsFor, resultHash, burnedWei, recycledWei);

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
        bytes32 inputHash
    ) external returns (uint64 taskId) {
        return _submit(minerId, typeId, feeWei, deadline, inputHash);
    }

    /// @inheritdoc ITaskRegistry
    function submitTaskWithPermit(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash,
        uint256 permitDeadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint64 taskId) {
        // A permit that was used before it got here left the allowance it was for; without one the transfer fails.
        try token.permit(msg.sender, address(this), feeWei, permitDeadline, v, r, s) {} catch {}
        return _submit(minerId, typeId, feeWei, deadline, inputHash);
    }

    /// @inheritdoc ITaskRegistry
    function refundTask(uint64 taskId) external {
        Task memory task = _openTask(taskId);
        if (block.timestamp < task.deadline) revert DeadlineNotReached(taskId, task.deadline, block.timestamp);

        _close(taskId, task.feeWei, TaskStatus.Refunded);
        emit TaskRefunded(taskId, task.client, task.feeWei);

        token.transfer(task.client, task.feeWei);
    }

    // --------------------------------------------------------------------------------------------- governance

    /// @inheritdoc ITaskRegistry
    function addTaskType(
        uint16 difficultyBps,
        uint128 minFeeWei
    ) external onlyRole(TASK_GOVERNOR_ROLE) returns (uint32 typeId) {
        return _addTaskType(TaskType({difficultyBps: difficultyBps, isOpen: true, minFeeWei: minFeeWei}));
    }

    /// @inheritdoc ITaskRegistry
    function setTaskType(
        uint32 typeId,
        uint16 difficultyBps,
        uint128 minFeeWei,
        bool isOpen
    ) external onlyRole(TASK_GOVERNOR_ROLE) {
        if (typeId >= _taskTypes.length) revert UnknownTaskType(typeId);
        TaskType memory taskType = TaskType({difficultyBps: difficultyBps, isOpen: isOpen, minFeeWei: minFeeWei});
        _requireValid(taskType);
        _taskTypes[typeId] = taskType;
        emit TaskTypeSet(typeId, difficultyBps, minFeeWei, isOpen);
    }

    // -------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ITaskRegistry
    function taskTypes() external view returns (TaskType[] memory) {
        return _taskTypes;
    }

    /// @inheritdoc ITaskRegistry
    function taskOf(uint64 taskId) external view returns (Task memory) {
        return _tasks[taskId];
    }

    /// @inheritdoc ITaskRegistry
    function tasks(uint256 fromId, uint256 count) external view returns (Task[] memory page) {
        page = new Task[](_pageLength(fromId, count, taskCount));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _tasks[fromId + i];
    }

    // ----------------------------------------------------------------------------------------------- internal

    function _addTaskType(TaskType memory taskType) private returns (uint32 typeId) {
        _requireValid(taskType);
        typeId = uint32(_taskTypes.length);
        _taskTypes.push(taskType);
        emit TaskTypeSet(typeId, taskType.difficultyBps, taskType.minFeeWei, taskType.isOpen);
    }

    function _submit(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash
    ) private returns (uint64 taskId) {
        if (typeId >= _taskTypes.length) revert UnknownTaskType(typeId);
        TaskType memory taskType = _taskTypes[typeId];
        if (!taskType.isOpen) revert TaskTypeClosed(typeId);
        if (feeWei < taskType.minFeeWei) revert FeeBelowMinimum(typeId, feeWei, taskType.minFeeWei);
        _requireReachable(minerId, deadline);

        taskId = ++taskCount;
        openFeesWei += feeWei;
        _tasks[taskId] = Task({
            client: msg.sender,
            deadline: deadline,
            minerId: minerId,
            feeWei: feeWei,
            typeId: typeId,
            difficultyBps: taskType.difficultyBps,
            status: TaskStatus.Open
        });
        emit TaskSubmitted(taskId, msg.sender, minerId, typeId, feeWei, taskType.difficultyBps, deadline, inputHash);

        token.transferFrom(msg.sender, address(this), feeWei);
    }

    function _close(uint64 taskId, uint128 feeWei, TaskStatus status) private {
        _tasks[taskId].status = status;
        openFeesWei -= feeWei;
    }

    function _openTask(uint64 taskId) private view returns (Task memory task) {
        task = _tasks[taskId];
        if (task.status == TaskStatus.None) revert UnknownTask(taskId);
        if (task.status != TaskStatus.Open) revert TaskNotOpen(taskId, task.status);
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

    function _requireValid(TaskType memory taskType) private pure {
        if (taskType.difficultyBps > BPS) revert DifficultyAboveMaximum(taskType.difficultyBps, BPS);
        if (taskType.minFeeWei == 0) revert ZeroMinimumFee();
    }
}
