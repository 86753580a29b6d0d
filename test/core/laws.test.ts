import { expect } from "chai";
import fc from "fast-check";
import { type Address } from "viem";
import { type ComputedFrom } from "../../scripts/core/computeEpoch";
import { earningsOf } from "../../scripts/core/distribution/earnings";
import { payValidators } from "../../scripts/core/distribution/validators";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";
import { workOf } from "../../scripts/core/distribution/miners";
import { referencePolicyConstants } from "../shared/policies";
import { accountOf } from "../shared/rewardLists";
import {
  epochOf,
  factsOf,
  feesOf,
  largestReturn,
  type Network,
  networks,
  type Row,
  rowOver,
  stakeOf,
  type Tasks,
  tasksOf,
  type Validator,
  withRows,
  withTasks,
} from "../shared/workNetworks";

const runs = { numRuns: 200 };
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const expectAtMost = (amount: bigint, most: bigint, what: string): void => {
  expect(amount <= most, `${what}: ${amount} must be at most ${most}`).to.equal(true);
};

/** A network, and more tasks that one of its miners completes. */
const networksAndTasks = (kinds?: Parameters<typeof networks>[0]): fc.Arbitrary<readonly [Network, Tasks]> =>
  networks(kinds).chain((network) => fc.tuple(fc.constant(network), tasksOf(network.miners.length)));

/** A flag for each of at most five validators. */
const some = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });

const ofBothMinerRules = { minerRules: ["work", "incentive"] } as const;

const emissionOf = ({ result }: ComputedFrom): bigint => result.emission.emissionWei;
const unmetOf = ({ result }: ComputedFrom): bigint => result.burnedUnmetQuotaWei;

/** ⌈65535 · θ⌉: the score that silence gives. */
const neutralOf = ({ policy }: Network): number => Math.ceil((65_535 * policy.qualityThresholdBps) / 10_000);

describe("Laws", () => {
  describe("L1: work costs what it brings", () => {
    it("one more completed task, of any type and miner, never raises the emission by more than its fee", () => {
      const funds = fc.record({
        poolWei: fc.constantFrom(0n, 500n, 10n ** 40n),
        mintableWei: fc.constantFrom(0n, 10n ** 21n, 10n ** 40n),
      });
      fc.assert(
        fc.property(networksAndTasks(ofBothMinerRules), funds, ([network, task], funded) => {
          const one = { ...task, count: 1 };
          const [before, after] = [epochOf(network, funded), epochOf(withTasks(network, one), funded)];
          expectAtMost(emissionOf(after), emissionOf(before) + feesOf(network, one), "emission");
        }),
        runs,
      );
    });

    it("work brings at most its fees", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const absent = epochOf(withRows(network, () => null));
          expectAtMost(emissionOf(absent), absent.result.work.feesWei, "emission without presence");
        }),
        runs,
      );
    });
  });

  describe("L2: bad work burns its shortfall below θ, and silence burns nothing", () => {
    it("the unmet quota is at most Σ unproven fees · (θ − score) over the miners below θ, so at most θ of their fees", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const epoch = epochOf(network);
          expectAtMost(unmetOf(epoch), epoch.result.work.shortfallWeiWad / 10n ** 18n, "unmet quota");
          const thresholdWad = BigInt(network.policy.qualityThresholdBps) * 10n ** 14n;
          const bad = epoch.inputs.miners.filter(({ agreedScoreWad }) => agreedScoreWad < thresholdWad);
          const badFees = sumOf(bad.map(({ feesWei, provenFeesWei }) => feesWei - provenFeesWei));
          expectAtMost(unmetOf(epoch), (badFees * BigInt(network.policy.qualityThresholdBps)) / 10_000n, "unmet quota");
        }),
        runs,
      );
    });

    it("n more tasks, however bad, raise the unmet quota by at most ⌈θ · their fees⌉ and a wei of flooring", () => {
      fc.assert(
        fc.property(networksAndTasks(ofBothMinerRules), ([network, tasks]) => {
          const [before, after] = [epochOf(network), epochOf(withTasks(network, tasks))];
          const most = ceilDiv(feesOf(network, tasks) * BigInt(network.policy.qualityThresholdBps), 10_000n);
          expectAtMost(unmetOf(after), unmetOf(before) + most + 1n, "unmet quota");
        }),
        runs,
      );
    });

    it("the penalty is burned from the punished miner's own reward", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), fc.nat(10_000), (network, qualityPenaltyThresholdBps) => {
          const rewards = (policy: Network["policy"]) => {
            const { inputs, result } = epochOf({ ...network, policy });
            return { result, paid: network.miners.map((account) => earningsOf(inputs).get(account)?.miner ?? null) };
          };
          const without = rewards({ ...network.policy, qualityPenaltyThresholdBps: 0 });
          const penalised = rewards({ ...network.policy, qualityPenaltyThresholdBps });
          penalised.paid.forEach((miner, index) => {
            expect((miner?.amountWei ?? 0n) + (miner?.penaltyWei ?? 0n)).to.equal(without.paid[index]?.amountWei ?? 0n);
          });
          expect(penalised.result.validators).to.deep.equal(without.result.validators);
        }),
        runs,
      );
    });

    it("withholding any reveals never raises the unmet quota, beyond a wei of flooring; without a reveal it is zero", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), some, (network, withheld) => {
          const fewer = withRows(network, ({ row }, index) => (withheld[index]! ? null : row));
          expectAtMost(unmetOf(epochOf(fewer)), unmetOf(epochOf(network)) + 1n, "unmet quota");
          expect(unmetOf(epochOf(withRows(network, () => null)))).to.equal(0n);
        }),
        runs,
      );
    });

    it("a network with a silent validator burns at most what it burns without it, and what it burns if it gives everyone θ", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const silent = withRows(network, ({ row }, index) => (index === 0 ? null : row));
          const gone = { ...network, validators: silent.validators.slice(1) };
          const neutral = network.miners.map(() => neutralOf(network));
          const giving = withRows(network, ({ row }, index) => (index === 0 ? neutral : row));
          expectAtMost(unmetOf(epochOf(silent)), unmetOf(epochOf(gone)) + 1n, "unmet quota");
          const difference = unmetOf(epochOf(giving)) - unmetOf(epochOf(silent));
          expect(difference >= -1n && difference <= 1n, String(difference)).to.equal(true);
        }),
        runs,
      );
    });

    it("a validator that lists nobody leaves the same agreed scores, so the same burn, as an absent one", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const of = (said: Row | null) =>
            epochOf(withRows(network, ({ row }, index) => (index === 0 ? said : row))).inputs.miners.map(
              ({ agreedScoreWad }) => agreedScoreWad,
            );
          expect(of(network.miners.map(() => null))).to.deep.equal(of(null));
        }),
        runs,
      );
    });
  });

  describe("L3: nobody gains by others' absence", () => {
    /** The reward of each validator that revealed, with its delegators' parts. */
    const rewardsOf = ({ inputs, result }: ComputedFrom): ReadonlyMap<Address, bigint> => {
      const rewards = new Map<Address, bigint>();
      payValidators(result.validatorPools, inputs.stakers, inputs.policy.validatorRule, (_, __, ___, entry) => {
        rewards.set(entry.staker.account, entry.rewardWei);
      });
      return rewards;
    };

    it("under the rule \"stake\" a validator's pay doesn't rise when others withhold their reveals, except by its stake's share of the burn that their scores would have caused, and nine wei of flooring", () => {
      fc.assert(
        fc.property(networks({ ...ofBothMinerRules, rules: ["stake"] }), some, (network, withheld) => {
          const fewer = withRows(network, ({ row }, index) => (withheld[index]! ? null : row));
          const [before, after] = [epochOf(network), epochOf(fewer)];
          const undone = unmetOf(before) - unmetOf(after);
          const { activeStakeWei } = before.inputs.validators;
          const rewards = rewardsOf(before);
          for (const [account, rewardWei] of rewardsOf(after)) {
            const stakeWei = stakeOf(network.validators.find((one) => one.account === account)!);
            const share = undone * BigInt(network.policy.validatorShareBps) * stakeWei;
            const most = undone > 0n ? ceilDiv(share, 10_000n * activeStakeWei) : 0n;
            expectAtMost(rewardWei, rewards.get(account)! + most + 9n, `reward of ${account}`);
          }
        }),
        runs,
      );
    });

    it("under the rule \"stake\" others' absence raises a validator's pay by at most nine wei of flooring if no score is below θ", () => {
      fc.assert(
        fc.property(networks({ ...ofBothMinerRules, rules: ["stake"] }), some, (network, withheld) => {
          const good = withRows(
            network,
            ({ row }) => row && row.map((score) => score && Math.max(score, neutralOf(network))).map((s) => s || null),
          );
          const fewer = withRows(good, ({ row }, index) => (withheld[index]! ? null : row));
          const rewards = rewardsOf(epochOf(good));
          for (const [account, rewardWei] of rewardsOf(epochOf(fewer))) {
            expectAtMost(rewardWei, rewards.get(account)! + 9n, `reward of ${account}`);
          }
        }),
        runs,
      );
    });

    it("under every rule the validators that reveal get at most the pool for presence and their stake's share of that for work", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const { inputs, result } = epochOf(network);
          const { activeStakeWei, revealedStakeWei } = inputs.validators;
          const { presenceWei } = result.validatorPools;
          const workWei = result.validatorPoolWei - presenceWei;
          expectAtMost(
            result.validators.rewardsWei * activeStakeWei,
            presenceWei * activeStakeWei + workWei * revealedStakeWei,
            "rewards · active stake",
          );
        }),
        runs,
      );
    });

    it("a score above θ has the support of 32767/65535 of all active stake; one below θ has more than the rest against it", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const { inputs } = epochOf(network);
          const activeWei = sumOf(network.validators.map(stakeOf));
          const neutral = neutralOf(network);
          inputs.miners.forEach(({ agreedScoreWad }, miner) => {
            const agreed = Number((agreedScoreWad * 65_535n + 10n ** 18n - 1n) / 10n ** 18n);
            const stakeThat = (says: (score: number) => boolean): bigint =>
              sumOf(
                network.validators.map((validator) => {
                  const score = validator.row?.[miner] ?? null;
                  return score !== null && says(score) ? stakeOf(validator) : 0n;
                }),
              );
            if (agreed > neutral) {
              const support = stakeThat((score) => score >= agreed);
              expect(support * 65_535n >= 32_767n * activeWei, "supported").to.equal(true);
            } else if (agreed < neutral) {
              const against = stakeThat((score) => score < neutral);
              expect(against * 65_535n > 32_768n * activeWei, "opposed").to.equal(true);
            }
          });
        }),
        runs,
      );
    });

    it("less than 32767/65535 of the stake can't push a miner above the others' highest score, or below both their lowest and θ", () => {
      const attacks = networks().chain((network) =>
        fc.tuple(
          fc.constant(network),
          some,
          fc.array(fc.option(rowOver(network.miners.length)), { minLength: 5, maxLength: 5 }),
        ),
      );
      let tried = 0;
      fc.assert(
        fc.property(attacks, ([network, attacks, rows]) => {
          const attackers = network.validators.filter((_, index) => attacks[index]);
          const attackingWei = sumOf(attackers.map(stakeOf));
          fc.pre(attackingWei * 65_535n < 32_767n * sumOf(network.validators.map(stakeOf)));
          if (attackingWei > 0n) tried++;
          const attacked = epochOf(withRows(network, ({ row }, index) => (attacks[index]! ? rows[index]! : row)));
          const neutral = neutralOf(network);
          const others = network.validators.filter((one) => !attackers.includes(one) && stakeOf(one) > 0n);
          attacked.inputs.miners.forEach(({ agreedScoreWad }, miner) => {
            const given = others.map(({ row }) => row?.[miner] ?? neutral);
            const wadOf = (score: number): bigint => (BigInt(score) * 10n ** 18n) / 65_535n;
            expectAtMost(agreedScoreWad, wadOf(Math.max(...given)), "score");
            expectAtMost(wadOf(Math.min(...given, neutral)), agreedScoreWad, "least score");
          });
        }),
        runs,
      );
      expect(tried).to.be.above(50);
    });
  });

  describe("L4: stake and work count, heads don't", () => {
    /** Each person's earnings, by one of its accounts; `personOf` maps the others to that one. */
    const earnedBy = ({ inputs }: ComputedFrom, personOf: (account: Address) => Address = (account) => account) => {
      const earned = new Map<Address, { readonly wei: bigint; readonly payments: bigint }>();
      for (const [account, { earnedWei, stakes }] of earningsOf(inputs)) {
        const person = personOf(account);
        const before = earned.get(person) ?? { wei: 0n, payments: 0n };
        earned.set(person, { wei: before.wei + earnedWei, payments: before.payments + BigInt(stakes.length + 1) });
      }
      return earned;
    };

    /** Each payment is floored at most three times: the reward, its commission, and its parts. */
    const expectAlike = (one: ReturnType<typeof earnedBy>, other: typeof one, toleranceWei = 0n): void => {
      for (const person of new Set([...one.keys(), ...other.keys()])) {
        const [a, b] = [one, other].map((earned) => earned.get(person) ?? { wei: 0n, payments: 0n }) as [
          { wei: bigint; payments: bigint },
          { wei: bigint; payments: bigint },
        ];
        const apart = a.wei > b.wei ? a.wei - b.wei : b.wei - a.wei;
        expectAtMost(apart, 3n * (a.payments + b.payments) + toleranceWei, `what splitting changes for ${person}`);
      }
    };

    /** Splits the first validator into several seats: each has a part of its own stake, and each delegation is on one of them. */
    const split = (network: Network, parts: readonly number[]): Network => {
      const [first, ...others] = network.validators as [Validator, ...Validator[]];
      const total = parts.reduce((sum, part) => sum + part, 1);
      const stakes = parts.map((part) => (first.ownWei * BigInt(part)) / BigInt(total));
      const seats = [first.ownWei - sumOf(stakes), ...stakes].map((ownWei, seat, all) => ({
        ...first,
        ownWei,
        account: seat === 0 ? first.account : accountOf(9_000 + seat),
        delegations: first.delegations.filter((_, index) => index % all.length === seat),
      }));
      return { ...network, validators: [...seats, ...others] };
    };
    const seatOwner =
      (network: Network) =>
      (account: Address): Address =>
        BigInt(account) >= 9_000n ? network.validators[0]!.account : account;
    const parts = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 });

    it('a stake in several seats earns under the rule "stake" what it earns in one, up to three wei of flooring a payment, and so does everyone else', () => {
      fc.assert(
        fc.property(networks({ rules: ["stake"] }), parts, (network, sizes) => {
          // Without delegations: a delegator's part depends on its own seat's stake.
          const owned = { ...network, validators: network.validators.map((one) => ({ ...one, delegations: [] })) };
          const [together, apart] = [epochOf(owned), epochOf(split(owned, sizes))];
          expectAlike(earnedBy(together), earnedBy(apart, seatOwner(owned)));
          expect(apart.result.burnedUnmetQuotaWei).to.equal(together.result.burnedUnmetQuotaWei);
        }),
        runs,
      );
    });

    it('delegators of a validator with several seats earn under the rule "stake" what they earn if it has one, at any commission', () => {
      fc.assert(
        fc.property(networks({ rules: ["stake"] }), parts, (network, sizes) => {
          const [together, apart] = [epochOf(network), epochOf(split(network, sizes))];
          expectAlike(earnedBy(together), earnedBy(apart, seatOwner(network)));
        }),
        runs,
      );
    });

    it("a stake in several seats earns under yuma2 what it earns in one, to a millionth of the validators' pool, while nobody has bonds yet", () => {
      fc.assert(
        fc.property(networks({ rules: ["yuma2"] }), parts, (network, sizes) => {
          const [together, apart] = [epochOf(network), epochOf(split(network, sizes))];
          const toleranceWei = together.result.validatorPoolWei / 1_000_000n;
          expectAlike(earnedBy(together), earnedBy(apart, seatOwner(network)), toleranceWei);
        }),
        runs,
      );
    });

    it("under yuma3 the number of seats counts in bonds: three seats of one wei move ten points of the dividends", () => {
      const seat = (account: Address, ownWei: bigint, row: Row): Validator => ({
        account,
        ownWei,
        commissionBps: 0,
        delegations: [],
        row,
      });
      const task = { count: 1, difficultyBps: 1, tipWei: 0n, isProven: false };
      const network: Network = {
        constants: referencePolicyConstants,
        policy: { ...DEFAULT_POLICY, validatorRule: "yuma3" },
        halvings: 0,
        miners: [accountOf(1_000), accountOf(1_001)],
        tasks: [
          { ...task, miner: 0 },
          { ...task, miner: 1 },
        ],
        validators: [seat(accountOf(2_000), 600n, [65_535, 65_535]), seat(accountOf(2_001), 400n, [65_535, 0])],
      };
      const shareOfSecond = (epoch: ComputedFrom): number => {
        const dividends = epoch.inputs.stakers.map(({ dividend }) => Number(dividend!));
        return dividends[1]! / dividends.reduce((sum, dividend) => sum + dividend, 0);
      };
      // They bond to the miner in which only the first validator has a bond, and so dilute that bond.
      const dust = [1, 2, 3].map((id) => seat(accountOf(9_000 + id), 1n, [0, 65_535]));
      const crowded = { ...network, validators: [...network.validators, ...dust] };
      expect(shareOfSecond(epochOf(network))).to.be.closeTo(0.233, 0.001);
      expect(shareOfSecond(epochOf(crowded))).to.be.closeTo(0.339, 0.001);
      const byStake = { ...crowded, policy: { ...crowded.policy, validatorRule: "yuma2" as const } };
      expect(shareOfSecond(epochOf(byStake))).to.be.closeTo(0.25, 0.001);
    });

    /** Splits the first miner into two accounts, which divide its tasks and have the same scores. */
    const splitMiner = (network: Network): Network => ({
      ...network,
      miners: [...network.miners, accountOf(8_000)],
      tasks: network.tasks.flatMap((tasks) => {
        if (tasks.miner > 0) return [tasks];
        const half = Math.ceil(tasks.count / 3);
        return [
          { ...tasks, count: half },
          { ...tasks, count: tasks.count - half, miner: network.miners.length },
        ];
      }),
      validators: network.validators.map((one) => ({ ...one, row: one.row && [...one.row, one.row[0]!] })),
    });
    const minerOwner =
      (network: Network) =>
      (account: Address): Address =>
        account === accountOf(8_000) ? network.miners[0]! : account;

    it('under the rule "stake" a miner with two accounts earns what it earns with one, up to a wei an account, and all others earn exactly the same', () => {
      fc.assert(
        fc.property(networks({ rules: ["stake"] }), (network) => {
          const [together, apart] = [epochOf(network), epochOf(splitMiner(network))];
          const [one, other] = [earnedBy(together), earnedBy(apart, minerOwner(network))];
          const first = network.miners[0]!;
          const difference = (one.get(first)?.wei ?? 0n) - (other.get(first)?.wei ?? 0n);
          expect(difference >= -2n && difference <= 2n, String(difference)).to.equal(true);
          for (const [person, { wei }] of one) if (person !== first) expect(other.get(person)?.wei).to.equal(wei);
        }),
        runs,
      );
    });

    it("under every rule a miner with two accounts gets the miners' reward of one account, up to a wei an account", () => {
      fc.assert(
        fc.property(networks(), (network) => {
          const minersOf = ({ result }: ComputedFrom, personOf: (account: Address) => Address) => {
            const sums = new Map<Address, bigint>(network.miners.map((account) => [account, 0n]));
            for (const { account, amountWei } of result.miners.rewards) {
              sums.set(personOf(account), sums.get(personOf(account))! + amountWei);
            }
            return [...sums.values()];
          };
          const one = minersOf(epochOf(network), (account) => account);
          const other = minersOf(epochOf(splitMiner(network)), minerOwner(network));
          one.forEach((wei, index) => {
            const apart = wei - other[index]!;
            expect(index === 0 ? apart >= -2n && apart <= 2n : apart === 0n, String(apart)).to.equal(true);
          });
        }),
        runs,
      );
    });

    it("idle miners of any number and with any scores change nothing for anyone, under any rule", () => {
      const sybils = networks().chain((network) =>
        fc.tuple(fc.constant(network), fc.array(rowOver(network.validators.length), { minLength: 1, maxLength: 20 })),
      );
      fc.assert(
        fc.property(sybils, ([network, columns]) => {
          const crowded: Network = {
            ...network,
            miners: [...network.miners, ...columns.map((_, index) => accountOf(8_000 + index))],
            validators: network.validators.map((one, index) => ({
              ...one,
              row: one.row && [...one.row, ...columns.map((column) => column[index]!)],
            })),
          };
          const [alone, withSybils] = [epochOf(network).result, epochOf(crowded).result];
          expect(withSybils.miners).to.deep.equal(alone.miners);
          expect(withSybils.validators).to.deep.equal(alone.validators);
          expect(withSybils.burnedUnmetQuotaWei).to.equal(alone.burnedUnmetQuotaWei);
        }),
        runs,
      );
    });
  });

  describe("L5: a miner is paid for work, and buying from oneself loses", () => {
    it("a miner earns at most minerFeeCap of its work, so of its fees, and nothing without work, under every rule", () => {
      fc.assert(
        fc.property(networks(ofBothMinerRules), (network) => {
          const { inputs } = epochOf(network);
          const earnings = earningsOf(inputs);
          for (const miner of inputs.miners) {
            const cap = BigInt(network.policy.minerFeeCapBps!);
            const earnedWei = earnings.get(miner.account)?.earnedWei ?? 0n;
            expectAtMost(earnedWei, (workOf(miner) * cap) / 10n ** 22n, "reward");
            expectAtMost(earnedWei, (miner.feesWei * cap) / 10_000n, "reward");
          }
        }),
        runs,
      );
    });

    /** Everything that anyone earns in an epoch. */
    const earnedOf = ({ result }: ComputedFrom): bigint =>
      result.miners.rewardsWei + result.validators.rewardsWei + result.daoWei;

    /**
     * Buying is worth at most max(ρ, cap + (1 − minerShare) · ρ) of the fees: the pools grow by ρ of them, or the miners' limit
     * by cap and the other pools by ρ. Every payment that was floored before may be a wei more, and each pool too.
     */
    const expectLoss = (
      network: Network,
      tasks: Tasks,
      [before, after]: readonly [ComputedFrom, ComputedFrom],
    ): void => {
      const { policy, constants } = network;
      const [n, d] = largestReturn(policy, constants);
      const feesWei = feesOf(network, tasks);
      const limited = BigInt(policy.minerFeeCapBps!) * d + BigInt(10_000 - policy.minerShareBps) * n;
      const returned = limited > 10_000n * n ? limited : 10_000n * n;
      const payments = BigInt(
        network.miners.length + network.validators.reduce((sum, one) => sum + 2 + one.delegations.length, 0),
      );
      const gainWei = earnedOf(after) - earnedOf(before);
      expectAtMost(gainWei, ceilDiv(feesWei * returned, 10_000n * d) + payments + 6n, "gain");
      expectAtMost(gainWei, feesWei + payments + 6n, "gain, of the fees");
      const dust = (payments + 7n) * 10_000n * d;
      if (feesWei * (10_000n * d - returned) > dust) expect(gainWei < feesWei, "gain below fees").to.equal(true);
    };

    it('a holder of all stake, all miners and the DAO who buys k tasks earns at most max(ρ, cap + (1 − minerShare) · ρ) of their fees more under the rule "stake", so less than it paid if ρ < 1', () => {
      fc.assert(
        fc.property(networksAndTasks({ rules: ["stake"] }), ([network, tasks]) => {
          expectLoss(network, tasks, [epochOf(network), epochOf(withTasks(network, tasks))]);
        }),
        { numRuns: 1_000 },
      );
    });

    it("the same holds under Yuma's rules, if every reveal lists every miner and someone has a dividend before and after", () => {
      const full = networksAndTasks({ rules: ["yuma2", "yuma3"] }).map(
        ([network, tasks]) =>
          [withRows(network, ({ row }) => row && row.map((score) => score ?? neutralOf(network))), tasks] as const,
      );
      const hasDividends = ({ inputs }: ComputedFrom) => inputs.stakers.some(({ dividend }) => dividend! > 0n);
      fc.assert(
        fc.property(full, ([network, tasks]) => {
          const epochs = [epochOf(network), epochOf(withTasks(network, tasks))] as const;
          fc.pre(epochs.every(hasDividends));
          expectLoss(network, tasks, epochs);
        }),
        runs,
      );
    });
  });

  it("are tested on consistent facts: fees are those of the tasks, and active stake is that of the validators", () => {
    fc.assert(
      fc.property(networks(ofBothMinerRules), (network) => {
        const facts = factsOf(network);
        const { inputs } = epochOf(network);
        expect(sumOf(facts.miners.map(({ feesWei }) => feesWei))).to.equal(
          sumOf(network.tasks.map((tasks) => feesOf(network, tasks))),
        );
        expect(inputs.validators.activeStakeWei).to.equal(sumOf(network.validators.map(stakeOf)));
      }),
    );
  });
});
