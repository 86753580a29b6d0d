import { type Address, getAbiItem, type Hex, zeroAddress } from "viem";
import { type Connection } from "../../chain/connection";
import { listMiners, pageSize } from "../../chain/miners";
import { type EpochFacts, type Funds, type MinerFacts, type ValidatorFacts } from "../../core/assembleInputs";
import { lastBlockBefore, nextTimestamp } from "../../chain/blocks";
import { readLogs } from "../../chain/logs";
import { judgePolicies } from "../../core/policy/history";
import { requireWholeEvents } from "./missingEvents";
import { readPolicies, readPolicyConstants } from "./readPolicies";
import { noProgress, type OnProgress } from "../../core/progress";
import { readPositions } from "./readPositions";
import { lowerCase } from "../../core/strictJson";
import { sum } from "../../core/fixedPoint";

/** The reveal window of an epoch is still open, so its facts can change. */
export class EpochNotOverError extends Error {
  override readonly name = "EpochNotOverError";
}

/** A miner with the number of its tasks, which is for showing only: fees are what counts. */
interface CollectedMiner extends MinerFacts {
  readonly completedTasks: number;
}

/** The facts of an epoch, and up to which block its events were read. */
export interface CollectedFacts {
  /** The last block before the end of the reveal window. */
  readonly inputBlock: bigint;
  readonly facts: Omit<EpochFacts, "miners"> & { readonly miners: readonly CollectedMiner[] };
}

/**
 * Reads everything that decides `epoch`. Every view is keyed by the epoch and final when its reveal window closes, so any
 * later block gives the same answers and no archive node is needed; events are read up to the input block.
 * @throws EpochNotOverError while scores may still be revealed.
 * @throws MissingEventsError where the events that an endpoint gave are not all that there are.
 */
export async function collectFacts(
  connection: Connection,
  epoch: number,
  onProgress = noProgress,
): Promise<CollectedFacts> {
  const { contracts, deployment } = connection;
  const inputBlock = await inputBlockOf(connection, epoch);
  const [validators, miners, published, constants, tasks] = await Promise.all([
    readValidators(connection, epoch, inputBlock, onProgress),
    readMiners(connection, epoch),
    readPolicies(connection, inputBlock),
    readPolicyConstants(connection),
    contracts.taskRegistry.read.epochTasks([BigInt(epoch)]),
  ]);
  const { baseRewardWei, halvingIntervalEpochs } = deployment.config.emission;
  const policies = judgePolicies(published, constants);
  const facts = {
    epoch,
    policy: policies.policyAt(epoch),
    ruleBefore: policies.policyAt(epoch - 1).validatorRule,
    baseRewardWei,
    halvingIntervalEpochs,
    tasks: { completed: Number(tasks[0]), difficultySumBps: Number(tasks[1]) },
    validators,
    miners,
  };
  return { inputBlock, facts };
}

/** What can pay for an emission right now. */
export async function readFunds({ contracts }: Connection): Promise<Funds> {
  const { token, pool, treasury } = contracts;
  const [poolWei, mintableWei] = await Promise.all([pool.read.available(), token.read.mintable([treasury.address])]);
  return { poolWei, mintableWei };
}

async function inputBlockOf({ reader, contracts }: Connection, epoch: number): Promise<bigint> {
  const [revealEnd, now] = await Promise.all([
    contracts.treasury.read.revealEnd([BigInt(epoch)]),
    nextTimestamp(reader),
  ]);
  if (now < revealEnd) {
    throw new EpochNotOverError(
      `Epoch ${epoch} is not over: its scores may be revealed for another ${revealEnd - now} seconds.`,
    );
  }
  // Asked for after the time, so that no block from before the end of the window is newer than it.
  return (await lastBlockBefore(reader, revealEnd, await reader.getBlockNumber())) ?? 0n;
}

/** The seated validators, jailed ones too, with their stake, their delegators and what they revealed. */
async function readValidators(
  connection: Connection,
  epoch: number,
  toBlock: bigint,
  onProgress: OnProgress,
): Promise<readonly ValidatorFacts[]> {
  const { staking, stakingLens, scoreBoard } = connection.contracts;
  const [seated, indexOne, positions, payloads] = await Promise.all([
    stakingLens.read.seatedValidators([BigInt(epoch)]),
    staking.read.INDEX_ONE(),
    readPositions(connection, epoch, toBlock, onProgress),
    readPayloads(connection, epoch, toBlock),
  ]);
  const commits = await scoreBoard.read.commitsOf([BigInt(epoch), seated.map(({ validator }) => validator)]);
  return seated.map(({ validator, ownWei, totalWei, index, commissionBps }, i) => {
    const account = lowerCase(validator);
    const { isRevealed, minerCount: minersAtCommit } = commits[i]!;
    const shares = positions.get(account) ?? new Map<Address, bigint>();
    const worth = (held: bigint): bigint => (held * index) / indexOne;
    requireWholeEvents(`The own stake of ${account} in wei`, worth(shares.get(account) ?? 0n), ownWei);
    requireWholeEvents(`The whole stake of ${account} in wei`, worth(sum(shares.values())), totalWei);
    const payload = payloads.get(account) ?? null;
    requireWholeEvents(`Whether ${account} revealed scores for epoch ${epoch}`, payload !== null, isRevealed);
    const delegations = [...shares]
      .filter(([holder]) => holder !== account && holder !== zeroAddress)
      .map(([holder, held]) => ({ account: holder, stakeWei: worth(held) }));
    return { account, ownWei, totalWei, commissionBps, delegations, payload, minersAtCommit };
  });
}

/** What was revealed for `epoch`, by validator. */
async function readPayloads({ reader, contracts, deployment }: Connection, epoch: number, toBlock: bigint) {
  const { address, abi } = contracts.scoreBoard;
  const payloads = new Map<Address, Hex>();
  for await (const { args } of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "ScoresRevealed" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock,
  })) {
    if (args.epoch === BigInt(epoch)) payloads.set(lowerCase(args.validator), args.payload);
  }
  return payloads;
}

/** The miners that had registered by the end of `epoch`, and the work of each that counts for it. */
async function readMiners(connection: Connection, epoch: number): Promise<readonly CollectedMiner[]> {
  const { taskRegistry } = connection.contracts;
  const all = await listMiners(connection);
  const registered = all.filter(({ activeFromEpoch }) => activeFromEpoch <= BigInt(epoch) + 1n);
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(registered.length / pageSize) }, (_, page) =>
      taskRegistry.read.minerWork([BigInt(epoch), BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  const work = pages.flat();
  return registered.map(({ account }, index) => ({ account: lowerCase(account), ...work[index]! }));
}
