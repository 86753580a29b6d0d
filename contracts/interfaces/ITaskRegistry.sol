// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IModernTensorToken} from "./IModernTensorToken.sol";
import {IRecyclingPool} from "./IRecyclingPool.sol";
import {IStaking} from "./IStaking.sol";
import {RegistrationPrice} from "../shared/RegistrationPrice.sol";

/// @title TaskRegistry: miners, tasks and the fees clients pay for them
/// @notice A client names a miner, pays a fee into escrow and states a deadline. The miner submits the result before the
/// deadline, or the client gets the fee back. On completion a part of the fee (`burnBps`) is burned and the rest recycled:
/// miners live from emission, not from fees, so a fee paid to oneself is a fee lost.
///
/// What an epoch pays for is counted here: how many tasks were completed, how difficult they were, and by which miner for which
/// fees. Work closes before scoring does: a task completed in the last `closingSlots` slots of epoch e counts for e + 1, so that
/// validators, who commit to scores before e ends, have seen all that they judge. Counts are keyed by the epoch and final
/// `closingSlots` before its end: any later block gives the same answer.
///
/// *Miners.* Registering costs a price with a target rate: it rises by a quarter per registration and falls by a fifth per
/// interval (`RegistrationPrice`). One registration per interval keeps it where it is, miners that come less often find it near
/// its floor, many at once are dear, and whoever waits pays the ordinary price. It is recycled. A miner registered in epoch e
/// may complete tasks from e + 1 on (before genesis: from epoch 0), so that nobody can enter an epoch after seeing how it
/// goes. Ids are 1, 2, 3 … and never reused.
///
/// *Task types.* Difficulty and minimum fee belong to the type, which is governed, never to the client's word. A change
/// is for tasks submitted after it: a task keeps the difficulty with which it was submitted.
///
/// *Proven work.* A type may name a `verifier` contract and a `modelHash`, both fixed for the type: it is the governor who says that
/// this contract accepts nothing but results of that model. Tasks of such a type are completed by `completeTaskWithProof` alone, with
/// a proof that this input gave this result, and count in full without anybody's score (`provenFeesWei`). Its public values are
/// `[modelHash, …words(input), …words(result), binding]`: words are 31 bytes, big-endian, the last padded with zeros on the right;
/// binding = keccak256(abi.encode(chain id, this contract, taskId, minerId)) >> 8, so that a proof serves one task of one miner
/// and no other. Padding hides the length of a result: zeros at its end, as far as its last word reaches, change no public value.
/// Whoever reads results of a model knows how long they are and reads no further. The client's stated hash fixes the input.
///
/// *Fee floors.* A completed task raises emission by its part of the expected volume and of the expected difficulty; buying tasks
/// must cost more than that. So two fees are fixed for good, `volumeFeeWei` for being a task and `difficultyFeeWei` for 100 % of
/// difficulty, and no type costs less than their sum, ⌈volumeFeeWei + difficultyFeeWei · difficultyBps / 10,000⌉, whoever governs;
/// policies that would make a task bring more than these fees are invalid. Emission halves every `halvingIntervalEpochs`, and
/// so do fees: a type's `minFeeWei` is stated before halvings, and what a task costs at least in this block is `minimumFeeWei`.
/// A task never counts for an epoch before the one in which its fee was paid: a fee that has halved buys no emission that has not.
///
/// *Inputs and results.* Their hashes are always on chain. They themselves travel off chain, or, up to `MAX_INLINE_BYTES`, in the
/// transaction and its event, for everybody to read as long as there is a chain. Nothing is confidential either way: whoever knows
/// a hash may ask a node for what it stands for. Bytes on chain cost calldata gas: 4 KiB add some 100,000 to a call, and make no
/// transaction cheaper than 40 gas a byte, ≈ 164,000 (EIP-7623).
///
/// All amounts are wei of MDT, all deadlines unix seconds. Lists are paged: `fromId` and how many, cut off at the last id;
/// id 0 is nobody and nothing. No view reverts but those of the clock, `workEpoch` among them, before genesis, and
/// `minimumFeeWei` of a type that is not there.
interface ITaskRegistry is IEpochClock {
    /// @notice A miner.
    /// @param account Who completes its tasks and receives its rewards.
    /// @param activeFromEpoch First epoch in which it may complete tasks.
    struct Miner {
        address account;
        uint64 activeFromEpoch;
    }

    /// @notice What a miner completed for one epoch; one slot.
    /// @param completedTasks How many tasks.
    /// @param feesWei Σ of their whole fees, the burned part included, in wei.
    /// @param provenFeesWei The part of `feesWei` whose results were proven here, in wei.
    struct MinerWork {
        uint32 completedTasks;
        uint112 feesWei;
        uint112 provenFeesWei;
    }

    /// @notice A kind of task.
    /// @param difficultyBps How hard it is: 1 … 10,000 (= 100 %).
    /// @param isOpen Whether tasks of this type may be submitted.
    /// @param minFeeWei The least that a task of this type costs before halvings, at least the floor of its difficulty.
    /// @param verifier What judges the proofs of its results, an `IProofVerifier`; zero where scores judge results.
    /// @param modelHash The model whose results those are, below the order of BN254's scalars; zero where there is no verifier.
    struct TaskType {
        uint16 difficultyBps;
        bool isOpen;
        uint128 minFeeWei;
        address verifier;
        bytes32 modelHash;
    }

    /// @notice `None`: no task has this id. `Open`: its fee is in escrow. The other two are final.
    enum TaskStatus {
        None,
        Open,
        Completed,
        Refunded
    }

    /// @notice A task. Its input and result, or their hashes alone, are in the events.
    /// @param client Who paid, and gets the refund.
    /// @param deadline Unix seconds: completed strictly before it, or refunded from then on.
    /// @param minerId The only miner that may complete it.
    /// @param feeWei What the client paid.
    /// @param typeId Its type.
    /// @param difficultyBps Difficulty of the type when the task was submitted.
    /// @param status Where it stands.
    /// @param needsProof Whether its type names a verifier.
    struct Task {
        address client;
        uint64 deadline;
        uint32 minerId;
        uint128 feeWei;
        uint32 typeId;
        uint16 difficultyBps;
        TaskStatus status;
        bool needsProof;
    }

    /// @notice What no task type may cost less than, and when that halves. Fixed for good.
    /// @param volumeFeeWei Floor of every type's minimum fee before halvings, above zero.
    /// @param difficultyFeeWei What 100 % of difficulty adds to that floor, above zero.
    /// @param halvingIntervalEpochs Epochs between two halvings, above zero: the Treasury's, whose emission the fees follow.
    struct FeeRule {
        uint128 volumeFeeWei;
        uint128 difficultyFeeWei;
        uint64 halvingIntervalEpochs;
    }

    /// @notice What the contract is built with, besides its clock.
    /// @param token The token of prices and fees.
    /// @param pool The pool of the same token; it must be wired to this contract before anyone registers.
    /// @param staking Of the same deployment: it must have the same clock and stake the same token.
    /// @param burnBps Part of a completed task's fee that is burned: 0 … 10,000.
    /// @param feeRule What no task type may cost less than.
    /// @param closingSlots Slots at the end of an epoch in which completed tasks count for the next: 1 … slotsPerEpoch − 1.
    /// @param minerPrice Floor, ceiling and interval of the price of registering as a miner.
    /// @param taskTypes The first task types; ids follow the order.
    /// @param admin Grants and revokes roles.
    /// @param taskGovernor Adds and changes task types.
    struct TaskRegistryParameters {
        IModernTensorToken token;
        IRecyclingPool pool;
        IStaking staking;
        uint16 burnBps;
        FeeRule feeRule;
        uint64 closingSlots;
        RegistrationPrice.Parameters minerPrice;
        TaskType[] taskTypes;
        address admin;
        address taskGovernor;
    }

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice `account` became miner `minerId` for `priceWei`.
    event MinerRegistered(uint32 indexed minerId, address indexed account, uint64 activeFromEpoch, uint256 priceWei);
    /// @notice Type `typeId` was added or changed; this is how it is now.
    event TaskTypeSet(
        uint32 indexed typeId,
        uint16 difficultyBps,
        uint128 minFeeWei,
        bool isOpen,
        address verifier,
        bytes32 modelHash
    );
    /// @notice `client` paid `feeWei` into escrow for a task of `minerId`.
    /// @param inputHash keccak256 of what the miner is to work on.
    /// @param input What has that hash; empty where it travels off chain.
    event TaskSubmitted(
        uint64 indexed taskId,
        address indexed client,
        uint32 indexed minerId,
        uint32 typeId,
        uint128 feeWei,
        uint16 difficultyBps,
        uint64 deadline,
        bytes32 inputHash,
        bytes input
    );
    /// @notice The miner submitted its result, which counts for `epoch`: the fee was split into `burnedWei` and `recycledWei`.
    /// @param resultHash keccak256 of the result.
    /// @param result What has that hash; empty where it travels off chain.
    event TaskCompleted(
        uint64 indexed taskId,
        uint32 indexed minerId,
        uint64 indexed epoch,
        bytes32 resultHash,
        uint256 burnedWei,
        uint256 recycledWei,
        bytes result
    );
    /// @notice The deadline passed without a result: `client` got its `feeWei` back.
    event TaskRefunded(uint64 indexed taskId, address indexed client, uint256 feeWei);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice `value` can't be the construction parameter of this name.
    error InvalidAddress(string parameter, address value);
    /// @notice The pool or Staking works with another token than the one fees are paid in.
    error TokenMismatch(address otherToken, address token);
    /// @notice More than the whole fee can't be burned.
    error BurnShareAboveMaximum(uint16 burnBps, uint16 maximumBps);
    /// @notice Work must close at least a slot before an epoch ends, and be open for at least one.
    error ClosingSlotsOutOfRange(uint64 closingSlots, uint64 slotsPerEpoch);
    /// @notice `account` already is miner `minerId`.
    error MinerAlreadyRegistered(address account, uint32 minerId);
    /// @notice Registration has become dearer than the caller was willing to pay.
    error PriceAboveMaximum(uint256 priceWei, uint256 maximumWei);
    /// @notice All three must be above zero: without a fee per task or per difficulty one of the two would be free.
    error InvalidFeeRule(uint128 volumeFeeWei, uint128 difficultyFeeWei, uint64 halvingIntervalEpochs);
    /// @notice Difficulty is 1 … `maximumBps` = 10,000 basis points.
    error DifficultyOutOfRange(uint16 difficultyBps, uint16 maximumBps);
    /// @notice A type's minimum fee before halvings is at least `floorWei`, or tasks would raise emission by more than they cost.
    error MinimumFeeBelowFloor(uint256 minFeeWei, uint256 floorWei);
    /// @notice No task type has this id.
    error UnknownTaskType(uint32 typeId);
    /// @notice No further tasks of this type are accepted.
    error TaskTypeClosed(uint32 typeId);
    /// @notice A verifier without a model proves nothing in particular, and a model without a verifier nothing at all.
    error IncompleteProofRule(address verifier, bytes32 modelHash);
    /// @notice No proof has a public value of this size: it must be below `order`, that of BN254's scalars.
    error ModelHashOutOfRange(bytes32 modelHash, uint256 order);
    /// @notice The fee is below what a task of its type costs at least now.
    error FeeBelowMinimum(uint32 typeId, uint256 feeWei, uint256 minimumFeeWei);
    /// @notice No miner has this id.
    error UnknownMiner(uint32 minerId);
    /// @notice The deadline must lie after this block's timestamp.
    error DeadlineNotInFuture(uint64 deadline, uint256 timestamp);
    /// @notice The deadline lies further ahead than the longest time a task may take.
    error DeadlineTooFar(uint64 deadline, uint256 latestDeadline);
    /// @notice The miner may complete tasks from `activeTimestamp` on, which is no time before the deadline.
    error DeadlineBeforeMinerActive(uint32 minerId, uint256 activeTimestamp, uint64 deadline);
    /// @notice No task has this id.
    error UnknownTask(uint64 taskId);
    /// @notice The task was completed or refunded before.
    error TaskNotOpen(uint64 taskId, TaskStatus status);
    /// @notice Only the account of the task's miner completes it.
    error NotTaskMiner(uint64 taskId, address caller, address minerAccount);
    /// @notice The miner may complete tasks from `activeFromEpoch` on.
    error MinerNotActive(uint32 minerId, uint64 activeFromEpoch, uint64 epoch);
    /// @notice A result at or after the deadline comes too late.
    error DeadlinePassed(uint64 taskId, uint64 deadline, uint256 timestamp);
    /// @notice Until the deadline the fee waits for the miner.
    error DeadlineNotReached(uint64 taskId, uint64 deadline, uint256 timestamp);
    /// @notice An input or result of more bytes than this travels off chain.
    error InlineTooLong(uint256 length, uint256 maximum);
    /// @notice The bytes have another hash than the one stated.
    error HashMismatch(bytes32 stated, bytes32 actual);
    /// @notice A task of this type is completed by `completeTaskWithProof` alone.
    error ProofRequired(uint64 taskId, uint32 typeId);
    /// @notice Nothing judges proofs of this type: its tasks are completed by `completeTask`.
    error ProofNotAskedFor(uint64 taskId, uint32 typeId);
    /// @notice Input and result are too long to be proven together.
    error TooManyPublicInputs(uint256 count, uint256 maximum);
    /// @notice The verifier did not accept the proof: it answered something else than `true`, reverted, ran out of gas or is not there.
    error ProofRefused(uint64 taskId);

    // ------------------------------------------------------------------------------------------------------- miners

    /// @notice Become a miner.
    /// @dev Who: anyone, once per account. Requirements: the price (`registrationPriceWei`) ≤ `maxPriceWei`; the caller's
    /// token allowance for this contract covers the price.
    /// Effects: the price goes to the recycling pool as a registration fee; the next price is 5/4 as high (rounded up,
    /// at most the ceiling); emits `MinerRegistered`.
    /// Errors: `MinerAlreadyRegistered`, `PriceAboveMaximum`, those of the token.
    /// @param maxPriceWei The most the caller pays: registrations that come first raise the price.
    /// @return minerId The caller's id, in scores and tasks.
    function registerMiner(uint256 maxPriceWei) external returns (uint32 minerId);

    /// @notice Submit the result of a task that scores judge.
    /// @dev Who: the account of the task's miner. Requirements: the task is open and its type names no verifier; genesis has come and the
    /// miner is active; it is before the deadline; `result` is empty, or has that hash and at most `MAX_INLINE_BYTES`.
    /// Effects: ⌊fee · `burnBps` / 10,000⌋ is burned and the rest recycled as a task fee; the task, its difficulty and its fee
    /// count for `workEpoch` and this miner; emits `TaskCompleted`.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `NotTaskMiner`, `BeforeGenesis`, `MinerNotActive`, `DeadlinePassed`, `ProofRequired`,
    /// `InlineTooLong`, `HashMismatch`.
    /// @param resultHash keccak256 of the result, which the validators' scores judge.
    /// @param result The result itself; empty where it travels off chain.
    function completeTask(uint64 taskId, bytes32 resultHash, bytes calldata result) external;

    /// @notice Submit the result of a task with the proof that its type's model gives it for the task's input.
    /// @dev Who and when as for `completeTask`. Requirements: the type names a verifier; `input` has the hash that the client stated;
    /// both make at most `MAX_PUBLIC_INPUTS` public values; the verifier accepts the proof of them within `MAX_PROOF_GAS` and a
    /// 64th less of what is left: a caller that brings too little gas makes its own transaction fail.
    /// Effects: those of `completeTask`, with keccak256 of `result` as its hash and `result` in the event; the fee counts as
    /// proven, too.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `NotTaskMiner`, `BeforeGenesis`, `MinerNotActive`, `DeadlinePassed`, `ProofNotAskedFor`,
    /// `HashMismatch`, `TooManyPublicInputs`, `ProofRefused`.
    /// @param proof As the verifier takes it.
    function completeTaskWithProof(
        uint64 taskId,
        bytes calldata input,
        bytes calldata result,
        bytes calldata proof
    ) external;

    // ------------------------------------------------------------------------------------------------------ clients

    /// @notice Pay for a task that `minerId` is to complete before `deadline`.
    /// @dev Who: anyone, before genesis too. Requirements: the type exists and is open; `feeWei` ≥ its `minimumFeeWei`; the miner
    /// exists and will be active before the deadline; now < `deadline` ≤ now + `MAX_TASK_SECONDS`; `input` is empty, or has that
    /// hash and at most `MAX_INLINE_BYTES`; the caller's token allowance for this contract covers the fee.
    /// Effects: the fee goes into escrow; emits `TaskSubmitted`.
    /// Errors: `UnknownTaskType`, `TaskTypeClosed`, `FeeBelowMinimum`, `DeadlineNotInFuture`, `DeadlineTooFar`, `UnknownMiner`,
    /// `DeadlineBeforeMinerActive`, `InlineTooLong`, `HashMismatch`, those of the token.
    /// @param inputHash keccak256 of what the miner is to work on.
    /// @param input The same itself; empty where it travels off chain.
    /// @return taskId 1, 2, 3 …
    function submitTask(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash,
        bytes calldata input
    ) external returns (uint64 taskId);

    /// @notice `submitTask` with an EIP-2612 signature for `feeWei` in place of an allowance. A signature that someone else has
    /// submitted already does no harm: what counts is the allowance it left.
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
    ) external returns (uint64 taskId);

    /// @notice Give the fee of a task whose deadline has passed back to its client.
    /// @dev Who: anyone. Requirements: the task is open; it is the deadline or later.
    /// Effects: the client receives the whole fee; emits `TaskRefunded`.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `DeadlineNotReached`.
    function refundTask(uint64 taskId) external;

    // ------------------------------------------------------------------------------------------------------ several

    /// @notice Several calls of this contract in one transaction, in order, so that a miner completes many tasks at the price of
    /// one transaction.
    /// @dev Who and requirements: those of each call; the caller is who makes them all. All or nothing: the first call that is
    /// refused reverts every one, with its own error.
    /// @param data Each call as ABI-encoded calldata.
    /// @return results What each call returned, ABI-encoded.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);

    // --------------------------------------------------------------------------------------------------- governance

    /// @notice Add an open task type.
    /// @dev Who: a holder of `TASK_GOVERNOR_ROLE`. Requirements: 1 ≤ `difficultyBps` ≤ 10,000; `minFeeWei`, stated before halvings,
    /// ≥ ⌈`volumeFeeWei` + `difficultyFeeWei` · `difficultyBps` / 10,000⌉; `verifier` and `modelHash` are both set or neither, and
    /// `modelHash` is below the order of BN254's scalars. What is at `verifier` is not looked at: its code decides what counts
    /// as proven, so whoever governs has read it and knows that it can't be replaced. Emits `TaskTypeSet`.
    /// Errors: `AccessControlUnauthorizedAccount`, `IncompleteProofRule`, `ModelHashOutOfRange`, `DifficultyOutOfRange`,
    /// `MinimumFeeBelowFloor`.
    /// @return typeId 0, 1, 2 …
    function addTaskType(
        uint16 difficultyBps,
        uint128 minFeeWei,
        address verifier,
        bytes32 modelHash
    ) external returns (uint32 typeId);

    /// @notice Change a task type for the tasks submitted from now on, or close it (`isOpen` false) or open it again. What proves its
    /// work stays as it is for good.
    /// @dev Who, requirements and errors as for `addTaskType`, and `UnknownTaskType`. Open tasks stay as they are.
    function setTaskType(uint32 typeId, uint16 difficultyBps, uint128 minFeeWei, bool isOpen) external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice Who may add and change task types.
    function TASK_GOVERNOR_ROLE() external view returns (bytes32);

    /// @notice The longest time from submission to deadline: 30 days. A slip of a unit (milliseconds for seconds) would lock
    /// the fee for ever.
    function MAX_TASK_SECONDS() external view returns (uint256);

    /// @notice The most bytes of an input or a result that a call may carry: 4,096.
    function MAX_INLINE_BYTES() external view returns (uint256);

    /// @notice The most public values that a proof has: 132, the model and the binding among them; 130 words are 4,030 bytes.
    function MAX_PUBLIC_INPUTS() external view returns (uint256);

    /// @notice The most gas that a verifier is given: 2,000,000.
    function MAX_PROOF_GAS() external view returns (uint256);

    /// @notice The token in which prices and fees are paid.
    function token() external view returns (IModernTensorToken);

    /// @notice Where prices and the unburned part of fees go.
    function pool() external view returns (IRecyclingPool);

    /// @notice The part of a completed task's fee that is burned, in basis points.
    function burnBps() external view returns (uint16);

    /// @notice What registering as a miner costs in this block. See `RegistrationPrice`.
    function registrationPriceWei() external view returns (uint256);

    /// @notice How many miners there are: the highest id.
    function minerCount() external view returns (uint32);

    /// @notice The id of `account`; 0 if it is no miner.
    function minerIdOf(address account) external view returns (uint32);

    /// @notice Miner `minerId`.
    function minerOf(uint32 minerId) external view returns (Miner memory);

    /// @notice Up to `count` miners, from id `fromId` on.
    function miners(uint256 fromId, uint256 count) external view returns (Miner[] memory);

    /// @notice All task types; the index is the id.
    function taskTypes() external view returns (TaskType[] memory);

    /// @notice The floor of every type's minimum fee before halvings, in wei: what an expected task may bring by volume.
    function volumeFeeWei() external view returns (uint128);

    /// @notice What 100 % of difficulty adds to that floor, in wei: what it may bring by difficulty.
    function difficultyFeeWei() external view returns (uint128);

    /// @notice Epochs between two halvings of the minimum fees.
    function halvingIntervalEpochs() external view returns (uint64);

    /// @notice What a task of type `typeId` costs at least in this block, in wei: ⌈`minFeeWei` / 2^h⌉ after
    /// h = ⌊current epoch / `halvingIntervalEpochs`⌋ halvings, and h = 0 before genesis. Never below 1 wei, however many
    /// halvings. Reverts with `UnknownTaskType` where there is no such type.
    function minimumFeeWei(uint32 typeId) external view returns (uint256);

    /// @notice How many tasks were ever submitted: the highest id.
    function taskCount() external view returns (uint64);

    /// @notice Task `taskId`.
    function taskOf(uint64 taskId) external view returns (Task memory);

    /// @notice Up to `count` tasks, from id `fromId` on.
    function tasks(uint256 fromId, uint256 count) external view returns (Task[] memory);

    /// @notice keccak256 of the input of task `taskId` as its client stated it, while the task is open and needs a proof; else 0.
    function inputHashOf(uint64 taskId) external view returns (bytes32);

    /// @notice Σ fees of open tasks. The balance of this contract is never below it.
    function openFeesWei() external view returns (uint128);

    /// @notice Slots at the end of an epoch in which completed tasks count for the next one.
    function closingSlots() external view returns (uint64);

    /// @notice The epoch for which a task completed in this block counts: the current one, and the next one in the last
    /// `closingSlots` slots. Reverts with `BeforeGenesis` before epoch 0.
    function workEpoch() external view returns (uint64);

    /// @notice What was completed for `epoch`. Final `closingSlots` slots before the epoch ends.
    /// @return completed Tasks completed.
    /// @return difficultySumBps Sum of their difficulties in basis points.
    function epochTasks(uint64 epoch) external view returns (uint64 completed, uint128 difficultySumBps);

    /// @notice What up to `count` miners completed for `epoch`, from id `fromId` on. Final `closingSlots` slots before the epoch
    /// ends: miners that come later only add zeros at the end.
    function minerWork(uint64 epoch, uint256 fromId, uint256 count) external view returns (MinerWork[] memory);
}
