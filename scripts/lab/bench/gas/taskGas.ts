import { encodeFunctionData, type Hex, keccak256, maxUint256, parseAbi, parseEther, toHex } from "viem";
import { deployFixture, gasOf, type GasStage, note } from "./gasNetwork";

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

/** So many tasks are submitted in one transaction, and completed in another. */
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

/** What verifying the proof of a digit takes, and the proof's bytes. */
const verifierGas = 683_289;
const proofBytes = 6_720;

/** A digit is completed with a proof, which a verifier judges that takes as much gas as that of the digits model. */
async function measureProven(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { taskRegistry } = connection.contracts;
  const governor = accounts[0]!;
  const abi = parseAbi(["constructor(uint256 gas)"]);
  const verifier = await deployFixture(connection, governor, "MeteredVerifier", abi, [BigInt(verifierGas)]);
  const type = [10_000, parseEther("16"), verifier, `0x00${"5a".repeat(31)}` as Hex] as const;
  const typeId = (await taskRegistry.read.taskTypes()).length;
  await gasOf(connection, governor, { ...taskRegistry, functionName: "addTaskType", args: type });
  const image = toHex(new Uint8Array(49).fill(0xa5));
  const task = await taskArgs(stage, image, typeId);
  const submits = await gasOf(connection, clientOf(stage), { ...taskRegistry, functionName: "submitTask", args: task });
  note(stage, { name: "task: submit a digit that is to be proven", size: 1 }, submits);
  const args = [
    await taskRegistry.read.taskCount(),
    image,
    "0x07",
    toHex(new Uint8Array(proofBytes).fill(0xa5)),
  ] as const;
  const completing = { ...taskRegistry, functionName: "completeTaskWithProof", args } as const;
  const completes = await gasOf(connection, minerOf(stage), completing);
  const name = `task: complete with a proof that takes ${verifierGas} gas to verify`;
  note(stage, { name, size: 1, target: 900_000 }, completes);
}

/** The first miner, a fee that is enough, a minute. */
async function taskArgs({ connection }: GasStage, input: Hex, typeId = 0) {
  const { timestamp } = await connection.reader.getBlock();
  return [1, typeId, parseEther("16"), timestamp + 60n, keccak256(input), input] as const;
}
