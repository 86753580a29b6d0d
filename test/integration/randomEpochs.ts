import fc from "fast-check";
import { maxUint256 } from "viem";
import { BalanceError } from "../../scripts/actions/plan";
import { delegate, stake } from "../../scripts/actions/stakes";
import { redelegate, unstake, withdraw } from "../../scripts/actions/unstakes";
import { registerValidator } from "../../scripts/actions/validators";
import { submitTask, refundTask, inputOf } from "../../scripts/actions/tasks";
import { listTasks } from "../../scripts/views/taskRecords";
import { RefusedError, transact } from "../../scripts/chain/transact";
import { bytes32, commit, doTask, malformedPayload, MDT, payloadOf, type Sealed, type World } from "./world";

const validator = fc.nat(3);
const delegator = fc.nat(2);
const amountWei = fc.bigInt(1n, 120n * MDT);
const u16 = fc.oneof(fc.constantFrom(0, 65_535), fc.integer({ min: 0, max: 65_535 }));

/** An act that changes stakes or the pool. */
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("stake" as const), validator, amountWei }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delegate" as const), validator, delegator, amountWei }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("undelegate" as const),
      validator,
      delegator,
      amountWei: fc.bigInt(1n, 40n * MDT),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("redelegate" as const),
      validator,
      to: validator,
      delegator,
      amountWei: fc.bigInt(1n, 40n * MDT),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("unstake" as const), validator, amountWei: fc.bigInt(1n, 40n * MDT) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), validator }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("register" as const), validator }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), validator, delegator }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("slash" as const), validator, bps: fc.integer({ min: 1, max: 3_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unjail" as const), validator }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("recycle" as const), amountWei }) },
);

export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What a validator does with its scores. */
const scoring = fc.record({
  kind: fc.constantFrom("reveals", "reveals", "reveals", "forgets", "malformed", "silent"),
  scores: fc.array(u16, { minLength: 3, maxLength: 3 }),
});

const epochPlan = fc.record({
  acts: fc.array(act, { minLength: 4, maxLength: 7 }),
  tasks: fc.array(fc.record({ miner: fc.nat(2), type: fc.nat(2) }), { maxLength: 4 }),
  openTask: fc.boolean(),
  scorings: fc.array(scoring, { minLength: 4, maxLength: 4 }),
  keeperIsAway: fc.constantFrom(true, false, false),
});

export type EpochPlan = typeof epochPlan extends fc.Arbitrary<infer T> ? T : never;

/** `count` random epochs, the same for the same seed. */
export function epochPlans(count: number, seed: number): readonly EpochPlan[] {
  return fc.sample(epochPlan, { numRuns: count, seed });
}

/** The errors with which a contract may refuse a random act; any other is a defect. */
const ordinaryRefusals: ReadonlySet<string> = new Set([
  "AlreadyRegistered",
  "InsufficientStake",
  "InvalidRedelegation",
  "NotAValidator",
  "NotJailed",
  "NothingToSlash",
  "RedelegatedRecently",
  "RedelegationPending",
  "SlashCapExceeded",
  "StakeBelowMinimum",
  "StillJailed",
]);

/** Tries an act. @returns Its kind if it succeeded, or the name of the refusal. */
export async function tryAct(world: World, act: Act): Promise<string> {
  try {
    await perform(world, act);
    return act.kind;
  } catch (error) {
    if (error instanceof BalanceError) return error.name;
    if (error instanceof RefusedError && ordinaryRefusals.has(error.errorName)) return error.errorName;
    throw error;
  }
}

async function perform({ connection, people }: World, act: Act): Promise<void> {
  const { staking, pool, token } = connection.contracts;
  const { keeper, client } = people;
  const who = people.validators["validator" in act ? act.validator : 0]!;
  const delegating = people.delegators["delegator" in act ? act.delegator : 0]!;
  switch (act.kind) {
    case "stake":
      await stake(connection, who, act.amountWei);
      return;
    case "delegate":
      await delegate(connection, delegating, who, act.amountWei);
      return;
    case "undelegate":
      await unstake(connection, delegating, who, act.amountWei);
      return;
    case "redelegate":
      await redelegate(connection, delegating, who, people.validators[act.to]!, act.amountWei);
      return;
    case "unstake":
      await unstake(connection, who, who, act.amountWei);
      return;
    case "leave":
      await unstake(connection, who, who, maxUint256);
      return;
    case "register":
      await registerValidator(connection, who, { stakeWei: 64n * MDT, commissionBps: 1_800 });
      return;
    case "withdraw":
      await withdraw(connection, delegating, who);
      await withdraw(connection, who, who);
      return;
    case "slash":
      await transact(connection, keeper, {
        ...staking,
        functionName: "slash",
        args: [who, BigInt(act.bps), bytes32(act.bps)],
      });
      return;
    case "unjail":
      await transact(connection, who, { ...staking, functionName: "unjail", args: [] });
      return;
    case "recycle":
      await transact(connection, client, { ...token, functionName: "transfer", args: [pool.address, act.amountWei] });
  }
}

/** Tasks that are completed, one that stays open, and those of earlier epochs whose fees the client reclaims. */
export async function work(world: World, { tasks, openTask }: EpochPlan): Promise<void> {
  const { connection, people } = world;
  const { client } = people;
  const { timestamp } = await connection.reader.getBlock();
  for (const { taskId, status, deadline } of await listTasks(connection)) {
    if (status === "open" && deadline <= timestamp) await refundTask(connection, client, taskId);
  }
  for (const { miner, type } of tasks) await doTask(world, miner, type);
  if (openTask) await submitTask(connection, client, { minerId: 1, typeId: 0, seconds: 100, ...inputOf("open") });
}

/** Every active validator commits, or doesn't. @returns The scores to reveal. */
export async function score(world: World, epoch: number, { scorings }: EpochPlan): Promise<readonly Sealed[]> {
  const { people, connection } = world;
  const sealed: Sealed[] = [];
  for (const [index, { kind, scores }] of scorings.entries()) {
    const account = people.validators[index]!;
    if (kind === "silent" || !(await connection.contracts.staking.read.isActive([account, BigInt(epoch)]))) continue;
    const payload = kind === "malformed" ? malformedPayload : payloadOf(scores);
    const committed = await commit(world, account, epoch, payload);
    if (kind !== "forgets") sealed.push(committed);
  }
  return sealed;
}
