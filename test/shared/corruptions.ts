import { type Address, type Hex, zeroHash } from "viem";
import { type ComputedEpoch, treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { type CumulativeRewards, type Settlement } from "../../scripts/core/settlement";
import { DEFAULT_POLICY, policyHash } from "../../scripts/core/policy/policy";
import { type RewardTree } from "../../scripts/core/rewardTree/buildRewardTree";
import { type DelayedWorld } from "./delayedNetwork";

/** What a thief with the keeper's key could do to the honest settlement, within what the Treasury accepts. */
export interface Corruption {
  readonly what: string;
  /** The field that verification must name. */
  readonly field: keyof Settlement;
  /** Whether the root promises other rewards than the posted ones in the right proportions, so that it must be vetoed. */
  readonly isRootWrong: boolean;
  /** The changed fields; the new rewards if the root is built again. */
  readonly corrupt: (
    honest: ComputedEpoch,
    world: DelayedWorld,
  ) => Partial<Settlement> & { readonly rewards?: CumulativeRewards };
}

type Entries = [Address, bigint][];

function moved({ carried }: ComputedEpoch, change: (entries: Entries) => Entries) {
  return { rewards: new Map(change([...carried.cumulative])) };
}

function plus([account, amountWei]: [Address, bigint], wei: bigint): [Address, bigint] {
  return [account, amountWei + wei];
}

const nothing = { burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, daoShare: 0n, returned: 0n };

export const corruptions: readonly Corruption[] = [
  {
    what: "everything for the thief",
    field: "rewardsRoot",
    isRootWrong: true,
    corrupt: ({ tree }, { people }) => ({ rewards: new Map([[people.stranger, tree.list.totalWei]]) }),
  },
  {
    what: "one wei moved between two accounts",
    field: "rewardsRoot",
    isRootWrong: true,
    corrupt: (honest) => moved(honest, ([first, second, ...rest]) => [plus(first!, 1n), plus(second!, -1n), ...rest]),
  },
  {
    what: "two accounts swapped",
    field: "rewardsRoot",
    isRootWrong: true,
    corrupt: (honest) =>
      moved(honest, ([first, second, ...rest]) => [[first![0], second![1]], [second![0], first![1]], ...rest]),
  },
  {
    what: "a miner left out",
    field: "rewardsRoot",
    isRootWrong: true,
    corrupt: (honest) => moved(honest, ([, ...rest]) => rest),
  },
  {
    what: "one wei moved from the miners to the validators",
    field: "minerRewards",
    isRootWrong: true,
    corrupt: ({ settlement: { minerRewards, validatorRewards } }) => ({
      minerRewards: minerRewards - 1n,
      validatorRewards: validatorRewards + 1n,
    }),
  },
  {
    what: "the most that the schedule allows, all for the thief",
    field: "emission",
    isRootWrong: true,
    corrupt: ({ carried }, { connection, people }) => {
      const emission = connection.deployment.config.emission.baseRewardWei;
      const rewards = new Map(carried.cumulative).set(people.stranger, emission);
      return { ...nothing, emission, minerRewards: emission, validatorRewards: 0n, rewards };
    },
  },
  {
    what: "an emission below what the utility calls for",
    field: "emission",
    isRootWrong: false,
    corrupt: ({ settlement: { emission, daoShare } }) => ({ emission: emission - 1n, daoShare: daoShare - 1n }),
  },
  {
    what: "burned to 70 %, the rest for the thief",
    field: "burnedUnmetQuota",
    isRootWrong: true,
    corrupt: ({ settlement: { emission } }, { people }) => {
      const burnedUnmetQuota = (emission * 7_000n) / 10_000n;
      const minerRewards = emission - burnedUnmetQuota;
      const rewards = new Map([[people.stranger, minerRewards]]);
      return { ...nothing, burnedUnmetQuota, minerRewards, validatorRewards: 0n, rewards };
    },
  },
  {
    what: "nothing at all",
    field: "emission",
    isRootWrong: false,
    corrupt: () => ({ ...nothing, emission: 0n, minerRewards: 0n, validatorRewards: 0n, rewardsRoot: zeroHash }),
  },
  {
    what: "everything returned to the pool",
    field: "minerRewards",
    isRootWrong: false,
    corrupt: ({ settlement: { emission } }) => ({
      ...nothing,
      minerRewards: 0n,
      validatorRewards: 0n,
      returned: emission,
      rewardsRoot: zeroHash,
    }),
  },
  {
    what: "another policy than the published one",
    field: "policyHash",
    isRootWrong: false,
    corrupt: () => ({ policyHash: policyHash(DEFAULT_POLICY) }),
  },
  {
    what: "a wrong quality",
    field: "qualityWad",
    isRootWrong: false,
    corrupt: ({ settlement: { qualityWad } }) => ({ qualityWad: qualityWad - 1n }),
  },
  {
    what: "a wrong utility",
    field: "utilityWad",
    isRootWrong: false,
    corrupt: ({ settlement: { utilityWad } }) => ({ utilityWad: utilityWad + 1n }),
  },
  {
    what: "other inputs than the chain's",
    field: "inputsHash",
    isRootWrong: false,
    corrupt: ({ settlement: { rewardsRoot } }) => ({ inputsHash: rewardsRoot }),
  },
];

/** A corrupted settlement, and the tree of its root if that was built again. */
export interface Corrupted {
  readonly settlement: Settlement;
  readonly tree: RewardTree | undefined;
}

/** Completes it so that the Treasury accepts it: its root is that of the corrupted rewards. */
export async function corrupted(
  { corrupt }: Corruption,
  honest: ComputedEpoch,
  world: DelayedWorld,
): Promise<Corrupted> {
  const { rewards, ...fields } = corrupt(honest, world);
  const tree = rewards && (await treeOfRewards(world.connection, rewards));
  const root: { rewardsRoot?: Hex } = tree === undefined ? {} : { rewardsRoot: tree.root };
  return { settlement: { ...honest.settlement, ...fields, ...root }, tree };
}
