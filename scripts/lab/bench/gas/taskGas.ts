import { join } from "node:path";
import { bytesToHex, encodeFunctionData, type Hex, keccak256, maxUint256, parseAbi, parseEther, toHex } from "viem";
import { circuitsDirectory } from "../../../config/folders";
import { proofBinding, publicInputs } from "../../../core/proofStatement";
import { digitIn } from "../../../nodes/digits/model";
import { digitImages } from "../../../nodes/digits/samples";
import { proverComplaint, readProvableModel, referenceStringOf } from "../../../nodes/prover/installation";
import { openWorkProver } from "../../../nodes/prover/workProver";
import { deployArtifact, gasOf, type GasStage, note } from "./gasNetwork";

/** What clients and miners send for tasks of the first miner. */
export async function measureTasks(stage: GasStage): Promise<void> {
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
  const task = await taskArgs(stage, content);
  const submits = await gasOf(connection, clientOf(stage), { ...taskRegistry, functionName: "submitTask", args: task });
  note(stage, { name: `task: submit, ${which}`, size: 1 }, submits);
  const taskId = await taskRegistry.read.taskCount();
  const args = [taskId, keccak256(content), content] as const;
  const completes = await gasOf(connection, minerOf(stage), { ...taskRegistry, functionName: "completeTask", args });
  note(stage, { name: `task: complete, ${which}`, size: 1 }, completes);
}

/** How many tasks are submitted in one transaction, and completed in another. */
async function measureMany(stage: GasStage, count: number): Promise<void> {
  const { connection } = stage;
  const { taskRegistry } = connection.contracts;
  const { abi } = taskRegistry;
  const before = await taskRegistry.read.taskCount();
  const submission = encodeFunctionData({ abi, functionName: "submitTask", args: await taskArgs(stage, "0x") });
  const submissions = Array.from({ length: count }, () => submission);
  const all = { ...taskRegistry, functionName: "multicall" } as const;
  const submits = await gasOf(connection, clientOf(stage), { ...all, args: [submissions] });
  note(stage, { name: "task: submit, each of several in one transaction", size: count }, Math.round(submits / count));
  const completions = Array.from({ length: count }, (_, i) =>
    encodeFunctionData({
      abi,
      functionName: "completeTask",
      args: [before + BigInt(i + 1), keccak256("0x"), "0x"],
    }),
  );
  const completes = await gasOf(connection, minerOf(stage), { ...all, args: [completions] });
  note(
    stage,
    { name: "task: complete, each of several in one transaction", size: count },
    Math.round(completes / count),
  );
}

const verifying = parseAbi([
  "constructor()",
  "function verify(bytes proof, bytes32[] publicInputs) view returns (bool)",
]);

/** A digit is completed with its proof; what verifying that takes in a transaction of its own is noted, too. Nothing without a prover. */
async function measureProven(stage: GasStage): Promise<void> {
  const complaint = proverComplaint();
  if (complaint !== undefined) {
    process.stderr.write(`No proof's gas is measured. ${complaint}\n`);
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
  const submits = await gasOf(connection, clientOf(stage), { ...taskRegistry, functionName: "submitTask", args: task });
  note(stage, { name: "task: submit a digit that is to be proven", size: 1 }, submits);
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
  note(stage, { name: "task: verify the proof of a digit", size: 1, target: 720_000 }, Number(verified));
  const args = [taskId, bytesToHex(work.input), bytesToHex(work.result), proof] as const;
  const completing = { ...taskRegistry, functionName: "completeTaskWithProof", args } as const;
  const completes = await gasOf(connection, minerOf(stage), completing);
  note(stage, { name: "task: complete a digit with its proof", size: 1, target: 900_000 }, completes);
}

/** The first miner, a fee that is enough, a minute. */
async function taskArgs({ connection }: GasStage, input: Hex, typeId = 0) {
  const { timestamp } = await connection.reader.getBlock();
  return [1, typeId, parseEther("16"), timestamp + 60n, keccak256(input), input] as const;
}
