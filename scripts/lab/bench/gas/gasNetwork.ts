import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Abi,
  type Address,
  type ContractFunctionName,
  createTestClient,
  createWalletClient,
  type Hex,
  type TestClient,
} from "viem";
import { type Connection } from "../../../chain/connection";
import { type Signer } from "../../../chain/signer";
import { type ContractCall, transact } from "../../../chain/transact";
import { type NetworkConfig } from "../../../config/networkConfig";
import { type Stage } from "../../demo/story";
import { openParallelHasher } from "../../../keeper/compute/parallelHasher";
import { buildRewardTree, type RewardTree } from "../../../core/rewardTree/buildRewardTree";
import { type CumulativeReward } from "../../../core/rewardTree/rewardList";
import { type BenchRow, manyAccounts, row } from "../measure";

/** Starts a freshly deployed network whose time stands still. */
export type OpenNetwork = (config: NetworkConfig) => Promise<Stage & { close(): Promise<void> }>;

/** A network on which gas is measured, and what was measured on it so far. */
export interface GasStage extends Stage {
  readonly chain: TestClient;
  readonly rows: BenchRow[];
}

/** How many accounts, leaves or rows a measurement is about, and how much it may take. */
interface About {
  readonly size?: number;
  /** If missing, "gas": that of the whole transaction. */
  readonly unit?: string;
  readonly target?: number | undefined;
  /** What the same costs in the bare contract. */
  readonly bareGas?: number | undefined;
}

const BARE_CLAIM = "MinimalClaim.sol: no protections";

/** Measures on a network of its own, and returns the rows. */
export async function onNetwork(
  open: OpenNetwork,
  config: NetworkConfig,
  measure: (stage: GasStage) => Promise<void>,
): Promise<readonly BenchRow[]> {
  const network = await open(config);
  try {
    const chain = createTestClient({ mode: "hardhat", transport: network.connection.transport });
    const stage: GasStage = { ...network, chain, rows: [] };
    await measure(stage);
    return stage.rows;
  } finally {
    await network.close();
  }
}

/** Sends a call; returns the gas that it used. */
export async function gasOf<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  connection: Connection,
  signer: Signer,
  call: ContractCall<A, F>,
): Promise<number> {
  const { gasUsed } = await transact(connection, signer, call);
  return Number(gasUsed);
}

/**
 * Deploys a contract that hardhat has compiled.
 * @param source Its file in contracts/, which has the contract's name.
 */
export async function deployArtifact(
  { reader, transport }: Connection,
  sender: Address,
  source: string,
  abi: Abi,
  args: readonly unknown[],
): Promise<Address> {
  const artifact = join(__dirname, `../../../../artifacts/contracts/${source}.sol/${basename(source)}.json`);
  const { bytecode } = JSON.parse(readFileSync(artifact, "utf8")) as { readonly bytecode: Hex };
  const wallet = createWalletClient({ account: sender, transport });
  const hash = await wallet.deployContract({ abi, bytecode, args, chain: null });
  return (await reader.waitForTransactionReceipt({ hash })).contractAddress!;
}

/** Notes measured gas as a row. */
export function note(
  { rows }: GasStage,
  name: string,
  gas: number,
  { size = 1, unit = "gas", target, bareGas }: About = {},
): void {
  const peer = bareGas === undefined ? null : BARE_CLAIM;
  rows.push(row(name, unit, size, gas, { target: target ?? null, peer, peerValue: bareGas ?? null }));
}

/** Sends a call, and notes the gas that it used. */
export async function noteGas<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  stage: GasStage,
  name: string,
  signer: Signer,
  call: ContractCall<A, F>,
  about: About = {},
): Promise<void> {
  note(stage, name, await gasOf(stage.connection, signer, call), about);
}

/** Runs `work` and undoes it: afterwards the chain and its time are as before. */
export async function undone<T>({ chain, clock, connection }: GasStage, work: () => Promise<T>): Promise<T> {
  const { timestamp } = await connection.reader.getBlock();
  const id = await chain.snapshot();
  const result = await work();
  await chain.revert({ id });
  await clock.moveTo(Number(timestamp));
  return result;
}

/** Moves time to the first second of an epoch. */
export async function moveToEpoch({ connection, clock }: GasStage, epoch: number): Promise<void> {
  const { config, choices } = connection.deployment;
  await clock.moveTo(choices.genesisTimestamp + epoch * config.clock.slotSeconds * config.clock.slotsPerEpoch);
}

/** Roughly what an account earns per epoch, in wei. */
const EARNED_WEI = 123_456_789_012_345_678n;

/** The tree of the first `size` accounts of `manyAccounts` after `epochs` epochs. */
export async function treeAfter({ connection }: GasStage, epochs: number, size: number): Promise<RewardTree> {
  const chainId = BigInt(await connection.reader.getChainId());
  const accountAt = manyAccounts(size);
  const rewards = {
    length: size,
    *[Symbol.iterator](): Generator<CumulativeReward> {
      for (let i = 0; i < size; i++) {
        yield { account: accountAt(i), cumulativeWei: BigInt(epochs) * (EARNED_WEI + BigInt(i)) };
      }
    },
  };
  return buildRewardTree({ chainId, treasury: connection.contracts.treasury.address }, rewards, openParallelHasher);
}
