// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IStaking} from "./IStaking.sol";
import {ITaskRegistry} from "./ITaskRegistry.sol";

/// @title ScoreBoard: validators' scores of miners' work
/// @notice Scores for epoch e are committed as a hash during e and revealed in the first `revealSlots` slots of e + 1.
/// Nobody can copy another's scores, because nobody can read them before the commit ends; and nobody can change
/// committed scores.
///
/// *Who.* Each active validator, once per epoch, through its owner or its operator. The operator may change between
/// commit and reveal. A validator that was active in e may reveal for e, even if it has been jailed or has left since.
///
/// *Payload.* Packed rows of six bytes, (uint32 minerId, uint16 score), big endian, ids strictly increasing; scores are
/// absolute, 0 … 65,535. This contract checks only the length: a multiple of six, and no more rows than there were
/// miners at the commit, so that reading a reveal is cheap. A payload of another length can't be revealed. A payload
/// that is otherwise malformed, or names a miner that registered after the commit, counts as a reveal without scores. A
/// missing score is neutral, neither good nor bad, and costs the validator its share of the pay for that miner's tasks.
///
/// *Salts.* A salt makes a commitment impossible to guess. The salts revealed for an epoch, combined (`revealedSalts`),
/// are also a value that nobody chose alone: `IBlockRewards` draws leaders with them.
///
/// *Misses.* A validator that was active in an epoch and did not reveal has missed it. Anyone may report three misses
/// within eight consecutive epochs: the validator loses 1 % of its stake, and is not active while in jail. The chain
/// itself is the proof. Committing without revealing is a miss too: otherwise a validator could commit and then decide
/// depending on others' reveals. Why three of eight, and 1 %: an outage of two days costs only two epochs' rewards,
/// while a seat that is idle or reveals only now and then keeps losing stake. A validator that misses at most two of
/// any eight consecutive epochs is not slashed.
///
/// A report uses up three misses, and a miss can be used in only one report: nobody is slashed twice for the same
/// misses, and a friendly report, meant to use up misses, costs the validator 1 % for every three of them.
interface IScoreBoard is IEpochClock {
    /// @notice A validator's commitment for an epoch; all zero if there is none.
    /// @param commitment The hash, see `commitmentOf`.
    /// @param minerCount The number of miners at the commit: miners with higher ids registered later.
    /// @param isRevealed Whether the scores were revealed.
    struct Commit {
        bytes32 commitment;
        uint32 minerCount;
        bool isRevealed;
    }

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice `validator` committed to its scores for `epoch`; there were `minerCount` miners.
    event ScoresCommitted(uint64 indexed epoch, address indexed validator, bytes32 commitment, uint32 minerCount);
    /// @notice `validator` revealed its scores for `epoch`.
    event ScoresRevealed(uint64 indexed epoch, address indexed validator, bytes payload);
    /// @notice `reporter` reported that `validator` was active in the three `epochs` and revealed in none of them.
    event MissedRevealsReported(
        address indexed validator,
        uint64[3] epochs,
        address indexed reporter,
        uint256 slashedWei
    );

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice `account` is neither owner nor operator of a validator that is active in `epoch`.
    error NotActiveValidator(address account, uint64 epoch);
    /// @notice The commitment is zero, which means none.
    error EmptyCommitment();
    /// @notice `validator` has already committed for `epoch`.
    error AlreadyCommitted(address validator, uint64 epoch);
    /// @notice The reveal window of `epoch` opens at `opensAt` (unix seconds).
    error RevealTooEarly(uint64 epoch, uint256 opensAt, uint256 timestamp);
    /// @notice The reveal window of `epoch` closed at `closedAt` (unix seconds).
    error RevealTooLate(uint64 epoch, uint256 closedAt, uint256 timestamp);
    /// @notice The payload's length is not a multiple of six bytes.
    error PayloadLengthNotRows(uint256 length);
    /// @notice The payload has more than one row per miner that existed at the commit: more than `maximum` bytes.
    error PayloadTooLong(uint256 length, uint256 maximum);
    /// @notice `account` is neither owner nor operator of a validator that has committed for `epoch`.
    error NothingCommitted(address account, uint64 epoch);
    /// @notice `validator` has already revealed for `epoch`.
    error AlreadyRevealed(address validator, uint64 epoch);
    /// @notice The hash of payload and salt is not the committed one.
    error CommitmentMismatch(bytes32 committed, bytes32 revealed);
    /// @notice The epochs of a report must be three different ones, the earliest first.
    error EpochsNotAscending(uint64[3] epochs);
    /// @notice The epochs of a report must be within eight consecutive epochs.
    error EpochsTooFarApart(uint64 firstEpoch, uint64 lastEpoch);
    /// @notice The reveal window of `lastEpoch` is still open, until `closesAt` (unix seconds).
    error ReportTooEarly(uint64 lastEpoch, uint256 closesAt, uint256 timestamp);
    /// @notice The time to report `lastEpoch` ended at `endedAt` (unix seconds).
    error ReportTooLate(uint64 lastEpoch, uint256 endedAt, uint256 timestamp);
    /// @notice An earlier report has used `epoch`.
    error AlreadyReported(address validator, uint64 epoch);
    /// @notice `validator` was not active in `epoch`.
    error WasNotActive(address validator, uint64 epoch);
    /// @notice `validator` has revealed for `epoch`.
    error HasRevealed(address validator, uint64 epoch);

    // ------------------------------------------------------------------------------------------------------ actions

    /// @notice Commit to scores for the current epoch.
    /// @dev Who: owner or operator of a validator that is active in this epoch. Requirements: it has not committed for
    /// this epoch yet.
    /// Effects: stores the commitment; emits `ScoresCommitted`.
    /// Errors: `BeforeGenesis`, `EmptyCommitment`, `NotActiveValidator`, `AlreadyCommitted`.
    /// @param commitment `commitmentOf(validator, epoch, payload, salt)`, computed locally: calling a node for it would
    /// reveal the scores to the node. The salt must be 32 random bytes, because scores can be guessed.
    function commitScores(bytes32 commitment) external;

    /// @notice Reveal the scores committed for `epoch`.
    /// @dev Who: owner or operator of the validator that committed. Requirements: start of `epoch` + 1 ≤ now <
    /// `revealEnd(epoch)`; not revealed yet; the length is a multiple of six and at most six times the miners at the
    /// commit; the hash matches. An empty payload scores no miner.
    /// Effects: stores that it was revealed; mixes the salt into `revealedSalts`; emits `ScoresRevealed` with the
    /// payload.
    /// Errors: `RevealTooEarly`, `RevealTooLate`, `PayloadLengthNotRows`, `NothingCommitted`, `AlreadyRevealed`,
    /// `PayloadTooLong`, `CommitmentMismatch`.
    function revealScores(uint64 epoch, bytes calldata payload, bytes32 salt) external;

    /// @notice Report that `validator` was active in each of three epochs within eight consecutive ones, and revealed
    /// in none of them.
    /// @dev Who: anyone. Requirements: the epochs ascend, the last at most seven after the first; `revealEnd(last)` ≤
    /// now < start of last + Staking's `exitDelayEpochs`; no earlier report has used one of them. Up to that time,
    /// stake that left in the last epoch is still slashable, so unstaking does not evade the slash, and later
    /// delegators don't pay for an old fault. Effects: the three epochs are used; slashes the validator by 1 %, with
    /// evidence hash keccak256(abi.encode(this contract, validator, epochs)), and so jails it; emits
    /// `MissedRevealsReported`. Errors: `EpochsNotAscending`, `EpochsTooFarApart`, `ReportTooEarly`, `ReportTooLate`,
    /// `AlreadyReported`, `HasRevealed`, `WasNotActive`, those of `IStaking.slash` (if the cap of this epoch is used
    /// up, report again in the next).
    ///
    /// Reports are unpaid. A reward from the slashed stake would go to the validator itself, which would report itself
    /// first, and to holders of SLASHER_ROLE, who must not profit from slashes. A report costs one transaction, which
    /// any validator's node can afford.
    /// @param epochs The three epochs, the earliest first: `openMisses` finds them.
    function reportMissedReveals(address validator, uint64[3] calldata epochs) external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice Number of missed epochs for which a validator is slashed: 3.
    function MISSES_UNTIL_SLASH() external view returns (uint256);

    /// @notice Consecutive epochs within which these misses count: 8.
    function MISSES_WINDOW_EPOCHS() external view returns (uint64);

    /// @notice The slash: 100 basis points = 1 %.
    function MISSES_SLASH_BPS() external view returns (uint256);

    /// @notice Bytes per row of a payload: 6.
    function ROW_BYTES() external view returns (uint256);

    /// @notice The contract that knows the active validators, and slashes.
    function staking() external view returns (IStaking);

    /// @notice The contract that knows the number of miners.
    function taskRegistry() external view returns (ITaskRegistry);

    /// @notice The commitment: keccak256(abi.encode(chain id, this contract, validator, epoch, keccak256(payload),
    /// salt)). It binds chain, contract, validator and epoch, so no commitment can be replayed elsewhere or copied by
    /// another validator.
    function commitmentOf(
        address validator,
        uint64 epoch,
        bytes calldata payload,
        bytes32 salt
    ) external view returns (bytes32);

    /// @notice The commitment of each of `validators` for `epoch`, in their order.
    function commitsOf(uint64 epoch, address[] calldata validators) external view returns (Commit[] memory);

    /// @notice Whether `validator` has revealed for `epoch`. Final at `revealEnd(epoch)`.
    function hasRevealed(address validator, uint64 epoch) external view returns (bool);

    /// @notice `hasRevealed` of each of `validators`, in their order.
    function revealedOf(uint64 epoch, address[] calldata validators) external view returns (bool[] memory);

    /// @notice All salts revealed for `epoch`, combined by exclusive or. Final at `revealEnd(epoch)`.
    function revealedSalts(uint64 epoch) external view returns (bytes32);

    /// @notice The misses of `validator` in the eight epochs up to `lastEpoch` that no report has used, the earliest
    /// first. Any three of them can be reported while the time for reports lasts. An epoch with an open reveal window
    /// is included until its scores are revealed, as a warning before it becomes a miss.
    function openMisses(address validator, uint64 lastEpoch) external view returns (uint64[] memory);
}
