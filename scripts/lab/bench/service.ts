import { type Address, keccak256, maxUint256, parseEther, toBytes } from "viem";
import { countCalls } from "../../chain/connection";
import { openArchive } from "../../keeper/archive/epochArchive";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { commitmentOf } from "../../core/scores";
import { type KeeperEvent } from "../../keeper/run/keeperEvents";
import { runKeeper } from "../../keeper/run/keeper";
import { gasOf, type GasStage, moveToEpoch, onNetwork, type OpenNetwork } from "./gas/gasNetwork";
import { type BenchRow, manyAccounts, row } from "./measure";
import { inTemporaryFolder } from "../temporaryFolder";

const MDT = 10n ** 18n;
const salt = keccak256(toBytes("salt"));
/** There are no miners to score. */
const scores = "0x";

/**
 * What the keeper's service needs for an epoch: JSON-RPC calls, and seconds from its first look at the due epoch until
 * it has seen its settlement mined. The participants are one validator and its delegators, none of them paid before.
 * @param sizes Numbers of participants.
 */
export async function serviceRows(open: OpenNetwork, sizes: readonly number[]): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of sizes) {
    await onNetwork(open, loadNetworkConfig("local"), async (stage) => {
      await settleableEpoch(stage, size);
      const { calls, seconds } = await inTemporaryFolder((folder) => measureKeeper(stage, folder));
      rows.push(row("keeper: RPC calls for an epoch", "calls", size, calls));
      rows.push(row("keeper: from due to mined", "s", size, seconds));
    });
  }
  return rows;
}

/** Makes epoch 0 due: everyone's stake counts for it, and the validator has revealed its scores. */
async function settleableEpoch(stage: GasStage, participants: number): Promise<void> {
  const { connection, accounts } = stage;
  const { staking, scoreBoard, treasury } = connection.contracts;
  const validator = accounts[1]!;
  await moveToEpoch(stage, -1);
  await approveStaking(stage, validator);
  const terms = [validator, 1_000, 1_000n * MDT, maxUint256] as const;
  await gasOf(connection, validator, { ...staking, functionName: "registerValidator", args: terms });
  const accountAt = manyAccounts(participants);
  for (let i = 1; i < participants; i++) await delegate(stage, accountAt(i), validator);
  await moveToEpoch(stage, 0);
  const chainId = await connection.reader.getChainId();
  const context = { chainId, scoreBoard: scoreBoard.address, validator, epoch: 0n, salt };
  const commitment = [commitmentOf(scores, context)] as const;
  await gasOf(connection, validator, { ...scoreBoard, functionName: "commitScores", args: commitment });
  await moveToEpoch(stage, 1);
  await gasOf(connection, validator, { ...scoreBoard, functionName: "revealScores", args: [0n, scores, salt] });
  await stage.clock.moveTo(Number(await treasury.read.revealEnd([0n])));
}

async function delegate(stage: GasStage, delegator: Address, validator: Address): Promise<void> {
  const { connection, accounts, chain } = stage;
  const { token, staking } = connection.contracts;
  await chain.impersonateAccount({ address: delegator });
  await chain.setBalance({ address: delegator, value: parseEther("1") });
  await gasOf(connection, accounts[2]!, { ...token, functionName: "transfer", args: [delegator, 5n * MDT] });
  await approveStaking(stage, delegator);
  await gasOf(connection, delegator, { ...staking, functionName: "delegate", args: [validator, 5n * MDT] });
}

async function approveStaking({ connection }: GasStage, holder: Address): Promise<void> {
  const { token, staking } = connection.contracts;
  await gasOf(connection, holder, { ...token, functionName: "approve", args: [staking.address, maxUint256] });
}

/** Runs the service until it reports that its settlement is mined. */
async function measureKeeper(
  { connection, accounts }: GasStage,
  folder: string,
): Promise<{ calls: number; seconds: number }> {
  let calls = 0;
  const counted = countCalls(connection, () => calls++);
  const stopping = new AbortController();
  const problems: KeeperEvent[] = [];
  const tell = (event: KeeperEvent) => {
    if (event.kind === "failed" || event.kind === "halted") problems.push(event);
    if (event.kind === "mined" || problems.length > 0) stopping.abort(event.kind);
  };
  const clock = () => performance.now() / 1_000;
  const archive = await openArchive(connection, folder);
  const start = clock();
  const settings = {
    archive,
    singleEndpoints: () => [],
    endpointCount: 1,
    accuse: () => false,
    signer: accounts[0]!,
    acceptedEpoch: () => undefined,
    tell,
    clock,
  };
  await runKeeper({ ...settings, connection: counted, stopping: stopping.signal, random: Math.random });
  const [problem] = problems;
  if (problem !== undefined && "reason" in problem) throw new Error(`The keeper did not settle: ${problem.reason}.`);
  return { calls, seconds: clock() - start };
}
