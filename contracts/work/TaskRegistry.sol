// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {MinerRegistry} from "./MinerRegistry.sol";
import {TaskTypes} from "./TaskTypes.sol";
import {WorkProof} from "./WorkProof.sol";

/// @title TaskRegistry
/// @notice Keeps clients' fees in escrow until their task is completed or refunded, and counts what each epoch
/// completed.
/// @dev Always:
/// - `openFeesWei` = Σ fees of open tasks <= balance of this contract;
/// - a task leaves `Open` once, and its fee leaves the contract in the same transaction: burned + recycled, or
///   refunded;
/// - `inputHashOf` is other than 0 only for open tasks that need a proof.
/// Each call writes all its changes here before a token moves. MDT can't call back and reverts on failure, so results
/// need no check and calls no guard.
contract TaskRegistry is MinerRegistry, TaskTypes, Multicall {
    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_TASK_SECONDS = 30 days;

    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_INLINE_BYTES = 4096;

    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_PUBLIC_INPUTS = 132;

    /// @inheritdoc ITaskRegistry
    uint16 public immutable burnBps;

    /// @inheritdoc ITaskRegistry
    uint64 public taskCount;
    /// @inheritdoc ITaskRegistry
    uint128 public openFeesWei;
    mapping(uint256 taskId => Task) private _tasks;
    /// @inheritdoc ITaskRegistry
    mapping(uint64 taskId => bytes32) public inputHashOf;

    constructor(
        ClockParameters memory clock,
        TaskRegistryParameters memory parameters
    )
        EpochClock(clock)
        MinerRegistry(
            parameters.token,
            parameters.pool,
            parameters.staking,
            parameters.minerPrice,
            parameters.closingSlots
        )
        TaskTypes(parameters)
    {
        if (parameters.burnBps > BPS) revert BurnShareAboveMaximum(parameters.burnBps, BPS);
        burnBps = parameters.burnBps;
    }

    // ------------------------------------------------------------------------------------------------- miners

    /// @inheritdoc ITaskRegistry
    function completeTask(uint64 taskId, bytes32 resultHash, bytes calldata result) external {
        Task memory task = _completableTask(taskId);
        if (task.needsProof) revert ProofRequired(taskId, task.typeId);
        _requireHashed(resultHash, result);
        _complete(taskId, task, resultHash, result);
    }

    /// @inheritdoc ITaskRegistry
    function completeTaskWithProof(
        uint64 taskId,
        bytes calldata input,
        bytes calldata result,
        bytes calldata proof
    ) external {
        Task memory task = _completableTask(taskId);
        if (!task.needsProof) revert ProofNotAskedFor(taskId, task.typeId);
        _requireHash(inputHashOf[taskId], input);
        _requireProven(taskId, task, input, result, proof);
        _complete(taskId, task, keccak256(result), result);
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
        TaskTerms memory terms = _openTerms(typeId, feeWei);
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
            difficultyBps: terms.difficultyBps,
            status: TaskStatus.Open,
            needsProof: terms.needsProof
        });
        if (terms.needsProof) inputHashOf[taskId] = inputHash;
        emit TaskSubmitted(
            taskId,
            msg.sender,
            minerId,
            typeId,
            feeWei,
            terms.difficultyBps,
            deadline,
            inputHash,
            input
        );

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
        // A permit that someone has already submitted left its allowance; without an allowance the transfer fails.
        try token.permit(msg.sender, address(this), feeWei, permitDeadline, v, r, s) {} catch {}
        return submitTask(minerId, typeId, feeWei, deadline, inputHash, input);
    }

    /// @inheritdoc ITaskRegistry
    function refundTask(uint64 taskId) external {
        Task memory task = _openTask(taskId);
        if (block.timestamp < task.deadline) revert DeadlineNotReached(taskId, task.deadline, block.timestamp);

        _close(taskId, task, TaskStatus.Refunded);
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

    /// @dev Accepts the miner's result: the fee is burned and recycled, and the task counts.
    function _complete(uint64 taskId, Task memory task, bytes32 resultHash, bytes calldata result) private {
        _close(taskId, task, TaskStatus.Completed);
        uint64 countsFor = workEpoch();
        _countTask(countsFor, task);
        uint256 burnedWei = (uint256(task.feeWei) * burnBps) / BPS;
        uint256 recycledWei = task.feeWei - burnedWei;
        emit TaskCompleted(taskId, task.minerId, countsFor, resultHash, burnedWei, recycledWei, result);

        token.burn(burnedWei);
        pool.deposit(IRecyclingPool.Source.TaskFees, recycledWei);
    }

    function _close(uint64 taskId, Task memory task, TaskStatus status) private {
        _tasks[taskId].status = status;
        openFeesWei -= task.feeWei;
        if (task.needsProof) delete inputHashOf[taskId];
    }

    function _openTask(uint64 taskId) private view returns (Task memory task) {
        task = _tasks[taskId];
        if (task.status == TaskStatus.None) revert UnknownTask(taskId);
        if (task.status != TaskStatus.Open) revert TaskNotOpen(taskId, task.status);
    }

    /// @dev Reverts unless the task is open before its deadline, and the caller is its miner and active.
    function _completableTask(uint64 taskId) private view returns (Task memory task) {
        task = _openTask(taskId);
        Miner memory miner = minerOf(task.minerId);
        if (msg.sender != miner.account) revert NotTaskMiner(taskId, msg.sender, miner.account);
        uint64 epoch = currentEpoch();
        if (epoch < miner.activeFromEpoch) revert MinerNotActive(task.minerId, miner.activeFromEpoch, epoch);
        if (block.timestamp >= task.deadline) revert DeadlinePassed(taskId, task.deadline, block.timestamp);
    }

    /// @dev Reverts unless the verifier of the task's type accepts the proof.
    function _requireProven(
        uint64 taskId,
        Task memory task,
        bytes calldata input,
        bytes calldata result,
        bytes calldata proof
    ) private view {
        uint256 count = WorkProof.publicInputCount(input, result);
        if (count > MAX_PUBLIC_INPUTS) revert TooManyPublicInputs(count, MAX_PUBLIC_INPUTS);
        ProofRule memory rule = _proofRuleOf(task.typeId);
        bytes32 binding = WorkProof.bindingOf(taskId, task.minerId);
        bytes32[] memory values = WorkProof.publicInputs(rule.modelHash, input, result, binding);
        if (!WorkProof.isAccepted(rule.verifier, proof, values)) revert ProofRefused(taskId);
    }

    /// @dev The terms for a new task of this type. Reverts unless the type is open and the fee high enough.
    function _openTerms(uint32 typeId, uint128 feeWei) private view returns (TaskTerms memory terms) {
        terms = _termsOf(typeId);
        if (!terms.isOpen) revert TaskTypeClosed(typeId);
        uint256 minimumWei = _minimumFeeWei(terms);
        if (feeWei < minimumWei) revert FeeBelowMinimum(typeId, feeWei, minimumWei);
    }

    /// @dev Reverts unless the deadline is ahead, not too far, and after the start of the miner's first active epoch.
    function _requireReachable(uint32 minerId, uint64 deadline) private view {
        if (deadline <= block.timestamp) revert DeadlineNotInFuture(deadline, block.timestamp);
        uint256 latestDeadline = block.timestamp + MAX_TASK_SECONDS;
        if (deadline > latestDeadline) revert DeadlineTooFar(deadline, latestDeadline);
        Miner memory miner = minerOf(minerId);
        if (miner.account == address(0)) revert UnknownMiner(minerId);
        uint256 activeTimestamp = epochStart(miner.activeFromEpoch);
        if (deadline <= activeTimestamp) revert DeadlineBeforeMinerActive(minerId, activeTimestamp, deadline);
    }

    /// @dev Reverts unless there are no bytes, or at most `MAX_INLINE_BYTES` with this hash.
    function _requireHashed(bytes32 stated, bytes calldata content) private pure {
        if (content.length == 0) return;
        if (content.length > MAX_INLINE_BYTES) revert InlineTooLong(content.length, MAX_INLINE_BYTES);
        _requireHash(stated, content);
    }

    function _requireHash(bytes32 stated, bytes calldata content) private pure {
        bytes32 actual = keccak256(content);
        if (actual != stated) revert HashMismatch(stated, actual);
    }
}
