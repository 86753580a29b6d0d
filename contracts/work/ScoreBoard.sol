// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../shared/EpochClock.sol";
import {IScoreBoard} from "../interfaces/IScoreBoard.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";

/// @title ScoreBoard
/// @notice Takes validators' scores by commit and reveal, and has those slashed who stop revealing.
/// @dev Always:
/// - a commitment, once stored, never changes; it is revealed at most once, and only by what it is the hash of;
/// - only validators active in an epoch have a commitment for it, so `revealedCount` never exceeds the active set;
/// - no epoch of a validator is used by two reports.
/// It holds no tokens. Everything is written before Staking, the only contract called that changes anything, is called.
contract ScoreBoard is IScoreBoard, EpochClock {
    /// @inheritdoc IScoreBoard
    uint64 public constant MISSES_UNTIL_SLASH = 3;
    /// @inheritdoc IScoreBoard
    uint256 public constant MISSES_SLASH_BPS = 100; // = 1 %
    /// @inheritdoc IScoreBoard
    uint256 public constant ROW_BYTES = 6; // uint32 minerId, uint16 score

    /// @inheritdoc IScoreBoard
    IStaking public immutable staking;
    /// @inheritdoc IScoreBoard
    ITaskRegistry public immutable taskRegistry;

    mapping(uint64 epoch => mapping(address validator => Commit)) private _commits;
    /// @inheritdoc IScoreBoard
    mapping(uint64 epoch => uint256) public revealedCount;
    /// @inheritdoc IScoreBoard
    mapping(address validator => uint64) public firstUnreportedEpoch;

    /// @param clock The clock that all contracts of the deployment share.
    /// @param staking_ Has given this contract SLASHER_ROLE before anyone is reported.
    /// @param taskRegistry_ Knows the miners that are scored.
    constructor(ClockParameters memory clock, IStaking staking_, ITaskRegistry taskRegistry_) EpochClock(clock) {
        _requireSameClock(staking_);
        _requireSameClock(taskRegistry_);
        staking = staking_;
        taskRegistry = taskRegistry_;
    }

    /// @inheritdoc IScoreBoard
    function commitScores(bytes32 commitment) external {
        uint64 epoch = currentEpoch();
        if (commitment == 0) revert EmptyCommitment();
        address validator = staking.validatorOf(msg.sender);
        if (!staking.isActive(validator, epoch)) revert NotActiveValidator(msg.sender, epoch);
        Commit storage commit = _commits[epoch][validator];
        if (commit.commitment != 0) revert AlreadyCommitted(validator, epoch);

        uint32 minerCount = taskRegistry.minerCount();
        commit.commitment = commitment;
        commit.minerCount = minerCount;
        emit ScoresCommitted(epoch, validator, commitment, minerCount);
    }

    /// @inheritdoc IScoreBoard
    function revealScores(uint64 epoch, bytes calldata payload, bytes32 salt) external {
        _requireRevealWindow(epoch);
        if (payload.length % ROW_BYTES != 0) revert PayloadLengthNotRows(payload.length);
        // That it was active in the epoch was checked when it committed.
        address validator = staking.validatorOf(msg.sender);
        Commit storage commit = _commits[epoch][validator];
        bytes32 committed = commit.commitment;
        if (committed == 0) revert NothingCommitted(msg.sender, epoch);
        if (commit.isRevealed) revert AlreadyRevealed(validator, epoch);
        bytes32 revealed = commitmentOf(validator, epoch, payload, salt);
        if (revealed != committed) revert CommitmentMismatch(committed, revealed);

        commit.isRevealed = true;
        revealedCount[epoch] += 1;
        emit ScoresRevealed(epoch, validator, payload);
    }

    /// @inheritdoc IScoreBoard
    function reportMissedReveals(address validator, uint64 lastEpoch) external {
        _requireReportTime(lastEpoch);
        uint64 firstEpoch = lastEpoch - (MISSES_UNTIL_SLASH - 1);
        uint64 unreported = firstUnreportedEpoch[validator];
        if (firstEpoch < unreported) revert AlreadyReported(validator, unreported);
        for (uint64 epoch = firstEpoch; epoch <= lastEpoch; ++epoch) {
            if (hasRevealed(validator, epoch)) revert HasRevealed(validator, epoch);
            if (!staking.isActive(validator, epoch)) revert WasNotActive(validator, epoch);
        }

        firstUnreportedEpoch[validator] = lastEpoch + 1;
        bytes32 evidenceHash = keccak256(abi.encode(address(this), validator, lastEpoch));
        uint256 slashedWei = staking.slash(validator, MISSES_SLASH_BPS, evidenceHash);
        emit MissedRevealsReported(validator, lastEpoch, msg.sender, slashedWei);
    }

    /// @inheritdoc IScoreBoard
    function commitsOf(uint64 epoch, address[] calldata validators) external view returns (Commit[] memory commits) {
        commits = new Commit[](validators.length);
        for (uint256 i = 0; i < validators.length; ++i) commits[i] = _commits[epoch][validators[i]];
    }

    /// @inheritdoc IScoreBoard
    function revealedOf(uint64 epoch, address[] calldata validators) external view returns (bool[] memory revealed) {
        revealed = new bool[](validators.length);
        for (uint256 i = 0; i < validators.length; ++i) revealed[i] = hasRevealed(validators[i], epoch);
    }

    /// @inheritdoc IScoreBoard
    function missesInARow(address validator, uint64 lastEpoch) external view returns (uint64 misses) {
        uint64 unreported = firstUnreportedEpoch[validator];
        while (misses < MISSES_UNTIL_SLASH && misses <= lastEpoch) {
            uint64 epoch = lastEpoch - misses;
            if (epoch < unreported || hasRevealed(validator, epoch) || !staking.isActive(validator, epoch)) break;
            ++misses;
        }
    }

    /// @inheritdoc IScoreBoard
    function commitmentOf(
        address validator,
        uint64 epoch,
        bytes calldata payload,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), validator, epoch, keccak256(payload), salt));
    }

    /// @inheritdoc IScoreBoard
    function hasRevealed(address validator, uint64 epoch) public view returns (bool) {
        return _commits[epoch][validator].isRevealed;
    }

    /// @dev From the end of `epoch` until `revealEnd`.
    function _requireRevealWindow(uint64 epoch) private view {
        uint256 closesAt = revealEnd(epoch);
        if (block.timestamp >= closesAt) revert RevealTooLate(epoch, closesAt, block.timestamp);
        uint256 opensAt = closesAt - uint256(revealSlots) * slotSeconds;
        if (block.timestamp < opensAt) revert RevealTooEarly(epoch, opensAt, block.timestamp);
    }

    /// @dev From `revealEnd` until the start of `lastEpoch` + 3, when what left in `lastEpoch` can be withdrawn.
    function _requireReportTime(uint64 lastEpoch) private view {
        if (lastEpoch < MISSES_UNTIL_SLASH - 1) revert TooFewEpochs(lastEpoch);
        uint256 opensAt = revealEnd(lastEpoch);
        if (block.timestamp < opensAt) revert ReportTooEarly(lastEpoch, opensAt, block.timestamp);
        uint256 endsAt = epochStart(lastEpoch + 3);
        if (block.timestamp >= endsAt) revert ReportTooLate(lastEpoch, endsAt, block.timestamp);
    }
}
