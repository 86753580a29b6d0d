import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  parseAbi,
  parseEther,
  toBytes,
  toHex,
} from "viem";
import { manyAccounts } from "../measure";
import { deployArtifact, gasOf, type GasStage, moveToEpoch, note, noteGas } from "./gasNetwork";
import { commitmentOf, encodeScores } from "../../../core/scores";
import { join } from "node:path";
import { circuitsDirectory } from "../../../config/folders";
import { proofBinding, publicInputs } from "../../../core/proofStatement";
import { digitIn } from "../../../nodes/digits/model";
import { digitImages } from "../../../nodes/digits/samples";
import { proverComplaint, readProvableModel, referenceStringOf } from "../../../nodes/prover/installation";
import { openWorkProver } from "../../../nodes/prover/workProver";

const MDT = 10n ** 18n;
const VALIDATORS = 100;

const accountAt = manyAccounts(VALIDATORS);
const validators = Array.from({ length: VALIDATORS }, (_, i) => accountAt(i));

/** Gas of what validators, delegators, miners and clients send, on a network whose 100 seats are all taken. */
export async function measurePeople(stage: GasStage): Promise<void> {
  await moveToEpoch(stage, -1);
  const funderOf = (place: number): Address => stage.accounts[10 + (place % 10)]!;
  const last = VALIDATORS - 1;
  for (let place = 0; place < last; place++) await registerValidator(stage, validators[place]!, funderOf(place));
  await moveToEpoch(stage, 0);
  const registers = await registerValidator(stage, validators[last]!, funderOf(last));
  note(stage, "validator: register, the last free seat", registers, { size: VALIDATORS });
  await measureAdding(stage, "first");
  await measureMiners(stage);
  await moveToEpoch(stage, 1);
  await measureAdding(stage, "again");
  const { staking } = stage.connection.contracts;
  const unstake = { ...staking, functionName: "unstake", args: [validators[0]!, MDT] } as const;
  await noteGas(stage, "delegator: unstake", delegatorOf(stage), unstake);
  await measureTasks(stage);
  await moveToEpoch(stage, 3);
  await measureRotation(stage);
  await measureCommits(stage);
  await moveToEpoch(stage, 4);
  await measureReveals(stage, 3);
  const withdraw = { ...staking, functionName: "withdraw", args: [validators[0]!] } as const;
  await noteGas(stage, "delegator: withdraw", delegatorOf(stage), withdraw);
}

/** Gives an account what it needs and lets it register; returns the gas of the registration alone. */
export async function registerValidator(
  { connection, chain }: GasStage,
  validator: Address,
  funder: Address,
): Promise<number> {
  const { token, staking } = connection.contracts;
  await chain.impersonateAccount({ address: validator });
  await chain.setBalance({ address: validator, value: parseEther("100") });
  const funding = [validator, 200n * MDT] as const;
  await gasOf(connection, funder, { ...token, functionName: "transfer", args: funding });
  await gasOf(connection, validator, { ...token, functionName: "approve", args: [staking.address, maxUint256] });
  const args = [validator, 1_000, 40n * MDT, maxUint256] as const;
  return gasOf(connection, validator, { ...staking, functionName: "registerValidator", args });
}

function delegatorOf({ accounts }: GasStage): Address {
  return accounts[20]!;
}

/** Stake that a validator and a delegator add. */
async function measureAdding(stage: GasStage, when: "first" | "again"): Promise<void> {
  const { connection } = stage;
  const { staking, token } = connection.contracts;
  const stake = { ...staking, functionName: "stake", args: [MDT] } as const;
  await noteGas(stage, `validator: stake more, ${when}`, validators[0]!, stake);
  const delegator = delegatorOf(stage);
  await gasOf(connection, delegator, { ...token, functionName: "approve", args: [staking.address, maxUint256] });
  const delegate = { ...staking, functionName: "delegate", args: [validators[0]!, 5n * MDT] } as const;
  await noteGas(stage, `delegator: delegate, ${when}`, delegator, delegate);
}

/** Notes the second miner's registration: the first one also pays for storage that all share. */
async function measureMiners(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { taskRegistry, token } = connection.contracts;
  let gas = 0;
  for (const miner of accounts.slice(21, 23)) {
    await gasOf(connection, miner, { ...token, functionName: "approve", args: [taskRegistry.address, maxUint256] });
    gas = await gasOf(connection, miner, { ...taskRegistry, functionName: "registerMiner", args: [maxUint256] });
  }
  note(stage, "miner: register", gas);
}

/** Draws the leaders of an epoch, and lets them produce slots. */
async function measureRotation(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { blockRewards } = connection.contracts;
  const anyone = accounts[25]!;
  const about = { size: VALIDATORS };
  const [open, seal] = [
    { ...blockRewards, functionName: "openEpoch", args: [] },
    { ...blockRewards, functionName: "sealEpoch", args: [] },
  ] as const;
  await noteGas(stage, "block rewards: open an epoch", anyone, open, about);
  await noteGas(stage, "block rewards: seal an epoch", anyone, seal, about);
  await produce(stage, 1);
  const later: number[] = [];
  for (let slot = 2; slot <= 17; slot++) later.push(await produce(stage, slot));
  // Chance decides who leads, and the leader's place how many steps the search takes: only a bound repeats exactly.
  const bound = Math.ceil(Math.max(...later) / 1_000) * 1_000;
  note(stage, "block rewards: produce a slot, at most", bound, about);
}

/** Lets the leader of a slot of the running epoch produce it; returns the gas. */
async function produce({ connection, clock }: GasStage, slotOfEpoch: number): Promise<number> {
  const { blockRewards } = connection.contracts;
  const { config, choices } = connection.deployment;
  const { slotsPerEpoch, slotSeconds } = config.clock;
  const slot = Number(await blockRewards.read.currentEpoch()) * slotsPerEpoch + slotOfEpoch;
  await clock.moveTo(choices.genesisTimestamp + slot * slotSeconds);
  const leader = await blockRewards.read.leaderOf([BigInt(slot)]);
  return gasOf(connection, leader, { ...blockRewards, functionName: "produce", args: [] });
}

/** Miners that the first, the second, … validator scores. */
const SIZES = [100, 1_000, 4_096];
const salt = keccak256(toBytes("salt"));

/** Commits to scores in the running epoch. */
async function measureCommits(stage: GasStage): Promise<void> {
  const { connection } = stage;
  const { scoreBoard } = connection.contracts;
  const chainId = await connection.reader.getChainId();
  const epoch = await scoreBoard.read.currentEpoch();
  for (const [i, size] of SIZES.entries()) {
    const validator = validators[i]!;
    const context = { chainId, scoreBoard: scoreBoard.address, validator, epoch, salt };
    const args = [commitmentOf(payloadOf(size), context)] as const;
    const gas = await gasOf(connection, validator, { ...scoreBoard, functionName: "commitScores", args });
    if (i === SIZES.length - 1) note(stage, "scores: commit", gas);
  }
}

/** Reveals the scores that were committed in `epoch`. */
async function measureReveals(stage: GasStage, epoch: number): Promise<void> {
  const { connection, chain } = stage;
  const { scoreBoard } = connection.contracts;
  for (const [i, size] of SIZES.entries()) {
    // As if this many miners had registered before the commit: registering them all would take minutes.
    const index = minerCountSlot(validators[i]!, BigInt(epoch));
    await chain.setStorageAt({ address: scoreBoard.address, index, value: toHex(size, { size: 32 }) });
    const args = [BigInt(epoch), payloadOf(size), salt] as const;
    const reveal = { ...scoreBoard, functionName: "revealScores", args } as const;
    await noteGas(stage, "scores: reveal, by miners", validators[i]!, reveal, { size });
  }
}

/** Storage slot of a commit's `minerCount` in the ScoreBoard: the commit's second word, in the mapping of slot 0. */
function minerCountSlot(validator: Address, epoch: bigint): Hex {
  const ofEpoch = keccak256(encodeAbiParameters([{ type: "uint64" }, { type: "uint256" }], [epoch, 0n]));
  const commit = keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [validator, ofEpoch]));
  return toHex(BigInt(commit) + 1n, { size: 32 });
}

function payloadOf(miners: number): Hex {
  return encodeScores(Array.from({ length: miners }, (_, i) => ({ minerId: i + 1, scoreU16: (i * 7_919) % 65_536 })));
}

/** What clients and miners send for tasks of the first miner. */
async function measureTasks(stage: GasStage): Promise<void> {
  const { connection } = stage;
  const { taskRegistry, token } = connection.contracts;
  const args = [taskRegistry.address, maxUint256] as const;
  await gasOf(connection, clientOf(stage), { ...token, functionName: "approve", args });
  await measureTask(stage, "the first of an epoch");
  await measureTask(stage, "another one");
  // Without zeros, which are cheaper.
  await measureTask(stage, "4 KiB in the transaction", toHex(new Uint8Array(4_096).fill(0xa5)));
  await measureMany(stage, 10);
  await measureProven(stage);
}

function clientOf({ accounts }: GasStage) {
  return accounts[24]!;
}

function minerOf({ accounts }: GasStage) {
  return accounts[21]!;
}

/** A client pays for a task, and the miner completes it; both transactions carry the content, or its hash alone. */
async function measureTask(stage: GasStage, which: string, content: Hex = "0x"): Promise<void> {
  const { connection } = stage;
  const { taskRegistry } = connection.contracts;
  const submit = { ...taskRegistry, functionName: "submitTask", args: await taskArgs(stage, content) } as const;
  await noteGas(stage, `task: submit, ${which}`, clientOf(stage), submit);
  const args = [await taskRegistry.read.taskCount(), keccak256(content), content] as const;
  const complete = { ...taskRegistry, functionName: "completeTask", args } as const;
  await noteGas(stage, `task: complete, ${which}`, minerOf(stage), complete);
}

/** Submits `count` tasks in one transaction, and completes them in another. */
async function measureMany(stage: GasStage, count: number): Promise<void> {
  const { connection } = stage;
  const { taskRegistry } = connection.contracts;
  const { abi } = taskRegistry;
  const before = await taskRegistry.read.taskCount();
  const submission = encodeFunctionData({ abi, functionName: "submitTask", args: await taskArgs(stage, "0x") });
  const submissions = Array.from({ length: count }, () => submission);
  const all = { ...taskRegistry, functionName: "multicall" } as const;
  const submits = await gasOf(connection, clientOf(stage), { ...all, args: [submissions] });
  const about = { size: count };
  note(stage, "task: submit, each of several in one transaction", Math.round(submits / count), about);
  const completions = Array.from({ length: count }, (_, i) =>
    encodeFunctionData({ abi, functionName: "completeTask", args: [before + BigInt(i + 1), keccak256("0x"), "0x"] }),
  );
  const completes = await gasOf(connection, minerOf(stage), { ...all, args: [completions] });
  note(stage, "task: complete, each of several in one transaction", Math.round(completes / count), about);
}

const verifying = parseAbi([
  "constructor()",
  "function verify(bytes proof, bytes32[] publicInputs) view returns (bool)",
]);

/**
 * Completes a digit with its proof; also notes what verifying the proof takes in a separate transaction. Measures
 * nothing without a prover.
 */
async function measureProven(stage: GasStage): Promise<void> {
  const complaint = proverComplaint();
  if (complaint !== undefined) {
    process.stderr.write(`The gas of proofs isn't measured. ${complaint}\n`);
    return;
  }
  const { connection, accounts } = stage;
  const { taskRegistry } = connection.contracts;
  const governor = accounts[0]!;
  const { modelHash } = readProvableModel(join(circuitsDirectory, "digits"));
  const verifier = await deployArtifact(connection, governor, "verifiers/DigitsVerifier", verifying, []);
  const typeId = (await taskRegistry.read.taskTypes()).length;
  const type = [10_000, parseEther("16"), verifier, modelHash] as const;
  await gasOf(connection, governor, { ...taskRegistry, functionName: "addTaskType", args: type });
  const { image } = digitImages[0]!;
  const task = await taskArgs(stage, bytesToHex(image), typeId);
  const submit = { ...taskRegistry, functionName: "submitTask", args: task } as const;
  await noteGas(stage, "task: submit a digit that is to be proven", clientOf(stage), submit);
  const taskId = await taskRegistry.read.taskCount();
  const { chainId } = connection.deployment;
  const owner = { chainId, registry: taskRegistry.address, taskId: Number(taskId), minerId: 1 };
  const work = { modelHash, input: image, result: Uint8Array.of(digitIn(image)) };
  const prover = openWorkProver(referenceStringOf(undefined, "local", undefined), 300_000);
  const proof = await prover.prove(work, proofBinding(owner), new AbortController().signal);
  const verified = await connection.reader.estimateContractGas({
    ...{ address: verifier, abi: verifying, functionName: "verify", account: governor },
    args: [proof, publicInputs(work, proofBinding(owner))],
  });
  note(stage, "task: verify the proof of a digit", Number(verified), { target: 720_000 });
  const args = [taskId, bytesToHex(work.input), bytesToHex(work.result), proof] as const;
  const completing = { ...taskRegistry, functionName: "completeTaskWithProof", args } as const;
  const about = { target: 900_000 };
  await noteGas(stage, "task: complete a digit with its proof", minerOf(stage), completing, about);
}

/** Arguments of a task for the first miner, with a sufficient fee and a deadline in a minute. */
async function taskArgs({ connection }: GasStage, input: Hex, typeId = 0) {
  const { timestamp } = await connection.reader.getBlock();
  return [1, typeId, parseEther("16"), timestamp + 60n, keccak256(input), input] as const;
}
