// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IScoreBoard} from "../interfaces/IScoreBoard.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";

/// @title ScoreBoard
/// @notice Takes validators' scores by commit and reveal, and has Staking slash validators that stop revealing.
/// @dev Always:
/// - a commitment, once stored, never changes; it is revealed at most once, and only with the data that it is the hash
///   of;
/// - only validators active in an epoch have a commitment for it;
/// - no epoch of a validator is used by two reports, and a report uses three.
/// It holds no tokens. It writes everything before it calls `IStaking.slash`, its only call that changes another
/// contract.
contract ScoreBoard is IScoreBoard, EpochClock {
    using BitMaps for BitMaps.BitMap;

    /// @inheritdoc IScoreBoard
    uint256 public constant MISSES_UNTIL_SLASH = 3;
    /// @inheritdoc IScoreBoard
    uint64 public constant MISSES_WINDOW_EPOCHS = 8;
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
    mapping(uint64 epoch => bytes32) public revealedSalts;
    /// @dev A bit for each epoch that a report has used.
    mapping(address validator => BitMaps.BitMap) private _reportedEpochs;

    /// @param clock The clock that all contracts of the deployment share.
    /// @param staking_ The deployment's Staking; it must grant this contract SLASHER_ROLE before anyone is reported.
    /// @param taskRegistry_ The registry of the miners that are scored.
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
        // The commit already checked that the validator was active in the epoch.
        address validator = staking.validatorOf(msg.sender);
        Commit storage commit = _commits[epoch][validator];
        bytes32 committed = commit.commitment;
        if (committed == 0) revert NothingCommitted(msg.sender, epoch);
        if (commit.isRevealed) revert AlreadyRevealed(validator, epoch);
        uint256 maximumLength = ROW_BYTES * commit.minerCount;
        if (payload.length > maximumLength) revert PayloadTooLong(payload.length, maximumLength);
        bytes32 revealed = commitmentOf(validator, epoch, payload, salt);
        if (revealed != committed) revert CommitmentMismatch(committed, revealed);

        commit.isRevealed = true;
        revealedSalts[epoch] ^= salt;
        emit ScoresRevealed(epoch, validator, payload);
    }

    /// @inheritdoc IScoreBoard
    function reportMissedReveals(address validator, uint64[3] calldata epochs) external {
        _requireWithinWindow(epochs);
        _requireReportTime(epochs[2]);
        BitMaps.BitMap storage reported = _reportedEpochs[validator];
        for (uint256 i = 0; i < MISSES_UNTIL_SLASH; ++i) {
            uint64 epoch = epochs[i];
            if (reported.get(epoch)) revert AlreadyReported(validator, epoch);
            if (hasRevealed(validator, epoch)) revert HasRevealed(validator, epoch);
            if (!staking.isActive(validator, epoch)) revert WasNotActive(validator, epoch);
            reported.set(epoch);
        }

        bytes32 evidenceHash = keccak256(abi.encode(address(this), validator, epochs));
        uint256 slashedWei = staking.slash(validator, MISSES_SLASH_BPS, evidenceHash);
        emit MissedRevealsReported(validator, epochs, msg.sender, slashedWei);
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
    function openMisses(address validator, uint64 lastEpoch) external view returns (uint64[] memory misses) {
        uint64[] memory found = new uint64[](MISSES_WINDOW_EPOCHS);
        uint256 count = 0;
        for (uint64 back = MISSES_WINDOW_EPOCHS; back > 0; --back) {
            if (back - 1 > lastEpoch) continue;
            uint64 epoch = lastEpoch - (back - 1);
            if (hasRevealed(validator, epoch) || _reportedEpochs[validator].get(epoch)) continue;
            if (staking.isActive(validator, epoch)) found[count++] = epoch;
        }
        misses = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) misses[i] = found[i];
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

    /// @dev Reverts unless the reveal window is open: from the end of `epoch` until `revealEnd`.
    function _requireRevealWindow(uint64 epoch) private view {
        uint256 closesAt = revealEnd(epoch);
        if (block.timestamp >= closesAt) revert RevealTooLate(epoch, closesAt, block.timestamp);
        uint256 opensAt = closesAt - uint256(revealSlots) * slotSeconds;
        if (block.timestamp < opensAt) revert RevealTooEarly(epoch, opensAt, block.timestamp);
    }

    /// @dev Reverts unless the epochs ascend, within eight consecutive ones.
    function _requireWithinWindow(uint64[3] calldata epochs) private pure {
        if (epochs[0] >= epochs[1] || epochs[1] >= epochs[2]) revert EpochsNotAscending(epochs);
        if (epochs[2] - epochs[0] >= MISSES_WINDOW_EPOCHS) revert EpochsTooFarApart(epochs[0], epochs[2]);
    }

    /// @dev Reverts unless it is time to report: from `revealEnd`, when all three epochs are final, while stake that
    /// left in `lastEpoch` can be slashed.
    function _requireReportTime(uint64 lastEpoch) private view {
        uint256 opensAt = revealEnd(lastEpoch);
        if (block.timestamp < opensAt) revert ReportTooEarly(lastEpoch, opensAt, block.timestamp);
        uint256 endsAt = epochStart(lastEpoch + staking.exitDelayEpochs());
        if (block.timestamp >= endsAt) revert ReportTooLate(lastEpoch, endsAt, block.timestamp);
    }
}
