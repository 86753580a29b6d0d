import { expect } from "chai";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { policyConstants } from "../../scripts/config/networkConfig";
import { canonicalJson } from "../../scripts/core/canonicalJson";
import { PolicyHistory } from "../../scripts/core/policy/history";
import { minersAtGenesis, peopleOf } from "./people";
import { minersBefore, type StoryEvent, storyOf } from "./story";

const people = peopleOf(1);
const tenYears = Array.from({ length: 3_650 }, (_, epoch) => storyOf(1, people, epoch));

function occurrences<K extends StoryEvent["kind"]>(kind: K) {
  return tenYears.flatMap(({ events }, epoch) =>
    events.flatMap((event) => (event.kind === kind ? [{ epoch, event: event as StoryEvent & { kind: K } }] : [])),
  );
}

describe("The story of ten synthetic years", () => {
  it("is the same for the same seed, and different for another", () => {
    expect(storyOf(1, peopleOf(1), 77)).to.deep.equal(tenYears[77]);
    expect(peopleOf(2).miners[0]).not.to.equal(people.miners[0]);
    expect(storyOf(2, peopleOf(2), 77).tasks).not.to.deep.equal(tenYears[77]!.tasks);
  });

  it("has every kind of event, each often enough", () => {
    const kinds = ["policy", "staked", "unstaked", "redelegated", "slashed", "unjailed"] as const;
    for (const kind of kinds) expect(occurrences(kind), kind).to.have.length.greaterThan(29);
    expect(tenYears.filter(({ isVetoed }) => isVetoed)).to.have.length(41);
    expect(tenYears.filter(({ forgets }) => forgets !== null)).to.have.length(99);
  });

  it("has miners register one after the other, and gives no task to one that isn't registered yet", () => {
    const arrivals = occurrences("minerRegisters");
    expect(arrivals.map(({ event }) => event.miner)).to.deep.equal([95, 96, 97, 98, 99]);
    for (const [index, { epoch }] of arrivals.entries()) {
      expect(minersBefore(people, epoch), `epoch ${epoch}`).to.equal(minersAtGenesis + index);
      expect(minersBefore(people, epoch + 1), `epoch ${epoch + 1}`).to.equal(minersAtGenesis + index + 1);
    }
    for (const [epoch, { tasks }] of tenYears.entries()) {
      const highest = Math.max(...tasks.map(({ minerId }) => minerId));
      expect(highest, `epoch ${epoch}`).to.be.at.most(minersBefore(people, epoch));
    }
  });

  it("slashes a validator while a redelegation from it is pending, and releases it from jail two epochs later", () => {
    const redelegations = occurrences("redelegated");
    const releases = occurrences("unjailed");
    for (const { epoch, event } of occurrences("slashed")) {
      const moved = redelegations.find((each) => each.epoch === epoch - 1);
      expect(moved?.event.validator, `epoch ${epoch}`).to.equal(event.validator);
      const release = releases.find((each) => each.epoch === epoch + 2);
      if (epoch + 2 < tenYears.length) expect(release?.event.validator).to.equal(event.validator);
    }
  });

  it("publishes only valid policies", () => {
    const config = loadNetworkConfig("local");
    const policies = new PolicyHistory(policyConstants("local", config));
    for (const { event } of occurrences("policy")) {
      const { version } = event;
      policies.take({ fromEpoch: BigInt(version.fromEpoch as number), json: canonicalJson(version) });
    }
    expect(policies.judged.filter(({ problem }) => problem !== null)).to.deep.equal([]);
    expect(policies.timeline.policyAt(25).validatorRule).to.equal("yuma3");
  });
});
