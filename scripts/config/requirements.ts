import { BPS } from "../core/fixedPoint";
import { type Policy } from "../core/policy/fields";
import { policyAt, type PolicyVersion } from "../core/policy/versions";
import { type NetworkConfig } from "./networkConfig";

/** Something that must hold of a configuration, and what to say where it does not. */
export type Requirement = readonly [holds: boolean, complaint: string];

/**
 * How the numbers of a network must fit together, in the order in which complaints are made.
 * @param name Of the network; `local` alone may pay without a claim delay and give tokens to a node's accounts.
 */
export function requirementsOf(name: string, config: NetworkConfig): readonly Requirement[] {
  const isLocal = name === "local";
  return [...timeAndMoney(config), ...settling(isLocal, config), ...prices(config), ...taskFees(config)];
}

function timeAndMoney({ clock, supply, emission, policies }: NetworkConfig): readonly Requirement[] {
  const committed = supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei;
  return [
    [clock.revealSlots < clock.slotsPerEpoch, "clock.revealSlots must be below clock.slotsPerEpoch"],
    [
      supply.maxSupplyWei < 2n ** 96n,
      "supply.maxSupplyMdt must be below 2^96 wei, because claims are stored in 96 bits",
    ],
    [
      committed <= supply.maxSupplyWei,
      "supply.maxSupplyMdt must hold the DAO's allocation and both allowances together",
    ],
    [emission.baseRewardWei > 0n, "emission.baseRewardMdt must be above 0"],
    [emission.blockRewardWei > 0n, "emission.blockRewardMdt must be above 0"],
    [
      supply.treasuryAllowanceWei >= 2n * emission.baseRewardWei * BigInt(emission.halvingIntervalEpochs),
      "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule",
    ],
    [policies[0]!.fromEpoch === 0, "policies[0].fromEpoch must be 0"],
  ];
}

function settling(isLocal: boolean, { settlement, supply }: NetworkConfig): readonly Requirement[] {
  return [
    [
      isLocal || settlement.claimDelaySeconds > 0,
      "settlement.claimDelaySeconds must be above 0, time to veto a bad root",
    ],
    [isLocal || supply.nodeAccountAllocationWei === 0n, "supply.nodeAccountAllocationMdt must be 0 outside local"],
    [
      settlement.claimDelaySeconds === 0 || settlement.payRecipientsUpTo === 0,
      "settlement.payRecipientsUpTo must be 0 where there is a claim delay: a root that is pending pays nobody",
    ],
  ];
}

function prices({ validatorPrice, minerPrice, staking }: NetworkConfig): readonly Requirement[] {
  return [
    [staking.minimumStakeWei > 0n, "staking.minimumStakeMdt must be above 0"],
    [
      staking.seatSafeEpochs <= staking.exitDelayEpochs,
      "staking.seatSafeEpochs must be at most staking.exitDelayEpochs: a seat whose stake was taken out again must not stay safe for longer than the stake waits",
    ],
    ...Object.entries({ validatorPrice, minerPrice }).map(([field, { floorWei, ceilingWei }]): Requirement => [
      floorWei > 0n && floorWei <= ceilingWei,
      `${field}.floorMdt must be above 0 and at most ${field}.ceilingMdt`,
    ]),
  ];
}

/** Under every policy that will ever be in force, ramps included. */
function taskFees(config: NetworkConfig): readonly Requirement[] {
  const { tasks, policies } = config;
  return tasks.types.map(({ name, minimumFeeWei }) => [
    !policies.some((_, index) => cheapTaskFee(minimumFeeWei, config, policies.slice(0, index + 1))),
    `tasks.types "${name}": minimumFeeMdt · maxExpectedTasks must be at least baseRewardMdt · (w1 + w2), or buying tasks pays`,
  ]);
}

/**
 * Whether under the last of `versions`, in any epoch of its ramp, buying all the tasks that an epoch expects at this fee
 * costs less than the emission that they bring.
 */
export function cheapTaskFee(
  minimumFeeWei: bigint,
  { emission }: Pick<NetworkConfig, "emission">,
  versions: readonly PolicyVersion[],
): boolean {
  return policiesOf(versions, versions.at(-1)!).some(
    (policy) => !costsMoreThanItBrings(minimumFeeWei, emission.baseRewardWei, policy),
  );
}

/** The policy in each epoch of the ramp of the last of `versions`; its own alone where there is no ramp. */
function policiesOf(versions: readonly PolicyVersion[], { fromEpoch, rampEpochs }: PolicyVersion): readonly Policy[] {
  return Array.from({ length: Math.max(rampEpochs, 1) }, (_, step) => policyAt(versions, fromEpoch + step));
}

/** Whether buying all the tasks that an epoch expects costs at least the emission that they can bring. */
function costsMoreThanItBrings(minimumFeeWei: bigint, baseRewardWei: bigint, policy: Policy): boolean {
  const [volumeBps, difficultyBps] = policy.weightsBps;
  return minimumFeeWei * BigInt(policy.maxExpectedTasks) * BPS >= baseRewardWei * BigInt(volumeBps + difficultyBps);
}
