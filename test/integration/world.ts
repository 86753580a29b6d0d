import { type Address, concatHex, type Hex, keccak256, numberToHex, toBytes } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { registerMiner } from "../../scripts/actions/miners";
import { nodeAccounts } from "../../scripts/chain/signer";
import { submitTask, completeTask, inputOf, resultOf } from "../../scripts/actions/tasks";
import { transact } from "../../scripts/chain/transact";
import { delegate } from "../../scripts/actions/stakes";
import { registerValidator } from "../../scripts/actions/validators";
import { commitmentOf, encodeScores } from "../../scripts/core/scores";
import { type EpochArchive, openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { type DevelopmentNode } from "../shared/node";

export const MDT = 10n ** 18n;

/** Everyone on the network, by what they do. The keeper deployed it and holds every role. */
export interface People {
  readonly keeper: Address;
  readonly validators: readonly Address[];
  readonly delegators: readonly Address[];
  readonly miners: readonly Address[];
  readonly client: Address;
  readonly stranger: Address;
}

/** What a world needs of its node. */
export type LivingNode = Pick<DevelopmentNode, "control" | "dataDirectory" | "deploy" | "advanceTo"> & {
  stop(): void | Promise<void>;
};

/** A network on a node of its own, with its participants. */
export interface World<N extends LivingNode = DevelopmentNode> {
  readonly node: N;
  readonly connection: Connection;
  readonly people: People;
  /** Every account of the node: all that can own tokens. */
  readonly accounts: readonly Address[];
}

/** Deploys on `node`, and lets everyone register, stake and delegate in epoch 0: they count from epoch 2. */
export async function createWorld<N extends LivingNode>(node: N): Promise<World<N>> {
  const connection = await node.deploy();
  const accounts = (await nodeAccounts(connection.reader)).map((account) => account.toLowerCase() as Address);
  const people = {
    keeper: accounts[0]!,
    validators: accounts.slice(1, 5),
    delegators: accounts.slice(5, 8),
    miners: accounts.slice(8, 11),
    client: accounts[11]!,
    stranger: accounts[12]!,
  };
  for (const [index, validator] of people.validators.entries()) {
    const stakeWei = BigInt(index + 1) * 100n * MDT + BigInt(index);
    await registerValidator(connection, validator, { stakeWei, commissionBps: index * 500 });
  }
  for (const [index, delegator] of people.delegators.entries()) {
    for (const validator of people.validators) {
      await delegate(connection, delegator, validator, BigInt(index + 1) * 20n * MDT + 1n);
    }
  }
  for (const miner of people.miners) await registerMiner(connection, miner);
  return { node, connection, people, accounts };
}

/** Unix seconds at which `slot` of `epoch` begins. */
export function startOf({ connection }: World<LivingNode>, epoch: number, slot = 0): bigint {
  const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
  return BigInt(connection.deployment.choices.genesisTimestamp + (epoch * slotsPerEpoch + slot) * slotSeconds);
}

/** Mines a block in the first second of an epoch's slot. */
export function goTo(world: World<LivingNode>, epoch: number, slot = 0): Promise<void> {
  return world.node.advanceTo(startOf(world, epoch, slot));
}

/** Mines the block from which on `epoch` can be settled. */
export function goToDue(world: World<LivingNode>, epoch: number): Promise<void> {
  return goTo(world, epoch + 1, world.connection.deployment.config.clock.revealSlots);
}

/** The client pays for a task, and its miner completes it. */
export async function doTask(
  { connection, people }: World<LivingNode>,
  minerIndex: number,
  typeId: number,
): Promise<void> {
  const request = { minerId: minerIndex + 1, typeId, seconds: 600, ...inputOf("question") };
  const { taskId } = await submitTask(connection, people.client, request);
  await completeTask(connection, people.miners[minerIndex]!, taskId, resultOf("answer"));
}

/** Scores that a validator committed to. */
export interface Sealed {
  readonly validator: Address;
  readonly epoch: bigint;
  readonly payload: Hex;
  readonly salt: Hex;
}

/** Scores for the miners, in their order. */
export function payloadOf(scoresU16: readonly number[]): Hex {
  return encodeScores(scoresU16.map((scoreU16, index) => ({ minerId: index + 1, scoreU16 })));
}

/** A payload that names a miner twice. */
export const malformedPayload: Hex = concatHex([payloadOf([65_535]), payloadOf([65_535])]);

export async function commit(
  world: World<LivingNode>,
  validator: Address,
  epoch: number,
  payload: Hex,
): Promise<Sealed> {
  const { connection } = world;
  const { scoreBoard } = connection.contracts;
  const sealed = { validator, epoch: BigInt(epoch), payload, salt: keccak256(toBytes(`${validator} ${epoch}`)) };
  const chainId = await connection.reader.getChainId();
  const commitment = commitmentOf(payload, { ...sealed, chainId, scoreBoard: scoreBoard.address });
  await transact(connection, validator, { ...scoreBoard, functionName: "commitScores", args: [commitment] });
  return sealed;
}

export async function reveal(
  { connection }: World<LivingNode>,
  { validator, epoch, payload, salt }: Sealed,
): Promise<void> {
  const { scoreBoard } = connection.contracts;
  const args = [epoch, payload, salt] as const;
  await transact(connection, validator, { ...scoreBoard, functionName: "revealScores", args });
}

/**
 * An ordinary epoch, from its start to the moment at which it is due: a task for each miner, and every active validator
 * scores them.
 */
export async function liveThrough(
  world: World<LivingNode>,
  epoch: number,
  scoreOf = (miner: number, validator: number): number => 60_000 - 9_000 * miner - 1_000 * validator,
): Promise<void> {
  const { connection, people } = world;
  if ((await connection.contracts.treasury.read.currentEpoch({ blockTag: "pending" })) < epoch) {
    await goTo(world, epoch);
  }
  for (const index of people.miners.keys()) await doTask(world, index, index);
  const [active] = await connection.contracts.staking.read.activeStakes([BigInt(epoch)]);
  const sealed: Sealed[] = [];
  for (const [index, validator] of active.entries()) {
    const scores = people.miners.map((_, miner) => scoreOf(miner, index));
    sealed.push(await commit(world, validator, epoch, payloadOf(scores)));
  }
  await goTo(world, epoch + 1);
  for (const one of sealed) await reveal(world, one);
  await goToDue(world, epoch);
}

/** Settles epochs 0 and 1 in which nobody had stake, lives through epoch 2, and settles it. @returns The archive. */
export async function settleThreeEpochs(world: World<LivingNode>): Promise<EpochArchive> {
  const { connection, node, people } = world;
  const archive = await openArchive(connection, node.dataDirectory);
  const settle = () => settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
  await goToDue(world, 1);
  await settle();
  await settle();
  await liveThrough(world, 2);
  await settle();
  return archive;
}

/** A number as bytes32, for values that are easy to tell apart. */
export function bytes32(value: number): Hex {
  return numberToHex(value, { size: 32 });
}
