import { awaitingReveal } from "../client/revealWindow";
import { readSupply } from "../client/supply";
import { epochStatus } from "../keeper/epochStatus";
import { policyOutlook } from "../keeper/policyOutlook";
import { readPolicies } from "../keeper/readPolicies";
import { validVersions } from "../keeper/core/policy/published";
import { type Heads } from "./heads";
import { type ApiSource } from "./source";

/** So many changes of the policy are told ahead. */
const stepsAhead = 50;

/** What the API tells of the network as a whole. */
export function networkView({ connection }: ApiSource, heads: Heads) {
  const { deployment, contracts, reader } = connection;
  const { choices, config, addresses } = deployment;
  const { clock, emission, settlement, staking, tasks } = config;
  const epochSeconds = clock.slotSeconds * clock.slotsPerEpoch;

  const readToken = async () => {
    const [name, symbol, decimals] = await Promise.all([
      contracts.token.read.name(),
      contracts.token.read.symbol(),
      contracts.token.read.decimals(),
    ]);
    return { name, symbol, decimals };
  };

  const deploymentFacts = heads.once(async () => ({
    id: deployment.id,
    chainId: await reader.getChainId(),
    network: choices.network,
    contracts: addresses,
    dao: choices.dao,
    token: await readToken(),
    clock: {
      genesisTimestamp: choices.genesisTimestamp,
      slotSeconds: clock.slotSeconds,
      slotsPerEpoch: clock.slotsPerEpoch,
      revealSlots: clock.revealSlots,
    },
    emission,
    claimDelaySeconds: settlement.claimDelaySeconds,
    staking: { minimumStakeWei: staking.minimumStakeWei, seats: staking.seats },
    taskTypeNames: tasks.types.map(({ name }) => name),
  }));

  const status = async () => {
    const [head, now, awaited] = await Promise.all([
      heads.current(),
      epochStatus(connection),
      awaitingReveal(connection),
    ]);
    const halvings = Math.floor((now.epoch ?? 0) / emission.halvingIntervalEpochs);
    const nextHalvingEpoch = (halvings + 1) * emission.halvingIntervalEpochs;
    return {
      ...now,
      headBlock: Number(head.number),
      overdueSeconds: Math.max(0, now.timestamp - now.dueAt),
      ceilingWei: await contracts.treasury.read.emissionCeiling([BigInt(now.epoch ?? 0)]),
      halvings,
      nextHalvingEpoch,
      nextHalvingAt: choices.genesisTimestamp + nextHalvingEpoch * epochSeconds,
      awaitingReveal: awaited?.validators ?? [],
    };
  };

  const policy = heads.once(async ({ number, timestamp }) => {
    const published = await readPolicies(connection, number);
    const { versions, ignored } = validVersions(published);
    const epoch = Math.max(0, Math.floor((Number(timestamp) - choices.genesisTimestamp) / epochSeconds));
    const { inForce, nextSteps, hasMoreSteps } = policyOutlook(versions, epoch, stepsAhead);
    return {
      ...inForce,
      published: published.map(({ fromEpoch, json }, index) => ({
        index,
        fromEpoch: Number(fromEpoch),
        json,
        problem: ignored.find((one) => one.index === index)?.problem ?? null,
      })),
      nextSteps,
      hasMoreSteps,
    };
  });

  return { deploymentFacts, status, policy, supply: heads.once(() => readSupply(connection)) };
}
