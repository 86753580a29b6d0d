import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetworkConfig, parseNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { ConfigError } from "../../scripts/config/networkConfig";

type Json = Record<string, unknown>;

const MDT = 10n ** 18n;

/** The file of the `reference` network with some fields set differently, by path: `{ "clock.slotSeconds": 1 }`. */
function reference(differences: Json = {}): Json {
  const file = join(__dirname, "../../scripts/config/reference.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as Json;
  for (const [path, value] of Object.entries(differences)) {
    const names = path.split(".");
    const last = names.pop()!;
    const section = names.reduce<Json>((inside, name) => inside[name] as Json, config);
    if (value === undefined) Reflect.deleteProperty(section, last);
    else section[last] = value;
  }
  return config;
}

describe("A network's configuration", () => {
  describe("as read", () => {
    it("is the design's for the network `reference`", () => {
      const { clock, supply, emission, settlement } = loadNetworkConfig("reference");
      expect(clock.slotSeconds * clock.slotsPerEpoch).to.equal(86_400);
      expect(supply.maxSupplyWei).to.equal(21_000_000n * MDT);
      expect(supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei).to.equal(
        supply.maxSupplyWei,
      );
      expect(emission).to.deep.equal({
        baseRewardWei: 5_000n * MDT,
        halvingIntervalEpochs: 1_461,
        blockRewardWei: 2n * MDT,
      });
      expect(settlement).to.deep.equal({ claimDelaySeconds: 21_600, payRecipientsUpTo: 0 });
    });

    it("of `local` may pay at once and give a node's accounts tokens", () => {
      const { settlement, supply } = loadNetworkConfig("local");
      expect(settlement).to.deep.equal({ claimDelaySeconds: 0, payRecipientsUpTo: 250 });
      expect(supply.nodeAccountAllocationWei).to.equal(10_000n * MDT);
    });

    it("has every amount in wei, to the last of 18 decimals", () => {
      const config = parseNetworkConfig("test", reference({ "emission.blockRewardMdt": "0.000000000000000001" }));
      expect(config.emission.blockRewardWei).to.equal(1n);
    });

    it("has each policy with the canonical text that is published of it", () => {
      const policies = [
        { policy: {}, fromEpoch: 0 },
        { policy: { difficultyFloorTasks: 1_000 }, rampEpochs: 2, fromEpoch: 9 },
      ];
      const config = parseNetworkConfig("test", reference({ policies }));
      expect(config.policies.map(({ json }) => json)).to.deep.equal([
        '{"fromEpoch":0,"policy":{}}',
        '{"fromEpoch":9,"policy":{"difficultyFloorTasks":1000},"rampEpochs":2}',
      ]);
    });
  });

  describe("is refused by the name of what is wrong:", () => {
    /** What differs from a good configuration, and the complaint. */
    const cases: readonly (readonly [string, Json, string])[] = [
      ["an unknown field", { "clock.epochs": 1 }, 'clock: Unrecognized key: "epochs".'],
      ["a missing field", { "clock.slotSeconds": undefined }, "clock.slotSeconds: Invalid input: expected number"],
      [
        "an amount that is no decimal number",
        { "supply.maxSupplyMdt": "21M" },
        'supply.maxSupplyMdt: must be an amount in MDT like "32" or "0.4".',
      ],
      ["a chain without a name", { "chain.name": " " }, "chain.name: must be a name of 1 to 40 characters."],
      [
        "a symbol that wallets refuse",
        { "chain.currency": { name: "Ether", symbol: "E" } },
        "chain.currency.symbol: must be 2 to 6 characters, or wallets refuse it.",
      ],
      ["a DAO that is no address", { dao: "0x12" }, "dao: must be an address."],
      [
        "a reveal window as long as an epoch",
        { "clock.revealSlots": 288 },
        "clock.revealSlots must be below clock.slotsPerEpoch.",
      ],
      [
        "a cap of 2^96 wei",
        { "supply.maxSupplyMdt": "79228162514.264337593543950336" },
        "supply.maxSupplyMdt must be below 2^96 wei, because claims are stored in 96 bits.",
      ],
      [
        "a cap one wei below what is allocated and allowed",
        { "supply.maxSupplyMdt": "20999999.999999999999999999" },
        "supply.maxSupplyMdt must hold the DAO's allocation and both allowances together.",
      ],
      [
        "an allowance one wei below the whole schedule",
        { "supply.treasuryAllowanceMdt": "14609999.999999999999999999" },
        "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule.",
      ],
      ["no base reward", { "emission.baseRewardMdt": "0" }, "emission.baseRewardMdt must be above 0."],
      ["no block reward", { "emission.blockRewardMdt": "0" }, "emission.blockRewardMdt must be above 0."],
      [
        "no claim delay",
        { "settlement.claimDelaySeconds": 0 },
        "settlement.claimDelaySeconds must be above 0, time to veto a bad root.",
      ],
      [
        "tokens for a node's accounts",
        { "supply.nodeAccountAllocationMdt": "1" },
        "supply.nodeAccountAllocationMdt must be 0 outside local.",
      ],
      [
        "direct payment in spite of a claim delay",
        { "settlement.payRecipientsUpTo": 1 },
        "settlement.payRecipientsUpTo must be 0 where there is a claim delay: a root that is pending pays nobody.",
      ],
      ["more recipients than a transaction can pay", { "settlement.payRecipientsUpTo": 251 }, "<=250"],
      [
        "a seat that is safe for longer than an exit takes",
        { "staking.seatSafeEpochs": 4, "staking.exitDelayEpochs": 3 },
        "staking.seatSafeEpochs must be at most staking.exitDelayEpochs: a seat whose stake was taken out again must not stay safe for longer than the stake waits.",
      ],
      ["no minimum stake", { "staking.minimumStakeMdt": "0" }, "staking.minimumStakeMdt must be above 0."],
      ["more than 100 seats", { "staking.seats": 101 }, "staking.seats: Too big: expected number to be <=100."],
      [
        "slashes that could take everything",
        { "staking.maxSlashPerEpochBps": 10_000 },
        "staking.maxSlashPerEpochBps: Too big: expected number to be <=9999.",
      ],
      [
        "a free registration",
        { "minerPrice.floorMdt": "0" },
        "minerPrice.floorMdt must be above 0 and at most minerPrice.ceilingMdt.",
      ],
      [
        "a price's floor above its ceiling",
        { "validatorPrice.floorMdt": "10000.1" },
        "validatorPrice.floorMdt must be above 0 and at most validatorPrice.ceilingMdt.",
      ],
      [
        "a task type so cheap that buying tasks pays: 5,000 · (.5 + .3) / 10,000 = 0.4 MDT",
        { "tasks.types": [{ name: "text", difficultyBps: 1, minimumFeeMdt: "0.399999999999999999" }] },
        'tasks.types "text": minimumFeeMdt · maxExpectedTasks must be at least baseRewardMdt · (w1 + w2), or buying tasks pays.',
      ],
      [
        "a later policy that makes tasks too cheap",
        {
          policies: [
            { fromEpoch: 0, policy: {} },
            { fromEpoch: 5, policy: { maxExpectedTasks: 9_999 } },
          ],
        },
        'tasks.types "text": minimumFeeMdt',
      ],
      [
        "a ramp that makes tasks too cheap on its way, though not in the end",
        {
          policies: [
            { fromEpoch: 0, policy: {} },
            { fromEpoch: 5, rampEpochs: 4, policy: { maxExpectedTasks: 5_000, weightsBps: [2_000, 2_000, 6_000] } },
          ],
        },
        'tasks.types "text": minimumFeeMdt',
      ],
      ["no policy for epoch 0", { policies: [{ fromEpoch: 1, policy: {} }] }, "policies[0].fromEpoch must be 0."],
      ["no policy at all", { policies: [] }, "policies: Too small: expected array to have >=1 items."],
      [
        "a policy that burns too much",
        { policies: [{ fromEpoch: 0, policy: { qualityThresholdBps: 5_001 } }] },
        "The field policies[0] is a policy that could burn more than 7000 basis points of the emission of epoch 0.",
      ],
      [
        "an unknown field of a policy",
        { policies: [{ fromEpoch: 0, policy: { burnBps: 1 } }] },
        "The field policies[0].policy.burnBps is unknown.",
      ],
    ];
    for (const [title, differences, complaint] of cases) {
      it(title, () => {
        expect(() => parseNetworkConfig("test", reference(differences)))
          .to.throw(ConfigError, complaint)
          .with.property("message")
          .that.matches(/^Configuration "test": [^\n]*\.$/);
      });
    }

    it("no configuration at all", () => {
      expect(() => parseNetworkConfig("test", 7)).to.throw(
        ConfigError,
        'Configuration "test": the file: Invalid input',
      );
    });

    it("the network's own name, where there is no such file", () => {
      for (const name of ["nowhere", "../keeper/x", ""]) {
        expect(() => loadNetworkConfig(name)).to.throw(
          ConfigError,
          `There is no network "${name}": scripts/config has local, reference.`,
        );
      }
    });
  });

  describe("is accepted at its limits:", () => {
    const cases: readonly (readonly [string, Json])[] = [
      ["a cap of one wei below 2^96", { "supply.maxSupplyMdt": "79228162514.264337593543950335" }],
      ["a claim delay of a second", { "settlement.claimDelaySeconds": 1 }],
      ["a constant price", { "minerPrice.floorMdt": "1000" }],
      [
        "a task that costs exactly what it can bring",
        { "tasks.types": [{ name: "text", difficultyBps: 1, minimumFeeMdt: "0.4" }] },
      ],
    ];
    for (const [title, differences] of cases) {
      it(title, () => {
        expect(() => parseNetworkConfig("test", reference(differences))).not.to.throw();
      });
    }
  });

  it("that can't be read by a mistake of ours is not called malformed: the mistake is passed on as it is", () => {
    const mistake = new Error("a mistake");
    const entry = {
      get fromEpoch(): never {
        throw mistake;
      },
    };
    expect(() => parseNetworkConfig("test", reference({ policies: [entry] }))).to.throw(mistake);
  });
});
