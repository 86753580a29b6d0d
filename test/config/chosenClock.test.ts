import { expect } from "chai";
import { clockOf, withClock } from "../../scripts/config/chosenClock";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { ConfigError } from "../../scripts/config/networkConfig";

describe("A local deployment's own clock", () => {
  for (const [seconds, slotSeconds, slotsPerEpoch] of [
    [16, 1, 16],
    [32, 1, 32],
    [63, 1, 63],
    [64, 2, 32],
    [96, 3, 32],
    [86_400, 2_700, 32],
  ] as const) {
    it(`makes epochs of ${seconds} s of ${slotsPerEpoch} slots, and leaves two minutes to register before the first`, () => {
      const clock = clockOf("local", seconds);
      expect(clock).to.deep.equal({ genesisDelaySeconds: 120, slotSeconds, slotsPerEpoch });
      const own = withClock("local", loadNetworkConfig("local"), clock);
      expect(own.clock).to.deep.equal({ ...clock, revealSlots: 8, closingSlots: 4 });
    });
  }

  for (const seconds of [0, 15, 65, 100, 86_432]) {
    it(`has no epochs of ${seconds} s`, () => {
      expect(() => clockOf("local", seconds)).to.throw(
        ConfigError,
        `--epoch-seconds must be from 16 to 64, or a multiple of 32 up to 86400, not ${seconds}.`,
      );
    });
  }

  it("is its configuration's where it chose none", () => {
    const config = loadNetworkConfig("local");
    expect(withClock("local", config, undefined)).to.equal(config);
  });

  it("is refused on every other network", () => {
    expect(() => clockOf("reference", 64)).to.throw(
      ConfigError,
      '--epoch-seconds is for local networks alone: set "clock" in scripts/config/reference.json.',
    );
  });

  it("is refused where the configuration's other numbers don't fit", () => {
    const clock = { genesisDelaySeconds: 0, slotSeconds: 1, slotsPerEpoch: 8 };
    expect(() => withClock("local", loadNetworkConfig("local"), clock)).to.throw(
      ConfigError,
      "With the deployment's own clock, clock.revealSlots must be below clock.slotsPerEpoch.",
    );
  });
});
