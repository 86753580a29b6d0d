// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IModernTensorToken} from "./IModernTensorToken.sol";
import {IRecyclingPool} from "./IRecyclingPool.sol";
import {IStaking} from "./IStaking.sol";
import {RegistrationPrice} from "../shared/RegistrationPrice.sol";

/// @title TaskRegistry: miners, tasks and the fees clients pay for them
/// @notice A client names a miner, pays a fee into escrow and states a deadline. The miner submits the result before
/// the deadline, or the client gets the fee back. On completion a part of the fee (`burnBps`) is burned and the rest
/// recycled: emission pays the miners, fees don't, so a fee paid to oneself is lost.
///
/// This contract counts the work that an epoch pays for: how many tasks were completed, how difficult they were, and by
/// which miner for which fees. Work closes before scoring does: a task completed in the last `closingSlots` slots of
/// epoch e counts for e + 1, so that validators, who commit to scores before e ends, have seen all the work that they
/// score. Counters are kept per epoch and final `closingSlots` slots before its end: every later block gives the same
/// answer.
///
/// *Miners.* Registering costs a price with a target rate: it rises by a quarter per registration and falls by a fifth
/// per interval (`RegistrationPrice`). One registration per interval keeps it constant; with fewer it falls towards its
/// floor. Many at once are expensive; patient newcomers pay the ordinary price. The price is recycled. A miner
/// registered in epoch e may complete tasks from e + 1 (before genesis: from epoch 0), so that nobody can join an epoch
/// after seeing how it goes. Ids are 1, 2, 3 … and never reused.
///
/// *Task types.* Governance sets difficulty and minimum fee per type; clients can't. A change applies to tasks
/// submitted after it: a task keeps the difficulty with which it was submitted.
///
/// *Proven work.* A type may name a `verifier` contract and a `modelHash`, both fixed for the type: the governor
/// vouches that this contract accepts only results of that model. Tasks of this type are completed only with
/// `completeTaskWithProof` and a proof that this input gave this result, and count in full without scores
/// (`provenFeesWei`). The proof's public values are `[modelHash, …words(input), …words(result), binding]`: words are 31
/// bytes, big-endian, the last padded with zeros on the right; binding = keccak256(abi.encode(chain id, this contract,
/// taskId, minerId)) >> 8, so that a proof is valid for one task of one miner only. Padding hides the length of a
/// result: zeros appended within its last word change no public value. Readers of a model's results know their length
/// and read no further. The hash that the client stated fixes the input.
///
/// *Fee floors.* A completed task raises emission by its part of the expected volume and of the expected difficulty;
/// buying tasks must cost more than that. So two fees are immutable: `volumeFeeWei` per task and `difficultyFeeWei` for
/// 100 % of difficulty. Whatever the governor does, no type costs less than their sum, ⌈volumeFeeWei + difficultyFeeWei
/// · difficultyBps / 10,000⌉. Policies that would make a task bring more than these fees are invalid. Emission halves
/// every `halvingIntervalEpochs`, and so do fees: a type's `minFeeWei` is stated before halvings, and `minimumFeeWei`
/// is the minimum fee in this block. A task never counts for an epoch before the one in which its fee was paid, so a
/// halved fee never counts for an emission that has not halved.
///
/// *Inputs and results.* Their hashes are always on chain. The bytes themselves stay off chain or, up to
/// `MAX_INLINE_BYTES`, are in the transaction and its event, where anyone can read them for ever. Nothing is
/// confidential either way: anyone who knows a hash can request its bytes from a node. Bytes on chain cost calldata
/// gas: 4 KiB add about 100,000 to a call, and a transaction costs at least 40 gas per byte, ≈ 164,000 for 4 KiB
/// (EIP-7623).
///
/// All amounts are wei of MDT, all deadlines unix seconds. Lists are paged by `fromId` and count, up to the last id; id
/// 0 does not exist. No view reverts except those of the clock (including `workEpoch`) before genesis, and
/// `minimumFeeWei` of an unknown type.
interface ITaskRegistry is IEpochClock {
    /// @notice A miner.
    /// @param account The account that completes its tasks and receives its rewards.
    /// @param activeFromEpoch First epoch in which it may complete tasks.
    struct Miner {
        address account;
        uint64 activeFromEpoch;
    }

    /// @notice A miner's completed work for one epoch; one slot.
    /// @param completedTasks Number of completed tasks.
    /// @param feesWei Sum of their fees, including the burned part, in wei.
    /// @param provenFeesWei The part of `feesWei` for results with a proof, in wei.
    struct MinerWork {
        uint32 completedTasks;
        uint112 feesWei;
        uint112 provenFeesWei;
    }

    /// @notice A task type.
    /// @param difficultyBps Difficulty: 1 … 10,000 (= 100 %).
    /// @param isOpen Whether tasks of this type may be submitted.
    /// @param minFeeWei Minimum fee before halvings, at least the floor for its difficulty.
    /// @param verifier The `IProofVerifier` of its results' proofs; zero if scores judge results.
    /// @param modelHash The model that must give the results, below the order of BN254's scalars; zero if there is no
    /// verifier.
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

    /// @notice A task. Its input and result, or only their hashes, are in the events.
    /// @param client The account that paid and gets any refund.
    /// @param deadline Unix seconds: the task can be completed strictly before it, and refunded from then on.
    /// @param minerId The only miner that may complete it.
    /// @param feeWei The fee that the client paid.
    /// @param typeId Its type.
    /// @param difficultyBps Difficulty of the type when the task was submitted.
    /// @param status Its status.
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

    /// @notice The floors of all minimum fees, and when they halve. Immutable.
    /// @param volumeFeeWei Floor of every type's minimum fee before halvings, above zero.
    /// @param difficultyFeeWei What 100 % of difficulty adds to that floor, above zero.
    /// @param halvingIntervalEpochs Epochs between two halvings, above zero; equal to the Treasury's, because fees
    /// follow emission.
    struct FeeRule {
        uint128 volumeFeeWei;
        uint128 difficultyFeeWei;
        uint64 halvingIntervalEpochs;
    }

    /// @notice The constructor parameters, besides the clock.
    /// @param token The token of prices and fees.
    /// @param pool The pool of the same token; it must be wired to this contract before anyone registers.
    /// @param staking Staking of the same deployment; it must have the same clock and stake the same token.
    /// @param burnBps Part of a completed task's fee that is burned: 0 … 10,000.
    /// @param feeRule The floors of all minimum fees.
    /// @param closingSlots Slots at the end of an epoch in which completed tasks count for the next one: 1 …
    /// slotsPerEpoch − 1.
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
    /// @notice Type `typeId` was added or changed; these are its new values.
    event TaskTypeSet(
        uint32 indexed typeId,
        uint16 difficultyBps,
        uint128 minFeeWei,
        bool isOpen,
        address verifier,
        bytes32 modelHash
    );
    /// @notice `client` paid `feeWei` into escrow for a task of `minerId`.
    /// @param inputHash keccak256 of the miner's input.
    /// @param input The input itself; empty if it stays off chain.
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
    /// @notice The miner submitted its result, which counts for `epoch`: the fee was split into `burnedWei` and
    /// `recycledWei`.
    /// @param resultHash keccak256 of the result.
    /// @param result The result itself; empty if it stays off chain.
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

    /// @notice `value` is not valid for this constructor parameter.
    error InvalidAddress(string parameter, address value);
    /// @notice The token of the pool or of Staking is not the token of the fees.
    error TokenMismatch(address otherToken, address token);
    /// @notice The burned part must be at most 10,000 bps.
    error BurnShareAboveMaximum(uint16 burnBps, uint16 maximumBps);
    /// @notice The closing slots must be at least one, and fewer than an epoch's.
    error ClosingSlotsOutOfRange(uint64 closingSlots, uint64 slotsPerEpoch);
    /// @notice `account` is already miner `minerId`.
    error MinerAlreadyRegistered(address account, uint32 minerId);
    /// @notice The registration price is above the caller's maximum.
    error PriceAboveMaximum(uint256 priceWei, uint256 maximumWei);
    /// @notice All three must be above zero: otherwise volume or difficulty would be free, or fees couldn't halve.
    error InvalidFeeRule(uint128 volumeFeeWei, uint128 difficultyFeeWei, uint64 halvingIntervalEpochs);
    /// @notice Difficulty is 1 … `maximumBps` = 10,000 basis points.
    error DifficultyOutOfRange(uint16 difficultyBps, uint16 maximumBps);
    /// @notice A type's minimum fee before halvings must be at least `floorWei`, because otherwise tasks would raise
    /// emission by more than they cost.
    error MinimumFeeBelowFloor(uint256 minFeeWei, uint256 floorWei);
    /// @notice No task type has this id.
    error UnknownTaskType(uint32 typeId);
    /// @notice No further tasks of this type are accepted.
    error TaskTypeClosed(uint32 typeId);
    /// @notice A verifier and a model hash must be set together or not at all.
    error IncompleteProofRule(address verifier, bytes32 modelHash);
    /// @notice The model hash must be below `order`, the order of BN254's scalars.
    error ModelHashOutOfRange(bytes32 modelHash, uint256 order);
    /// @notice The fee is below the type's current minimum.
    error FeeBelowMinimum(uint32 typeId, uint256 feeWei, uint256 minimumFeeWei);
    /// @notice No miner has this id.
    error UnknownMiner(uint32 minerId);
    /// @notice The deadline must be after this block's timestamp.
    error DeadlineNotInFuture(uint64 deadline, uint256 timestamp);
    /// @notice The deadline is further ahead than the longest time allowed for a task.
    error DeadlineTooFar(uint64 deadline, uint256 latestDeadline);
    /// @notice The miner becomes active at `activeTimestamp`, which is not before the deadline.
    error DeadlineBeforeMinerActive(uint32 minerId, uint256 activeTimestamp, uint64 deadline);
    /// @notice No task has this id.
    error UnknownTask(uint64 taskId);
    /// @notice The task is already completed or refunded.
    error TaskNotOpen(uint64 taskId, TaskStatus status);
    /// @notice Only the account of the task's miner can complete it.
    error NotTaskMiner(uint64 taskId, address caller, address minerAccount);
    /// @notice The miner may complete tasks only from `activeFromEpoch`.
    error MinerNotActive(uint32 minerId, uint64 activeFromEpoch, uint64 epoch);
    /// @notice The deadline has passed.
    error DeadlinePassed(uint64 taskId, uint64 deadline, uint256 timestamp);
    /// @notice The deadline has not passed: the miner may still complete the task.
    error DeadlineNotReached(uint64 taskId, uint64 deadline, uint256 timestamp);
    /// @notice The input or result is too long for a transaction: keep it off chain.
    error InlineTooLong(uint256 length, uint256 maximum);
    /// @notice The bytes do not match the stated hash.
    error HashMismatch(bytes32 stated, bytes32 actual);
    /// @notice A task of this type can only be completed with `completeTaskWithProof`.
    error ProofRequired(uint64 taskId, uint32 typeId);
    /// @notice The type has no verifier: complete its tasks with `completeTask`.
    error ProofNotAskedFor(uint64 taskId, uint32 typeId);
    /// @notice Input and result are too long to be proven together.
    error TooManyPublicInputs(uint256 count, uint256 maximum);
    /// @notice The verifier did not accept the proof: its answer was not `true`, or it reverted, ran out of gas or has
    /// no code.
    error ProofRefused(uint64 taskId);

    // ------------------------------------------------------------------------------------------------------- miners

    /// @notice Become a miner.
    /// @dev Who: anyone, once per account. Requirements: the price (`registrationPriceWei`) ≤ `maxPriceWei`; the
    /// caller's token allowance for this contract covers the price.
    /// Effects: the price goes to the recycling pool as a registration fee; the next price is 5/4 of this one (rounded
    /// up, at most the ceiling); emits `MinerRegistered`.
    /// Errors: `MinerAlreadyRegistered`, `PriceAboveMaximum`, those of the token.
    /// @param maxPriceWei The most that the caller will pay: registrations that come first raise the price.
    /// @return minerId The caller's id, in scores and tasks.
    function registerMiner(uint256 maxPriceWei) external returns (uint32 minerId);

    /// @notice Submit the result of a task that scores judge.
    /// @dev Who: the account of the task's miner. Requirements: the task is open and its type names no verifier;
    /// genesis has passed and the miner is active; the deadline has not come; `result` is empty, or has the hash
    /// `resultHash` and at most `MAX_INLINE_BYTES`.
    /// Effects: ⌊fee · `burnBps` / 10,000⌋ is burned and the rest recycled as a task fee; the task, its difficulty and
    /// its fee count for `workEpoch` and this miner; emits `TaskCompleted`.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `NotTaskMiner`, `BeforeGenesis`, `MinerNotActive`, `DeadlinePassed`,
    /// `ProofRequired`, `InlineTooLong`, `HashMismatch`.
    /// @param resultHash keccak256 of the result, which the validators' scores judge.
    /// @param result The result itself; empty if it stays off chain.
    function completeTask(uint64 taskId, bytes32 resultHash, bytes calldata result) external;

    /// @notice Submit the result of a task with a proof that the type's model gives this result for the task's input.
    /// @dev Who and when: as for `completeTask`. Requirements: the type names a verifier; `input` has the hash that the
    /// client stated; there are at most `MAX_PUBLIC_INPUTS` public values; the verifier accepts the proof within
    /// `MAX_PROOF_GAS` and within 63/64 of the gas left, so a caller that brings too little gas makes its own
    /// transaction fail.
    /// Effects: those of `completeTask`, with keccak256 of `result` as its hash and `result` in the event; the fee also
    /// counts as proven.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `NotTaskMiner`, `BeforeGenesis`, `MinerNotActive`, `DeadlinePassed`,
    /// `ProofNotAskedFor`, `HashMismatch`, `TooManyPublicInputs`, `ProofRefused`.
    /// @param proof The proof, in the verifier's format.
    function completeTaskWithProof(
        uint64 taskId,
        bytes calldata input,
        bytes calldata result,
        bytes calldata proof
    ) external;

    // ------------------------------------------------------------------------------------------------------ clients

    /// @notice Pay for a task that `minerId` must complete before `deadline`.
    /// @dev Who: anyone, also before genesis. Requirements: the type exists and is open; `feeWei` ≥ its
    /// `minimumFeeWei`; the miner exists and will be active before the deadline; now < `deadline` ≤ now +
    /// `MAX_TASK_SECONDS`; `input` is empty, or has the hash `inputHash` and at most `MAX_INLINE_BYTES`; the caller's
    /// token allowance for this contract covers the fee.
    /// Effects: the fee goes into escrow; emits `TaskSubmitted`.
    /// Errors: `UnknownTaskType`, `TaskTypeClosed`, `FeeBelowMinimum`, `DeadlineNotInFuture`, `DeadlineTooFar`,
    /// `UnknownMiner`, `DeadlineBeforeMinerActive`, `InlineTooLong`, `HashMismatch`, those of the token.
    /// @param inputHash keccak256 of the miner's input.
    /// @param input The input itself; empty if it stays off chain.
    /// @return taskId 1, 2, 3 …
    function submitTask(
        uint32 minerId,
        uint32 typeId,
        uint128 feeWei,
        uint64 deadline,
        bytes32 inputHash,
        bytes calldata input
    ) external returns (uint64 taskId);

    /// @notice `submitTask` with an EIP-2612 signature for `feeWei` instead of an allowance. If someone else has
    /// already submitted the signature, the call still works: only the resulting allowance counts.
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

    /// @notice Refund the client of a task whose deadline has passed.
    /// @dev Who: anyone. Requirements: the task is open; now ≥ its deadline.
    /// Effects: the client receives the whole fee; emits `TaskRefunded`.
    /// Errors: `UnknownTask`, `TaskNotOpen`, `DeadlineNotReached`.
    function refundTask(uint64 taskId) external;

    // ------------------------------------------------------------------------------------------------------ several

    /// @notice Make several calls to this contract in one transaction, in order, so that a miner can complete many
    /// tasks at once.
    /// @dev Who and requirements: those of each call; they all have the same caller. All or nothing: the first call
    /// that fails reverts all of them, with its error.
    /// @param data Each call as ABI-encoded calldata.
    /// @return results What each call returned, ABI-encoded.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);

    // --------------------------------------------------------------------------------------------------- governance

    /// @notice Add an open task type.
    /// @dev Who: a holder of `TASK_GOVERNOR_ROLE`. Requirements: 1 ≤ `difficultyBps` ≤ 10,000; `minFeeWei`, stated
    /// before halvings, ≥ ⌈`volumeFeeWei` + `difficultyFeeWei` · `difficultyBps` / 10,000⌉; `verifier` and `modelHash`
    /// are both set or neither, and `modelHash` is below the order of BN254's scalars. The contract does not check
    /// `verifier`: its code decides what counts as proven, so the governor must have read it and know that it can't be
    /// replaced. Emits `TaskTypeSet`.
    /// Errors: `AccessControlUnauthorizedAccount`, `IncompleteProofRule`, `ModelHashOutOfRange`,
    /// `DifficultyOutOfRange`, `MinimumFeeBelowFloor`.
    /// @return typeId 0, 1, 2 …
    function addTaskType(
        uint16 difficultyBps,
        uint128 minFeeWei,
        address verifier,
        bytes32 modelHash
    ) external returns (uint32 typeId);

    /// @notice Change a task type for tasks submitted from now on; `isOpen` closes (false) or reopens it. Its verifier
    /// and model can't change.
    /// @dev Who, requirements and errors as for `addTaskType`, and `UnknownTaskType`. Open tasks do not change.
    function setTaskType(uint32 typeId, uint16 difficultyBps, uint128 minFeeWei, bool isOpen) external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice The role that may add and change task types.
    function TASK_GOVERNOR_ROLE() external view returns (bytes32);

    /// @notice The longest time from submission to deadline: 30 days. Without it, mistaking milliseconds for seconds
    /// would lock the fee practically for ever.
    function MAX_TASK_SECONDS() external view returns (uint256);

    /// @notice Maximum bytes of an input or a result in a call: 4,096.
    function MAX_INLINE_BYTES() external view returns (uint256);

    /// @notice Maximum public values of a proof: 132, including the model and the binding; the other 130 words hold
    /// 4,030 bytes.
    function MAX_PUBLIC_INPUTS() external view returns (uint256);

    /// @notice Maximum gas for a verifier: 2,000,000.
    function MAX_PROOF_GAS() external view returns (uint256);

    /// @notice The token in which prices and fees are paid.
    function token() external view returns (IModernTensorToken);

    /// @notice Where prices and the unburned part of fees go.
    function pool() external view returns (IRecyclingPool);

    /// @notice The part of a completed task's fee that is burned, in basis points.
    function burnBps() external view returns (uint16);

    /// @notice The price of registering as a miner in this block. See `RegistrationPrice`.
    function registrationPriceWei() external view returns (uint256);

    /// @notice How many miners there are: the highest id.
    function minerCount() external view returns (uint32);

    /// @notice The id of `account`; 0 if it is not a miner.
    function minerIdOf(address account) external view returns (uint32);

    /// @notice Miner `minerId`.
    function minerOf(uint32 minerId) external view returns (Miner memory);

    /// @notice Up to `count` miners, from id `fromId` on.
    function miners(uint256 fromId, uint256 count) external view returns (Miner[] memory);

    /// @notice All task types; the index is the id.
    function taskTypes() external view returns (TaskType[] memory);

    /// @notice The floor of every type's minimum fee before halvings, in wei: the most that an expected task may bring
    /// by volume.
    function volumeFeeWei() external view returns (uint128);

    /// @notice What 100 % of difficulty adds to that floor, in wei: the most that this difficulty may bring.
    function difficultyFeeWei() external view returns (uint128);

    /// @notice Epochs between two halvings of the minimum fees.
    function halvingIntervalEpochs() external view returns (uint64);

    /// @notice The minimum fee of type `typeId` in this block, in wei: ⌈`minFeeWei` / 2^h⌉ after h = ⌊current epoch /
    /// `halvingIntervalEpochs`⌋ halvings, and h = 0 before genesis. Never below 1 wei, after any number of halvings.
    /// Reverts with `UnknownTaskType` if no type has this id.
    function minimumFeeWei(uint32 typeId) external view returns (uint256);

    /// @notice How many tasks were ever submitted: the highest id.
    function taskCount() external view returns (uint64);

    /// @notice Task `taskId`.
    function taskOf(uint64 taskId) external view returns (Task memory);

    /// @notice Up to `count` tasks, from id `fromId` on.
    function tasks(uint256 fromId, uint256 count) external view returns (Task[] memory);

    /// @notice keccak256 of the input of task `taskId` as its client stated it, while the task is open and needs a
    /// proof; else 0.
    function inputHashOf(uint64 taskId) external view returns (bytes32);

    /// @notice Sum of the fees of open tasks. This contract's balance is never below it.
    function openFeesWei() external view returns (uint128);

    /// @notice Slots at the end of an epoch in which completed tasks count for the next one.
    function closingSlots() external view returns (uint64);

    /// @notice The epoch for which a task completed in this block counts: the current one, and the next one in the last
    /// `closingSlots` slots. Reverts with `BeforeGenesis` before epoch 0.
    function workEpoch() external view returns (uint64);

    /// @notice The work completed for `epoch`. Final `closingSlots` slots before the epoch ends.
    /// @return completed Tasks completed.
    /// @return difficultySumBps Sum of their difficulties in basis points.
    function epochTasks(uint64 epoch) external view returns (uint64 completed, uint128 difficultySumBps);

    /// @notice The work that up to `count` miners completed for `epoch`, from id `fromId` on. Final `closingSlots`
    /// slots before the epoch ends: miners that register later only add zeros at the end.
    function minerWork(uint64 epoch, uint256 fromId, uint256 count) external view returns (MinerWork[] memory);
}
