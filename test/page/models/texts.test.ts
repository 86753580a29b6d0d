import { expect } from "chai";
import { readRoute } from "../../../scripts/page/routes";
import { shortHex } from "../../../scripts/show/bytes";
import { epochStart, placeInTime } from "../../../scripts/page/models/networkNow";
import { momentOf } from "../../../scripts/show/moments";
import { percentOfBps, percentOfU16, percentOfWad, shareWad } from "../../../scripts/show/amounts";

describe("The page's words", () => {
  it("name a view by the part of the address after #, and the network for an unknown one", () => {
    expect(readRoute("#/do/stake")).to.deep.equal({ id: "do", rest: ["stake"] });
    expect(readRoute("#/tasks/7")).to.deep.equal({ id: "tasks", rest: ["7"] });
    expect(readRoute("#/network/12")).to.deep.equal({ id: "network", rest: ["12"] });
    expect(readRoute("#/mine/%30x1")).to.deep.equal({ id: "mine", rest: ["0x1"] });
    expect(readRoute("#/mine/%")).to.deep.equal({ id: "mine", rest: ["%"] });
    for (const hash of ["", "#", "#/", "#/nothing/1"]) expect(readRoute(hash).id).to.equal("network");
  });

  it("give a time in the viewer's time zone, with UTC for programs", () => {
    const { iso, text } = momentOf(1_795_376_160, "en-GB", "Europe/Berlin");
    expect(iso).to.equal("2026-11-22T19:36:00.000Z");
    expect(text).to.equal("22 Nov 2026, 20:36:00");
  });

  it("limit a time beyond the calendar to the last possible one", () => {
    expect(momentOf(Number.MAX_SAFE_INTEGER, "en-GB", "UTC").iso).to.equal("+275760-09-13T00:00:00.000Z");
  });

  it("truncate shares and never round them up", () => {
    expect(percentOfWad(999_999_999_999_999_999n)).to.equal("99.99\u00a0%");
    expect(percentOfWad(10n ** 18n)).to.equal("100.00\u00a0%");
    expect(percentOfU16(65_534)).to.equal("99.99\u00a0%");
    expect(percentOfBps(1_250)).to.equal("12.5\u00a0%");
    expect(shareWad(1n, 3n)).to.equal(333_333_333_333_333_333n);
    expect(shareWad(0n, 0n)).to.equal(0n);
  });

  it("shorten long hexadecimal texts, but not short ones", () => {
    expect(shortHex("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")).to.equal("0x7099…79C8");
    expect(shortHex("0x1234")).to.equal("0x1234");
  });
});

describe("The page's clock", () => {
  const clock = { genesisTimestamp: 1_000, slotSeconds: 2, slotsPerEpoch: 10, revealSlots: 3 };

  it("waits for genesis", () => {
    expect(placeInTime(clock, 999)).to.deep.equal({ kind: "beforeGenesis", beginsAt: 1_000 });
  });

  it("counts slots within an epoch, and has no reveal window in epoch 0", () => {
    const place = { kind: "running", epoch: 0, endsAt: 1_020, revealUntil: null };
    expect(placeInTime(clock, 1_000)).to.deep.equal({ ...place, slotInEpoch: 0 });
    expect(placeInTime(clock, 1_019)).to.deep.equal({ ...place, slotInEpoch: 9 });
  });

  it("states until when scores of the epoch before can be revealed, to the second", () => {
    expect(placeInTime(clock, 1_025)).to.deep.include({ epoch: 1, revealUntil: 1_026, slotInEpoch: 2 });
    expect(placeInTime(clock, 1_026)).to.deep.include({ epoch: 1, revealUntil: null });
    expect(epochStart(clock, 3)).to.equal(1_060);
  });
});
