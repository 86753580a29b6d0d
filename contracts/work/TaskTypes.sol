// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {LastingAdmin} from "../shared/LastingAdmin.sol";
import {WorkProof} from "./WorkProof.sol";

/// @title TaskTypes
/// @notice The task types: the difficulty of each, its minimum fee, which no governor can set below the floor, and its
/// rule for proofs, which no governor can change.
/// @dev Always: every type has 1 … 10,000 bps of difficulty and a `minFeeWei` of at least its floor ⌈`volumeFeeWei` +
/// `difficultyFeeWei` · difficultyBps / 10,000⌉. A task can't be submitted for less than ⌈`minFeeWei` / 2^h⌉ after h
/// halvings, so never for less than ⌈floor / 2^h⌉: rounding up twice gives the same as rounding up once. `needsProof`
/// says whether a type has a `ProofRule`, so that tasks of other types don't pay for reading one.
abstract contract TaskTypes is ITaskRegistry, EpochClock, LastingAdmin {
    /// @dev The fields of a type that submitting a task reads, in one slot.
    struct TaskTerms {
        uint16 difficultyBps;
        bool isOpen;
        bool needsProof;
        uint128 minFeeWei;
    }

    /// @dev The immutable additional fields of a type that requires proofs.
    struct ProofRule {
        address verifier;
        bytes32 modelHash;
    }

    /// @inheritdoc ITaskRegistry
    uint256 public constant MAX_PROOF_GAS = WorkProof.MAX_GAS;
    /// @inheritdoc ITaskRegistry
    bytes32 public constant TASK_GOVERNOR_ROLE = keccak256("TASK_GOVERNOR_ROLE");
    uint16 internal constant BPS = 10_000;
    /// @dev Halvings after which every uint128 above zero, rounded up, is 1 wei, and stays there.
    uint256 private constant MAX_HALVINGS = 128;

    /// @inheritdoc ITaskRegistry
    uint128 public immutable volumeFeeWei;
    /// @inheritdoc ITaskRegistry
    uint128 public immutable difficultyFeeWei;
    /// @inheritdoc ITaskRegistry
    uint64 public immutable halvingIntervalEpochs;

    TaskTerms[] private _terms;
    mapping(uint256 typeId => ProofRule) private _proofRules;

    /// @param parameters The fee rule, the first types, and who governs them.
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
        uint128 minFeeWei,
        address verifier,
        bytes32 modelHash
    ) external onlyRole(TASK_GOVERNOR_ROLE) returns (uint32 typeId) {
        return _addTaskType(TaskType(difficultyBps, true, minFeeWei, verifier, modelHash));
    }

    /// @inheritdoc ITaskRegistry
    function setTaskType(
        uint32 typeId,
        uint16 difficultyBps,
        uint128 minFeeWei,
        bool isOpen
    ) external onlyRole(TASK_GOVERNOR_ROLE) {
        bool needsProof = _termsOf(typeId).needsProof;
        ProofRule memory rule = _proofRules[typeId];
        _setTerms(typeId, needsProof, TaskType(difficultyBps, isOpen, minFeeWei, rule.verifier, rule.modelHash));
    }

    /// @inheritdoc ITaskRegistry
    function taskTypes() external view returns (TaskType[] memory all) {
        all = new TaskType[](_terms.length);
        for (uint256 i = 0; i < all.length; ++i) {
            TaskTerms memory terms = _terms[i];
            ProofRule memory rule = _proofRules[i];
            all[i] = TaskType(terms.difficultyBps, terms.isOpen, terms.minFeeWei, rule.verifier, rule.modelHash);
        }
    }

    /// @inheritdoc ITaskRegistry
    function minimumFeeWei(uint32 typeId) external view returns (uint256) {
        return _minimumFeeWei(_termsOf(typeId));
    }

    /// @dev Reverts if no type has this id.
    function _termsOf(uint32 typeId) internal view returns (TaskTerms memory) {
        if (typeId >= _terms.length) revert UnknownTaskType(typeId);
        return _terms[typeId];
    }

    function _proofRuleOf(uint32 typeId) internal view returns (ProofRule memory) {
        return _proofRules[typeId];
    }

    /// @dev ⌈minFeeWei / 2^h⌉ after h halvings.
    function _minimumFeeWei(TaskTerms memory terms) internal view returns (uint256) {
        uint256 halvings = _hasStarted() ? currentEpoch() / halvingIntervalEpochs : 0;
        return Math.ceilDiv(terms.minFeeWei, 1 << Math.min(halvings, MAX_HALVINGS));
    }

    function _addTaskType(TaskType memory taskType) private returns (uint32 typeId) {
        ProofRule memory rule = ProofRule(taskType.verifier, taskType.modelHash);
        bool needsProof = _isProofRule(rule);
        typeId = uint32(_terms.length);
        _terms.push();
        if (needsProof) _proofRules[typeId] = rule;
        _setTerms(typeId, needsProof, taskType);
    }

    /// @dev Reverts unless difficulty and fee are in range.
    function _setTerms(uint32 typeId, bool needsProof, TaskType memory set) private {
        if (set.difficultyBps == 0 || set.difficultyBps > BPS) revert DifficultyOutOfRange(set.difficultyBps, BPS);
        uint256 floorWei = volumeFeeWei + Math.ceilDiv(uint256(difficultyFeeWei) * set.difficultyBps, BPS);
        if (set.minFeeWei < floorWei) revert MinimumFeeBelowFloor(set.minFeeWei, floorWei);
        _terms[typeId] = TaskTerms(set.difficultyBps, set.isOpen, needsProof, set.minFeeWei);
        emit TaskTypeSet(typeId, set.difficultyBps, set.minFeeWei, set.isOpen, set.verifier, set.modelHash);
    }

    /// @dev Whether there is a rule (both fields are set) or none (neither is). Reverts if only one is set, or if the
    /// model hash is not below `FIELD_ORDER`.
    function _isProofRule(ProofRule memory rule) private pure returns (bool) {
        bool hasModel = rule.modelHash != 0;
        if ((rule.verifier != address(0)) != hasModel) revert IncompleteProofRule(rule.verifier, rule.modelHash);
        if (uint256(rule.modelHash) >= WorkProof.FIELD_ORDER) {
            revert ModelHashOutOfRange(rule.modelHash, WorkProof.FIELD_ORDER);
        }
        return hasModel;
    }
}
