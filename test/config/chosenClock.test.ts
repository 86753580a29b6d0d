import { expect } from "chai";
import { clockOf, soloAfter, withChosen, loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
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
    it(`splits an epoch of ${seconds} s into ${slotsPerEpoch} slots, and leaves two minutes to register before the first`, () => {
      const clock = clockOf("local", seconds);
      expect(clock).to.deep.equal({ genesisDelaySeconds: 120, slotSeconds, slotsPerEpoch });
      const config = loadNetworkConfig("local");
      const own = withChosen("local", config, { clock });
      expect(own).to.deep.equal({ ...config, clock: { ...clock, revealSlots: 8, closingSlots: 4 } });
    });
  }

  for (const seconds of [0, 15, 16.5, 65, 66, 100, 86_432]) {
    it(`refuses epochs of ${seconds} s`, () => {
      expect(() => clockOf("local", seconds)).to.throw(
        ConfigError,
        `--epoch-seconds must be from 16 to 64, or a multiple of 32 up to 86400, not ${seconds}.`,
      );
    });
  }

  it("is the configured one if none is chosen", () => {
    const config = loadNetworkConfig("local");
    expect(withChosen("local", config, {})).to.equal(config);
  });

  it("is refused on every other network", () => {
    expect(() => clockOf("reference", 64)).to.throw(
      ConfigError,
      '--epoch-seconds works only on local networks: set "clock" in scripts/config/reference.json.',
    );
  });

  it("is refused if the rest of the configuration doesn't fit it", () => {
    const clock = { genesisDelaySeconds: 0, slotSeconds: 1, slotsPerEpoch: 8 };
    expect(() => withChosen("local", loadNetworkConfig("local"), { clock })).to.throw(
      ConfigError,
      "With the options chosen for the deployment, clock.revealSlots must be below clock.slotsPerEpoch.",
    );
  });
});

describe("A local deployment's own wait for a quorum", () => {
  it("replaces the configured one and changes nothing else", () => {
    const config = loadNetworkConfig("local");
    const own = withChosen("local", config, { soloAfterSeconds: soloAfter("local", 200) });
    expect(own).to.deep.equal({ ...config, quorum: { ...config.quorum, soloAfterSeconds: 200 } });
  });

  it("is refused on every other network", () => {
    expect(() => soloAfter("reference", 200)).to.throw(
      ConfigError,
      '--solo-after works only on local networks: set "quorum" in scripts/config/reference.json.',
    );
  });
});
