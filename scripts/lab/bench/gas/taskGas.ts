import { encodeFunctionData, type Hex, keccak256, maxUint256, parseEther, toHex } from "viem";
import { gasOf, type GasStage, note } from "./gasNetwork";

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

/** The first miner, the first type, a fee that is enough, a minute. */
async function taskArgs({ connection }: GasStage, input: Hex) {
  const { timestamp } = await connection.reader.getBlock();
  return [1, 0, parseEther("16"), timestamp + 60n, keccak256(input), input] as const;
}
