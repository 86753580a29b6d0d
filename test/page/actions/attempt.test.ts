import { expect } from "chai";
import { type Plan } from "../../../scripts/actions/plan";
import {
  type Attempt,
  type AttemptEvent,
  describeStage,
  filling,
  nextAttempt,
  wayInWords,
} from "../../../scripts/page/actions/attempt";

const plan = { statements: ["It happens."] } as unknown as Plan;
const hash = "0x12";
const rehearsal = { way: "permit", gas: 170_001n, feeWei: 170_001n * 1_000_000_000n } as const;
const after = (...events: AttemptEvent[]): Attempt => events.reduce(nextAttempt, filling);
const reviewed: AttemptEvent[] = [{ kind: "asked" }, { kind: "rehearsed", plan, rehearsal, news: null }];

describe("An attempt at an action", () => {
  it("shows its plan for review before it begins", () => {
    expect(after({ kind: "asked" })).to.deep.equal({ kind: "checking" });
    expect(after(...reviewed)).to.deep.equal({ kind: "review", plan, rehearsal, news: null });
  });

  it("begins with the signature once the person agrees, and ends with the result", () => {
    const running = after(...reviewed, { kind: "agreed" });
    expect(running).to.deep.equal({ kind: "running", plan, way: "permit", stage: { kind: "signing" } });
    const mining = nextAttempt(running, {
      kind: "reached",
      stage: { kind: "mining", hash, seconds: 0, isKnown: true },
    });
    expect(nextAttempt(mining, { kind: "mined", result: "Done.", hash })).to.deep.equal({
      kind: "done",
      result: "Done.",
      hash,
    });
  });

  it("falls back to an approval if the wallet can't sign", () => {
    expect(after(...reviewed, { kind: "agreed" }, { kind: "fellBack" })).to.deep.equal({
      kind: "running",
      plan,
      way: "approve",
      stage: { kind: "approving" },
    });
  });

  it("begins with the approval if the contract accepts no signature, and says so in advance", () => {
    const approving = { ...rehearsal, way: "approve" } as const;
    const asked: AttemptEvent[] = [{ kind: "asked" }, { kind: "rehearsed", plan, rehearsal: approving, news: null }];
    expect(after(...asked, { kind: "agreed" })).to.deep.include({ way: "approve", stage: { kind: "approving" } });
    expect(wayInWords["approve"]).to.match(/^Your wallet will ask twice: first for a transaction that permits exactly/);
  });

  it("keeps the hash of a sent transaction that is refused afterwards", () => {
    const refusal = { sentence: "No.", wayOn: "tryAgain" } as const;
    const sent: AttemptEvent = { kind: "reached", stage: { kind: "mining", hash, seconds: 0, isKnown: true } };
    expect(after(...reviewed, { kind: "agreed" }, { kind: "refused", refusal })).to.deep.include({ hash: null });
    expect(after(...reviewed, { kind: "agreed" }, sent, { kind: "refused", refusal })).to.deep.include({ hash });
  });

  it("never begins without consent, and isn't dropped by a change of the form while it runs", () => {
    expect(after({ kind: "agreed" })).to.deep.equal(filling);
    expect(after(...reviewed, { kind: "changed" }, { kind: "agreed" })).to.deep.equal(filling);
    expect(after(...reviewed, { kind: "agreed" }, { kind: "changed" }).kind).to.equal("running");
    expect(after(...reviewed, { kind: "agreed" }, { kind: "asked" }).kind).to.equal("running");
  });

  it("drops a rehearsal if the form has changed since", () => {
    expect(after({ kind: "asked" }, { kind: "changed" }, reviewed[1]!)).to.deep.equal(filling);
  });

  it("says how often the wallet asks, and for what", () => {
    expect(wayInWords["none"]).to.equal("Your wallet will ask once, for the transaction.");
    expect(wayInWords["permit"]).to.match(/^Your wallet will ask twice: first for a signature .* \(it is free\)/);
    expect(describeStage("permit", { kind: "sending" })).to.equal(
      "Step 2 of 2: confirm the transaction in your wallet.",
    );
    expect(describeStage("none", { kind: "sending" })).to.equal("Confirm the transaction in your wallet.");
  });
});
