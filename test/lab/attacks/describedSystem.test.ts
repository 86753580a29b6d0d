import { expect } from "chai";
import { parseMdt } from "../../../scripts/show/amounts";
import { DEFAULT_POLICY, type Policy } from "../../../scripts/core/policy/policy";
import { attacksOn, networksOf } from "../../../scripts/lab/attacks/stress";
import { type Network, type Row } from "../../../scripts/lab/attacks/attack";

/** The described system's policy and its fees, without their floors. */
function describedSystem(difficultyFloorTasks: number): Network {
  const { config } = networksOf("reference")[0]!;
  const policy: Policy = {
    ...DEFAULT_POLICY,
    difficultyFloorTasks,
    qualityPenaltyThresholdBps: 2_000,
    minerRule: "incentive",
    minerFeeCapBps: null,
  };
  const types = config.tasks.types.map((type, index) => ({
    ...type,
    minimumFeeWei: parseMdt(["0.4", "0.8", "2"][index]!),
  }));
  return {
    name: "described",
    config: { ...config, tasks: { ...config.tasks, volumeFeeWei: 0n, difficultyFeeWei: 0n, types } },
    policy,
  };
}

describe("The described system under attack", () => {
  let withFloor: readonly Row[];
  let withoutFloor: readonly Row[];

  before(() => {
    withFloor = attacksOn(describedSystem(1_000));
    withoutFloor = attacksOn(describedSystem(0));
  });

  const find = (rows: readonly Row[], attack: string, setting: RegExp): Row => {
    const found = rows.filter((row) => row.attack === attack && setting.test(row.setting));
    expect(found, `${attack} ${setting.source}`).to.have.length(1);
    return found[0]!;
  };
  const profitOf = (rows: readonly Row[], attack: string, setting: RegExp): string => {
    const { profitWei, holds } = find(rows, attack, setting);
    expect(holds).to.equal(false);
    return (Number(profitWei) / 1e18).toFixed(1);
  };

  it("pays a holder of 51 % of the stake 113.4 MDT for buying 1,000 text tasks, and the DAO's holder 110", () => {
    const before = /1,000 scored tasks of type text, before/;
    expect(profitOf(withFloor, "buying tasks", new RegExp(`^51 %.*${before.source}`))).to.equal("113.4");
    expect(profitOf(withFloor, "buying tasks", new RegExp(`^the DAO's holder.*${before.source}`))).to.equal("110.0");
  });

  it("pays the holder of everything 650 MDT for buying 1,000 image tasks, and 1,498 for one training task without a floor", () => {
    const holder = "^holder of all stake.*";
    expect(
      profitOf(withFloor, "buying tasks", new RegExp(`${holder}1,000 scored tasks of type image, before`)),
    ).to.equal("650.0");
    expect(
      profitOf(withoutFloor, "buying tasks", new RegExp(`${holder}1 scored task of type training, before`)),
    ).to.equal("1498.3");
  });

  it("pays sybil and idle miners for no work", () => {
    expect(profitOf(withFloor, "sybil miners", /20 miners/)).to.equal("246.2");
    expect(profitOf(withFloor, "idle miner", /without a task/)).to.equal("101.0");
    expect(profitOf(withFloor, "51 % with idle sybils", /20 idle ones/)).to.equal("1256.7");
  });

  it("pays a lone revealer all of the miners' pool, 1,420 MDT at full use", () => {
    expect(profitOf(withFloor, "lone revealer", /10,000 tasks/)).to.equal("1420.0");
  });

  it("lets 21 % of the stake, beside 30 % that is silent, do more than 1,000 MDT of harm to others", () => {
    const { harmWei, holds } = find(withFloor, "lazy and cartel", /21 %/);
    expect([holds, harmWei > parseMdt("1000")]).to.deep.equal([false, true]);
  });

  it("burns over a hundred times the cost of junk tasks from others' income in a quiet network", () => {
    const { harmWei, costWei, holds } = find(withoutFloor, "junk tasks", /beside 10 honest ones/);
    expect([holds, harmWei > 100n * costWei]).to.deep.equal([false, true]);
  });

  it("emits 4,000 MDT for 10,000 wei of fees under a stolen task governor", () => {
    expect(profitOf(withFloor, "stolen task governor", /10,000 tasks of 100 %/)).to.equal("4000.0");
  });

  it("pays the only validator of a new network for its idle miner", () => {
    expect(profitOf(withFloor, "lone validator", /idle miner/)).to.equal("1380.0");
  });
});
