import { type Address, type Hex } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { type EpochFacts, type Funds, type MinerFacts, type ValidatorFacts } from "../../scripts/core/assembleInputs";
import { judgePolicies, type PublishedPolicy } from "../../scripts/core/policy/history";
import { lowerCase } from "../../scripts/core/address";
import { policyConstants } from "../../scripts/config/networkConfig";

/** What was committed to and revealed for an epoch, by validator in lower case. */
export interface Revealed {
  /** Null for who forgot. */
  readonly payload: Hex | null;
  readonly minersAtCommit: number;
}

/** Facts of an epoch that its author knows, but that no view of the contracts returns. */
export interface Known {
  readonly revealed: ReadonlyMap<Address, Revealed>;
  readonly policies: readonly PublishedPolicy[];
  /** Everyone who ever delegated to a validator. */
  readonly delegatorsOf: ReadonlyMap<Address, ReadonlySet<Address>>;
  /** How many miners had registered by the end of the epoch. */
  readonly miners: readonly Address[];
}

/**
 * The facts of an epoch from what its author knows, and from views of the contracts only: no event is read, so the time does
 * not grow with the age of the chain.
 */
export async function factsOf(connection: Connection, epoch: number, known: Known): Promise<EpochFacts> {
  const { contracts, deployment } = connection;
  const { emission } = deployment.config;
  const [validators, miners, tasks] = await Promise.all([
    validatorFacts(connection, epoch, known),
    minerFacts(connection, epoch, known.miners),
    contracts.taskRegistry.read.epochTasks([BigInt(epoch)]),
  ]);
  const policies = judgePolicies(known.policies, policyConstants(deployment.choices.network, deployment.config));
  return {
    epoch,
    policy: policies.timeline.policyAt(epoch),
    ruleBefore: policies.timeline.policyAt(epoch - 1).validatorRule,
    baseRewardWei: emission.baseRewardWei,
    halvingIntervalEpochs: emission.halvingIntervalEpochs,
    tasks: { completed: Number(tasks[0]), difficultySumBps: Number(tasks[1]) },
    validators,
    miners,
  };
}

async function validatorFacts(
  { contracts }: Connection,
  epoch: number,
  { revealed, delegatorsOf }: Known,
): Promise<readonly ValidatorFacts[]> {
  const { stakingLens } = contracts;
  const seated = await stakingLens.read.seatedValidators([BigInt(epoch)]);
  return Promise.all(
    seated.map(async ({ validator, ownWei, totalWei, commissionBps }) => {
      const account = lowerCase(validator);
      const delegators = [...delegatorsOf.get(account)!];
      const stakes = await stakingLens.read.delegationsAt([account, delegators, BigInt(epoch)]);
      const delegations = delegators
        .map((delegator, index) => ({ account: delegator, stakeWei: stakes[index]! }))
        .filter(({ stakeWei }) => stakeWei > 0n);
      const { payload = null, minersAtCommit = 0 } = revealed.get(account) ?? {};
      return { account, ownWei, totalWei, commissionBps, delegations, payload, minersAtCommit };
    }),
  );
}

async function minerFacts(
  { contracts }: Connection,
  epoch: number,
  miners: readonly Address[],
): Promise<readonly MinerFacts[]> {
  const work = await contracts.taskRegistry.read.minerWork([BigInt(epoch), 1n, BigInt(miners.length)]);
  return miners.map((account, index) => ({ account, ...work[index]! }));
}

/** The funds for a settlement right now. */
export async function fundsNow({ contracts }: Connection): Promise<Funds> {
  const { token, pool, treasury } = contracts;
  const [poolWei, mintableWei] = await Promise.all([pool.read.available(), token.read.mintable([treasury.address])]);
  return { poolWei, mintableWei };
}
