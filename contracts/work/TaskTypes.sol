// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {LastingAdmin} from "../shared/LastingAdmin.sol";

/// @title TaskTypes
/// @notice The kinds of tasks: how difficult each is and the least that it costs, which no governor sets below the floor.
/// @dev Always: every type has 1 … 10,000 bps of difficulty and a `minFeeWei` of at least its floor
/// ⌈`volumeFeeWei` + `difficultyFeeWei` · difficultyBps / 10,000⌉. A task can't be submitted for less than ⌈`minFeeWei` / 2^h⌉
/// after h halvings, so never for less than ⌈floor / 2^h⌉: one ceiling after another is the ceiling of both.
abstract contract TaskTypes is ITaskRegistry, EpochClock, LastingAdmin {
    /// @inheritdoc ITaskRegistry
    bytes32 public constant TASK_GOVERNOR_ROLE = keccak256("TASK_GOVERNOR_ROLE");
    uint16 internal constant BPS = 10_000;
    /// @dev After so many halvings every uint128 above zero, rounded up, is 1 wei, and stays it.
    uint256 private constant MAX_HALVINGS = 128;

    /// @inheritdoc ITaskRegistry
    uint128 public immutable volumeFeeWei;
    /// @inheritdoc ITaskRegistry
    uint128 public immutable difficultyFeeWei;
    /// @inheritdoc ITaskRegistry
    uint64 public immutable halvingIntervalEpochs;

    TaskType[] private _taskTypes;

    /// @param parameters The rule of fees, the first types, and who governs them.
    constructor(TaskRegistryParameters memory parameters) {
        FeeRule memory rule = parameters.feeRule;
        if (rule.volumeFeeWei == 0 || rule.difficultyFeeWei == 0 || rule.halvingIntervalEpochs == 0) {
            revert InvalidFeeRule(rule.volumeFeeWei, rule.difficultyFeeWei, rule.halvingIntervalEpochs);
        }
        if (parameters.admin == address(0)) revert InvalidAddress("admin", address(0));
        if (parameters.taskGovernor == address(0)) revert InvalidAddress("taskGovernor", address(0));
        volumeFeeWei = rule.volumeFeeWei;
        difficultyFeeWei = rule.difficultyFeeWei;
        halvingIntervalEpochs = rule.halvingIntervalEpochs;
        _grantRole(DEFAULT_ADMIN_ROLE, parameters.admin);
        _grantRole(TASK_GOVERNOR_ROLE, parameters.taskGovernor);
        for (uint256 i = 0; i < parameters.taskTypes.length; ++i) _addTaskType(parameters.taskTypes[i]);
    }

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

    /// @inheritdoc ITaskRegistry
    function taskTypes() external view returns (TaskType[] memory) {
        return _taskTypes;
    }

    /// @inheritdoc ITaskRegistry
    function minimumFeeWei(uint32 typeId) external view returns (uint256) {
        return _minimumFeeWei(_typeOf(typeId));
    }

    /// @dev Reverts unless there is such a type.
    function _typeOf(uint32 typeId) internal view returns (TaskType memory) {
        if (typeId >= _taskTypes.length) revert UnknownTaskType(typeId);
        return _taskTypes[typeId];
    }

    /// @dev ⌈minFeeWei / 2^h⌉ after h halvings.
    function _minimumFeeWei(TaskType memory taskType) internal view returns (uint256) {
        uint256 halvings = _hasStarted() ? currentEpoch() / halvingIntervalEpochs : 0;
        return Math.ceilDiv(taskType.minFeeWei, 1 << Math.min(halvings, MAX_HALVINGS));
    }

    function _addTaskType(TaskType memory taskType) private returns (uint32 typeId) {
        _requireValid(taskType);
        typeId = uint32(_taskTypes.length);
        _taskTypes.push(taskType);
        emit TaskTypeSet(typeId, taskType.difficultyBps, taskType.minFeeWei, taskType.isOpen);
    }

    function _requireValid(TaskType memory taskType) private view {
        if (taskType.difficultyBps == 0 || taskType.difficultyBps > BPS) {
            revert DifficultyOutOfRange(taskType.difficultyBps, BPS);
        }
        uint256 floorWei = volumeFeeWei + Math.ceilDiv(uint256(difficultyFeeWei) * taskType.difficultyBps, BPS);
        if (taskType.minFeeWei < floorWei) revert MinimumFeeBelowFloor(taskType.minFeeWei, floorWei);
    }
}
