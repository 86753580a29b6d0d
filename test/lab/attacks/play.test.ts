import { expect } from "chai";
import { parseMdt } from "../../../scripts/show/amounts";
import { type Epoch, incomeOf, play } from "../../../scripts/lab/attacks/play";
import {
  boughtTasks,
  clientsTasks,
  GOOD_BPS,
  miner,
  repeated,
  seats,
  share,
  Target,
  truth,
  world,
} from "../../../scripts/lab/attacks/attack";
import { networksOf } from "../../../scripts/lab/attacks/stress";

const network = networksOf("reference")[0]!;
/** Block rewards of 288 slots, an opening and a sealing. */
const blocksWei = parseMdt("580");

describe("A played world", () => {
  it("pays each person its part of the core's rewards and of the block rewards", () => {
    const epoch: Epoch = {
      seats: [share("one", 60, truth), { ...share("two", 40, truth), isJailed: false }],
      miners: new Target(network).honestMiners(1_000),
    };
    const { incomeWei, results } = play(world(network, epoch));
    const { emission, returnedWei } = results[0]!;
    const total = [...incomeWei.values()].reduce((wei, one) => wei + one, 0n);
    expect(total).to.equal(emission.emissionWei - returnedWei + blocksWei);
    expect([...incomeWei.keys()].sort()).to.deep.equal(["dao", "miners", "one", "two"]);
    expect(Number(incomeWei.get("one")) / Number(incomeWei.get("two"))).to.be.closeTo(1.5, 1e-9);
  });

  it("books the fees that clients pay: after a halving half of them, rounded up", () => {
    const epoch: Epoch = {
      seats: [],
      miners: [miner("miners", GOOD_BPS, clientsTasks(3), boughtTasks(2, 1, { feeWei: 7n }))],
    };
    const paid = (firstEpoch: number) => play(world(network, epoch, { firstEpoch })).paidWei;
    expect(paid(0).get("clients")).to.equal(parseMdt("2.4"));
    expect(paid(1_461).get("clients")).to.equal(parseMdt("1.2"));
    expect(paid(1_461).get("attacker")).to.equal(14n);
    const odd = {
      ...network,
      config: {
        ...network.config,
        tasks: {
          ...network.config.tasks,
          types: [{ name: "odd", difficultyBps: 1, minimumFeeWei: 5n, verifier: null, modelHash: null }],
        },
      },
    };
    const one = { seats: [], miners: [miner("miners", GOOD_BPS, clientsTasks(1))] };
    expect(play(world(odd, one, { firstEpoch: 1_461 })).paidWei.get("clients")).to.equal(3n);
  });

  it("books payments, delegators' rewards, and the DAO's share for its holder", () => {
    const epoch: Epoch = {
      seats: [
        {
          ...share("validator", 10, truth),
          commissionBps: 1_000,
          delegations: [{ person: "delegator", stakeWei: parseMdt("100000") }],
        },
      ],
      miners: [],
    };
    const payments = [{ person: "validator", amountWei: 5n }];
    const { incomeWei, paidWei } = play(world(network, epoch, { payments, dao: "holder" }));
    // Presence alone: 0.2 · 5,000 · 200,000 / 210,000, of which validators have 40 % and the DAO 20 %.
    expect(Number(incomeWei.get("delegator")) / 1e18).to.be.closeTo(((1_000 * 200) / 210) * 0.4 * 0.9 * 0.5, 1e-9);
    expect(Number(incomeWei.get("holder")) / 1e18).to.be.closeTo(((1_000 * 200) / 210) * 0.2, 1e-9);
    expect(paidWei.get("validator")).to.equal(5n);
  });

  it("pays no block rewards to jailed validators, and none if nobody is active", () => {
    const jailed = { ...share("jailed", 50, null), isJailed: true };
    const both = play(world(network, { seats: [jailed, share("other", 50, truth)], miners: [] }));
    expect([both.incomeWei.get("jailed"), both.incomeWei.get("other")! > blocksWei]).to.deep.equal([undefined, true]);
    expect(incomeOf(play(world(network, { seats: [jailed], miners: [] })), "jailed")).to.equal(0n);
  });

  it("carries bonds from epoch to epoch under a Yuma rule", () => {
    const yuma = { ...network, policy: { ...network.policy, validatorRule: "yuma3" as const } };
    const miners = new Target(yuma).honestMiners(1_003);
    const late = (scores: typeof truth): Epoch => ({
      seats: [...seats(2, "early", parseMdt("30000"), truth), { person: "late", stakeWei: parseMdt("40000"), scores }],
      miners,
    });
    const half: typeof truth = (one, place) => (place < 5 ? truth(one, place) : null);
    const { results } = play(world(yuma, [...repeated(3, late(half)), late(truth)]));
    const alone = play(world(yuma, late(truth)));
    expect(results[3]!.validators.rewards).to.not.deep.equal(alone.results[0]!.validators.rewards);
  });
});
