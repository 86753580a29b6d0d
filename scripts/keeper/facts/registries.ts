/** What the registries hold: every miner, and every policy. */
import { keccak256, stringToBytes, type Address } from "viem";
import { type Connection } from "../../chain/connection";
import { type Deployment } from "../../chain/deployment";
import { type Fold } from "../../chain/events/eventLog";
import { type PolicyConstants } from "../../core/policy/bounds";
import { judgePolicies, type PolicyHistory, type PublishedPolicy } from "../../core/policy/history";
import { requireWholeEvents } from "../../chain/badAnswers";

const published: Fold<PublishedPolicy[]> = {
  names: ["PolicyPublished"],
  start: () => [],
  copy: (policies) => [...policies],
  apply: (policies, event) => {
    if (event.name === "PolicyPublished") policies.push({ fromEpoch: event.args.fromEpoch, json: event.args.json });
  },
};

/**
 * Every policy version published so far, valid or not, in the order of publication.
 * @throws MissingEventsError if the policies differ from the PolicyRegistry's in number or hash.
 */
async function readPolicies({ reader, contracts, events }: Connection): Promise<readonly PublishedPolicy[]> {
  const { read } = contracts.policyRegistry;
  const blockNumber = await reader.getBlockNumber();
  const view = events.at(blockNumber);
  const [policies, count, checked] = await Promise.all([
    view.fold(published),
    read.policyCount({ blockNumber }),
    view.take<number>(checkedKey),
  ]);
  requireWholeEvents("The number of policies", BigInt(policies.length), count);
  await Promise.all(
    policies.slice(checked ?? 0).map(async ({ json }, i) => {
      const index = (checked ?? 0) + i;
      const [, hash] = await read.policyAt([BigInt(index)], { blockNumber });
      requireWholeEvents(`The hash of policy ${index}`, keccak256(stringToBytes(json)), hash);
    }),
  );
  await view.keep(checkedKey, Number(blockNumber), policies.length);
  return policies;
}

/** Key under which the number of policies that agreed with the registry is kept. */
const checkedKey = {};

/** Judged policies by deployment: a version is judged once, however often the policies are read. */
const judged = new WeakMap<Deployment, PolicyHistory>();

/**
 * Every version published so far, each judged.
 * @throws MissingEventsError like readPolicies.
 */
export async function readPolicyHistory(connection: Connection): Promise<PolicyHistory> {
  const [published, constants] = await Promise.all([readPolicies(connection), readPolicyConstants(connection)]);
  const history = judgePolicies(published, constants, judged.get(connection.deployment));
  judged.set(connection.deployment, history);
  return history;
}

/**
 * The constants that policies are judged by, from the chain itself: a network's file may differ from one machine to the
 * next.
 */
export async function readPolicyConstants({ contracts, deployment }: Connection): Promise<PolicyConstants> {
  const { treasury, taskRegistry } = contracts;
  const [baseRewardWei, maxDaoShareBps, volumeFeeWei, difficultyFeeWei] = await Promise.all([
    treasury.read.baseRewardWei(),
    treasury.read.maxDaoShareBps(),
    taskRegistry.read.volumeFeeWei(),
    taskRegistry.read.difficultyFeeWei(),
  ]);
  const isLocal = deployment.choices.network === "local";
  return { baseRewardWei, maxDaoShareBps, volumeFeeWei, difficultyFeeWei, isLocal };
}

/** A miner as it registered. */
export interface RegisteredMiner {
  readonly minerId: number;
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
}

const registered: Fold<RegisteredMiner[]> = {
  names: ["MinerRegistered"],
  start: () => [],
  copy: (miners) => [...miners],
  apply: (miners, event) => {
    if (event.name !== "MinerRegistered") return;
    const { minerId, account, activeFromEpoch } = event.args;
    miners.push({ minerId, account, activeFromEpoch: Number(activeFromEpoch) });
  },
};

/**
 * Every miner, by id.
 * @throws MissingEventsError if the TaskRegistry counts a different number.
 */
export async function readMiners({ reader, contracts, events }: Connection): Promise<readonly RegisteredMiner[]> {
  const blockNumber = await reader.getBlockNumber();
  const [miners, count] = await Promise.all([
    events.at(blockNumber).fold(registered),
    contracts.taskRegistry.read.minerCount({ blockNumber }),
  ]);
  requireWholeEvents("The number of miners", BigInt(miners.length), BigInt(count));
  return miners;
}
