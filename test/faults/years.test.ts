import { expect } from "chai";
import hre from "hardhat";
import { type EventName } from "../../scripts/chain/events/eventTypes";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { ageRows } from "../years/ageRows";
import { Years } from "../years/makeYears";
import { startYearsNetwork, type YearsNetwork } from "../years/network";

describe("Synthetic years", () => {
  let network: YearsNetwork;

  beforeEach(async () => {
    network = await startYearsNetwork(hre);
  });

  afterEach(() => network.close());

  it("are settled as their facts say, with every kind of event", async () => {
    const { connection, chain, offices } = network;
    const years = await Years.begin(connection, chain, offices, 1);
    const told: number[] = [];
    await years.liveUntil(64, (settled) => told.push(settled));
    expect(told).to.deep.equal(Array.from({ length: 64 }, (_, index) => index + 1));
    expect(await verifyEpochs(connection, 63)).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: 63 });
    const count = async (name: EventName) => (await connection.events.select([name])).length;
    expect(await count("EpochSettled")).to.equal(64);
    expect(await count("TaskCompleted")).to.equal(12 * 65);
    // Two forgot to reveal, a jailed one had nothing to reveal for two epochs, and what was sealed last is still to be revealed.
    expect(await count("ScoresRevealed")).to.equal(10 * 64 - 2 - 2);
    expect(await count("MinerRegistered")).to.equal(95 + 3);
    expect(await count("PolicyPublished")).to.equal(2);
    expect(await count("RootReposted")).to.equal(1);
    expect(await count("Redelegated")).to.equal(2);
    expect(await count("Slashed")).to.equal(1);
    expect(await count("Claimed")).to.equal(64);
  });

  it("are measured by commands at each age, which settle as the core does", async () => {
    const rows = await ageRows(network, [1, 6], () => undefined);
    const names = rows.filter(({ size }) => size === 1).map(({ name, unit }) => `${name}, ${unit}`);
    expect(names).to.include.members([
      "verify from nothing, CPU s",
      "verify again: received, MB",
      "keeper: one more epoch, RPC, calls",
      "GET /v1/accounts/:a/history?limit=100, CPU ms",
    ]);
    for (const { name, ours } of rows) expect(ours, name).to.be.a("number").that.satisfies(Number.isFinite);
    const grown = rows.filter(({ unit }) => unit === "exponent");
    expect(grown).to.have.length(names.length);
    // Growth has a target only from a hundred epochs on.
    expect(grown.map(({ target }) => target)).to.deep.equal(names.map(() => null));
  });
});
