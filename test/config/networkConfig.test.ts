import { expect } from "chai";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numberToHex } from "viem";
import { circuitsDirectory, configDirectory } from "../../scripts/config/folders";
import {
  checkNetworkConfig,
  loadNetworkConfig,
  networkNames,
  parseNetworkConfig,
} from "../../scripts/config/loadNetworkConfig";
import { ConfigError, policyConstants } from "../../scripts/config/networkConfig";
import { wordingOf } from "../../scripts/config/problems";
import { readProvableModel } from "../../scripts/nodes/prover/installation";

type Json = Record<string, unknown>;

const MDT = 10n ** 18n;

/** A task type whose results are proven. */
const proven = {
  ...{ name: "digits", difficultyBps: 1, minimumFeeMdt: "1" },
  ...{ verifier: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", modelHash: `0x00${"5a".repeat(31)}` },
};

/** The order of BN254's scalar field. */
const fieldOrder = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

const smallestAmount = "0.000000000000000001";

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
    it("has the design's numbers for the network `reference`", () => {
      const { clock, supply, emission, quorum, settlement } = loadNetworkConfig("reference");
      expect(clock.slotSeconds * clock.slotsPerEpoch).to.equal(86_400);
      expect(supply.maxSupplyWei).to.equal(21_000_000n * MDT);
      expect(supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei).to.equal(
        supply.maxSupplyWei,
      );
      expect(emission).to.deep.equal({
        baseRewardWei: 5_000n * MDT,
        halvingIntervalEpochs: 1_461,
        maxDaoShareBps: 2_000,
        blockRewardWei: 2n * MDT,
      });
      expect(settlement).to.deep.equal({ claimDelaySeconds: 21_600, payRecipientsUpTo: 0 });
      expect(quorum).to.deep.equal({ bps: 6_667, floorWei: 210_000n * MDT, soloAfterSeconds: 259_200 });
    });

    it("gives each price its interval: the seconds between two registrations at the daily target", () => {
      const { validatorPrice, minerPrice } = loadNetworkConfig("reference");
      expect(validatorPrice).to.deep.equal({ floorWei: 10n * MDT, ceilingWei: 10_000n * MDT, intervalSeconds: 21_600 });
      expect(minerPrice).to.deep.equal({ floorWei: MDT, ceilingWei: 1_000n * MDT, intervalSeconds: 3_600 });
    });

    it("may pay at once and give a node's accounts tokens on `local`", () => {
      const { quorum, settlement, supply } = loadNetworkConfig("local");
      expect(quorum).to.deep.equal({ bps: 6_667, floorWei: 100n * MDT, soloAfterSeconds: 0 });
      expect(settlement).to.deep.equal({ claimDelaySeconds: 0, payRecipientsUpTo: 250 });
      expect(supply.nodeAccountAllocationWei).to.equal(10_000n * MDT);
    });

    it("takes task types that are scored, and types that name a verifier and a model", () => {
      const scored = { name: "text", difficultyBps: 1, minimumFeeMdt: "1" };
      const { types } = parseNetworkConfig("test", reference({ "tasks.types": [scored, proven] })).tasks;
      expect(types.map(({ verifier, modelHash }) => [verifier, modelHash])).to.deep.equal([
        [null, null],
        [proven.verifier, proven.modelHash],
      ]);
    });

    it("may name a folder of circuits/ as verifier on `local`, and takes the model there unless it names another", () => {
      const digits = { ...proven, minimumFeeMdt: "9", verifier: "digits", modelHash: null };
      const local = JSON.parse(readFileSync(join(configDirectory, "local.json"), "utf8")) as Json;
      const tasks = { ...(local.tasks as Json), types: [digits, { ...digits, modelHash: proven.modelHash }] };
      const { types } = parseNetworkConfig("local", { ...local, tasks }).tasks;
      const { modelHash } = readProvableModel(join(circuitsDirectory, "digits"));
      expect(types.map((type) => [type.verifier, type.modelHash])).to.deep.equal([
        ["digits", modelHash],
        ["digits", proven.modelHash],
      ]);
      expect(loadNetworkConfig("local").tasks.types[3]).to.include({ verifier: "digits", modelHash });
      const nowhere = { ...local, tasks: { ...tasks, types: [{ ...digits, verifier: "letters" }] } };
      expect(checkNetworkConfig("local", nowhere).problems).to.deep.equal([
        'tasks.types "digits": verifier and modelHash must both be set, above zero, or both be null. null would do.',
      ]);
    });

    it("checks its policies against its base reward, its DAO limit, its fees, and whether it is `local`", () => {
      const config = loadNetworkConfig("reference");
      expect(policyConstants("reference", config)).to.deep.equal({
        baseRewardWei: 5_000n * MDT,
        maxDaoShareBps: 2_000,
        volumeFeeWei: MDT / 2n,
        difficultyFeeWei: (MDT * 3n) / 4n,
        isLocal: false,
      });
      expect(policyConstants("local", config).isLocal).to.equal(true);
      const described = { minerFeeCapBps: null, qualityThresholdBps: 2_000, qualityPenaltyThresholdBps: 2_000 };
      const json = reference({
        policies: [{ fromEpoch: 0, policy: described }],
        settlement: { claimDelaySeconds: 0, payRecipientsUpTo: 0 },
      });
      expect(parseNetworkConfig("local", json).policies[0]!.policy).to.include(described);
    });

    it("has every amount in wei, exact to 18 decimals", () => {
      const config = parseNetworkConfig("test", reference({ "emission.blockRewardMdt": smallestAmount }));
      expect(config.emission.blockRewardWei).to.equal(1n);
    });

    it("has the maximum gas price in wei, exact to 9 decimals of a gwei", () => {
      const config = parseNetworkConfig("test", reference({ "keeper.maxFeePerGasGwei": "50.000000001" }));
      expect(config.keeper.maxFeePerGasWei).to.equal(50_000_000_001n);
    });

    it("may have 2,048 slots in an epoch", () => {
      const many = { "clock.slotsPerEpoch": 2_048, "quorum.soloAfterSeconds": 10 * 86_400 };
      expect(parseNetworkConfig("test", reference(many)).clock.slotsPerEpoch).to.equal(2_048);
    });

    it("includes with each policy the one before it", () => {
      const policies = [
        { policy: { maxExpectedTasks: 20_000 }, fromEpoch: 0 },
        { policy: {}, fromEpoch: 9 },
      ];
      const [first, second] = parseNetworkConfig("test", reference({ policies })).policies;
      expect(second!.before).to.deep.equal(first!.policy).and.to.include({ maxExpectedTasks: 20_000 });
    });

    it("includes with each policy the canonical text to publish", () => {
      const policies = [
        { policy: {}, fromEpoch: 0 },
        { policy: { difficultyFloorTasks: 5_000 }, rampEpochs: 2, fromEpoch: 9 },
      ];
      const config = parseNetworkConfig("test", reference({ policies }));
      expect(config.policies.map(({ json }) => json)).to.deep.equal([
        '{"fromEpoch":0,"policy":{}}',
        '{"fromEpoch":9,"policy":{"difficultyFloorTasks":5000},"rampEpochs":2}',
      ]);
    });
  });

  describe("is refused, naming what is wrong:", () => {
    /** Title, differences from a valid configuration, and the complaint. */
    const cases: readonly (readonly [string, Json, string])[] = [
      ["an unknown field", { "clock.epochs": 1 }, "clock.epochs: is unknown."],
      ["a missing field", { "clock.slotSeconds": undefined }, "clock.slotSeconds: is missing. 300 would do."],
      [
        "an amount that isn't a decimal number",
        { "supply.maxSupplyMdt": "21M" },
        'supply.maxSupplyMdt: must be an amount in MDT like "32" or "0.4".',
      ],
      ["a chain without a name", { "chain.name": " " }, "chain.name: must be a name of 1 to 40 characters."],
      [
        "a symbol that wallets refuse",
        { "chain.currency": { name: "Ether", symbol: "E" } },
        "chain.currency.symbol: must be 2 to 6 characters, or wallets refuse it.",
      ],
      [
        "a DAO that isn't an address",
        { dao: "0x12" },
        'dao: must be an address: 0x and 40 hexadecimal digits, not "0x12".',
      ],
      [
        "a DAO at the zero address",
        { dao: `0x${"0".repeat(40)}` },
        "dao must not be the zero address. The address of a multisig or governor would do.",
      ],
      [
        "a policy that pays the DAO more than the Treasury's limit",
        { policies: [{ fromEpoch: 0, policy: { validatorShareBps: 3_999, daoShareBps: 2_001 } }] },
        "The field policies[0] is a policy that has a daoShareBps above 2000 in epoch 0.",
      ],
      [
        "a ramp whose last step pays the DAO more than the Treasury's limit",
        {
          policies: [
            { fromEpoch: 0, policy: {} },
            { fromEpoch: 5, rampEpochs: 4, policy: { validatorShareBps: 3_999, daoShareBps: 2_001 } },
          ],
        },
        "The field policies[1] is a policy that has a daoShareBps above 2000 in epoch 8.",
      ],
      [
        "no allowance for block rewards",
        { "supply.blockRewardsAllowanceMdt": "0" },
        "supply.blockRewardsAllowanceMdt must be at least emission.blockRewardMdt, or no slot could ever be paid. 2 would do.",
      ],
      [
        "a reveal window as long as an epoch",
        { "clock.revealSlots": 288 },
        "clock.revealSlots must be below clock.slotsPerEpoch. 287 would do.",
      ],
      [
        "more slots than one call can read leaders for",
        { "clock.slotsPerEpoch": 2_049 },
        "clock.slotsPerEpoch must be at most 2048, because one call reads the leaders of an epoch. 2048 would do.",
      ],
      [
        "closing slots that take more than half of an epoch",
        { "clock.closingSlots": 145 },
        "clock.closingSlots must be at most half of clock.slotsPerEpoch, so that most of an epoch's work counts for it. 144 would do.",
      ],
      [
        "a cap of 2^96 wei",
        { "supply.maxSupplyMdt": "79228162514.264337593543950336" },
        "supply.maxSupplyMdt must be below 2^96 wei, because claims are stored in 96 bits. 79228162514.264337593543950335 would do.",
      ],
      [
        "a cap one wei below what is allocated and allowed",
        { "supply.maxSupplyMdt": "20999999.999999999999999999" },
        "supply.maxSupplyMdt must be at least the DAO's allocation and both allowances together. 21000000 would do.",
      ],
      [
        "an allowance one wei below the whole schedule",
        { "supply.treasuryAllowanceMdt": "14609999.999999999999999999" },
        "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule. 14610000 would do.",
      ],
      ["no base reward", { "emission.baseRewardMdt": "0" }, "emission.baseRewardMdt must be above 0. 1 would do."],
      ["no block reward", { "emission.blockRewardMdt": "0" }, "emission.blockRewardMdt must be above 0. 1 would do."],
      [
        "no claim delay",
        { "settlement.claimDelaySeconds": 0 },
        "settlement.claimDelaySeconds must be at least 3600, the guardian's time to veto a wrong root. 3600 would do.",
      ],
      [
        "a claim delay of a second less than an hour",
        { "settlement.claimDelaySeconds": 3_599 },
        "settlement.claimDelaySeconds must be at least 3600, the guardian's time to veto a wrong root. 3600 would do.",
      ],
      [
        "a claim delay of a second more than half an epoch",
        { "settlement.claimDelaySeconds": 43_201 },
        "settlement.claimDelaySeconds must be at most half an epoch, clock.slotSeconds · clock.slotsPerEpoch / 2, or each root would be replaced before anyone can claim against it. 43200 would do.",
      ],
      [
        "solo settlement after exactly an epoch and its reveal window",
        { "quorum.soloAfterSeconds": 115_200 },
        "quorum.soloAfterSeconds must be above 115200, an epoch and its reveal window, so that validators settle the next epoch before anyone may replace a vetoed root alone. 115201 would do.",
      ],
      ...["0", "21000000.000000000000000001"].map(
        (floorMdt) =>
          [
            `a quorum floor of ${floorMdt} MDT`,
            { "quorum.floorMdt": floorMdt },
            "quorum.floorMdt must be above 0 and at most supply.maxSupplyMdt, or it could never be reached. 210000 would do.",
          ] as const,
      ),
      [
        "a base reward whose schedule the cap can't hold",
        { "emission.baseRewardMdt": "7187" },
        "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule. 21000414 would do.",
      ],
      [
        "tokens for a node's accounts",
        { "supply.nodeAccountAllocationMdt": "1" },
        "supply.nodeAccountAllocationMdt must be 0 outside local. 0 would do.",
      ],
      [
        "direct payment despite a claim delay",
        { "settlement.payRecipientsUpTo": 1 },
        "settlement.payRecipientsUpTo must be 0 if there is a claim delay: a pending root pays nobody. 0 would do.",
      ],
      [
        "a seat that is safe for longer than an exit takes",
        { "staking.seatSafeEpochs": 4, "staking.exitDelayEpochs": 3 },
        "staking.seatSafeEpochs must be at most staking.exitDelayEpochs: a seat whose stake was taken out again must not stay safe for longer than the stake waits. 3 would do.",
      ],
      ["no minimum stake", { "staking.minimumStakeMdt": "0" }, "staking.minimumStakeMdt must be above 0. 1 would do."],
      [
        "a free registration",
        { "minerPrice.floorMdt": "0" },
        "minerPrice.floorMdt must be above 0 and at most minerPrice.ceilingMdt. 1000 would do.",
      ],
      [
        "a daily target of registrations whose interval isn't whole seconds",
        { "minerPrice.registrationsPerDay": 7 },
        "minerPrice.registrationsPerDay: must divide 86400, so that the interval is whole seconds.",
      ],
      [
        "a target of less than one registration a day",
        { "validatorPrice.registrationsPerDay": 0 },
        "validatorPrice.registrationsPerDay: must be at least 1. 1 would do.",
      ],
      [
        "a price's floor above its ceiling",
        { "validatorPrice.floorMdt": "10000.1" },
        "validatorPrice.floorMdt must be above 0 and at most validatorPrice.ceilingMdt. 10000 would do.",
      ],
      [
        "a fee for volume one wei below what a task's volume brings: 5,000 · .5 / 10,000 = .25 MDT",
        { "tasks.volumeFeeMdt": "0.249999999999999999" },
        "The field policies[0] is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 0.",
      ],
      [
        "a fee for difficulty one wei below what a task's difficulty brings: 5,000 · .3 / 4,000 = .375 MDT",
        { "tasks.difficultyFeeMdt": "0.374999999999999999" },
        "The field policies[0] is a policy that pays more for a task's difficulty than its difficulty fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee in epoch 0.",
      ],
      [
        "a first policy that makes tasks too cheap, though a later one does not",
        {
          policies: [
            { fromEpoch: 0, policy: { maxExpectedTasks: 4_999 } },
            { fromEpoch: 5, policy: {} },
          ],
        },
        "The field policies[0] is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 0.",
      ],
      [
        "a later policy that makes tasks too cheap",
        {
          policies: [
            { fromEpoch: 0, policy: {} },
            { fromEpoch: 5, policy: { maxExpectedTasks: 4_999 } },
          ],
        },
        "The field policies[1] is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 5.",
      ],
      [
        "a ramp that makes tasks too cheap at its end",
        {
          policies: [
            { fromEpoch: 0, policy: {} },
            { fromEpoch: 5, rampEpochs: 4, policy: { maxExpectedTasks: 4_999 } },
          ],
        },
        "The field policies[1] is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 8.",
      ],
      [
        "a policy without a limit on what miners earn",
        { policies: [{ fromEpoch: 0, policy: { minerFeeCapBps: null } }] },
        "The field policies[0] is a policy that has no minerFeeCapBps in epoch 0.",
      ],
      [
        "no volume fee",
        { "tasks.volumeFeeMdt": "0" },
        "The field policies[0] is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 0.",
      ],
      [
        "no difficulty fee",
        { "tasks.difficultyFeeMdt": "0" },
        "The field policies[0] is a policy that pays more for a task's difficulty than its difficulty fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee in epoch 0.",
      ],
      [
        "a task type one wei below its floor: 0.5 + 0.75 · .4 = 0.8 MDT",
        { "tasks.types": [{ name: "text", difficultyBps: 4_000, minimumFeeMdt: "0.799999999999999999" }] },
        'tasks.types "text": minimumFeeMdt must be at least volumeFeeMdt + difficultyFeeMdt · difficultyBps / 10000. 0.8 would do.',
      ],
      [
        "a verifier without a model",
        { "tasks.types": [{ ...proven, modelHash: null }] },
        'tasks.types "digits": verifier and modelHash must both be set, above zero, or both be null. null would do.',
      ],
      [
        "a development verifier, which only `local` may have",
        { "tasks.types": [{ ...proven, verifier: "digits" }] },
        'tasks.types "digits": verifier must be an address outside local, because everyone can forge proofs for those of circuits/, which are for development. One that was written with the common reference string of a ceremony, and deployed, would do.',
      ],
      [
        "a verifier that is neither an address nor a folder's name",
        { "tasks.types": [{ ...proven, verifier: "0x12" }] },
        "tasks.types.0.verifier: must be an address, or the name of a folder of circuits/.",
      ],
      [
        "a model without a verifier",
        { "tasks.types": [{ ...proven, verifier: undefined }] },
        'tasks.types "digits": verifier and modelHash must both be set, above zero, or both be null. null would do.',
      ],
      [
        "a model whose hash isn't an element of the field",
        { "tasks.types": [{ ...proven, modelHash: numberToHex(fieldOrder) }] },
        `tasks.types "digits": modelHash must be below the order of BN254's scalar field. 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000 would do.`,
      ],
      [
        "a model whose hash is too short",
        { "tasks.types": [{ ...proven, modelHash: "0x12" }] },
        "tasks.types.0.modelHash: must be 0x and 64 lower-case hexadecimal digits.",
      ],
      [
        "no policy for epoch 0",
        { policies: [{ fromEpoch: 1, policy: {} }] },
        "policies[0].fromEpoch must be 0. 0 would do.",
      ],
      ["no policy at all", { policies: [] }, "policies: must not be empty."],
      ["no task type", { "tasks.types": [] }, "tasks.types: must not be empty."],
      [
        "a policy that burns too much",
        { policies: [{ fromEpoch: 0, policy: { qualityThresholdBps: 5_001 } }] },
        "The field policies[0] is a policy that could burn more than 7000 basis points of the emission in epoch 0.",
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
          .to.throw(ConfigError)
          .with.property("message", `Configuration "test": ${complaint}`);
      });
    }

    it("a task type without a name", () => {
      const json = reference({ "tasks.types.0.name": "" });
      expect(checkNetworkConfig("test", json).problems[0]).to.equal(
        'tasks.types.0.name: must not be empty. "text" would do.',
      );
    });

    it("a file that isn't an object", () => {
      expect(() => parseNetworkConfig("test", 7)).to.throw(
        ConfigError,
        'Configuration "test": the file: must be an object.',
      );
    });

    it("a network that has no file", () => {
      for (const name of ["nowhere", "../keeper/x", ""]) {
        expect(() => loadNetworkConfig(name)).to.throw(
          ConfigError,
          `Unknown network "${name}". Networks in scripts/config: local, reference.`,
        );
      }
    });
  });

  describe("is refused as a file", () => {
    const file = join(configDirectory, "unreadable-for-a-test.json");

    afterEach(() => {
      rmSync(file);
    });

    for (const [what, text, message] of [
      [
        "that gives a field twice",
        '{"clock":{"slotSeconds":1,"slotSeconds":2}}',
        "The field clock.slotSeconds is given twice.",
      ],
      ["that is not JSON", "", "it is not JSON: Unexpected end of JSON input."],
      ["with a byte order mark, but only for its content", "\uFEFF{}", "chain.name: is missing."],
    ] as const) {
      it(what, () => {
        writeFileSync(file, text);
        expect(() => loadNetworkConfig("unreadable-for-a-test"))
          .to.throw(ConfigError)
          .with.property("message", `Configuration "unreadable-for-a-test": ${message}`);
      });
    }
  });

  describe("has a range for each whole number:", () => {
    const bits32 = 4_294_967_295;
    const ranges: readonly (readonly [field: string, least: number, most?: number])[] = [
      ["clock.slotSeconds", 1],
      ["clock.slotsPerEpoch", 2],
      ["clock.revealSlots", 1],
      ["clock.closingSlots", 1],
      ["emission.halvingIntervalEpochs", 1],
      ["emission.maxDaoShareBps", 0, 10_000],
      ["settlement.claimDelaySeconds", 0, bits32],
      ["settlement.payRecipientsUpTo", 0, 250],
      ["quorum.bps", 5_001, 10_000],
      ["quorum.soloAfterSeconds", 0, bits32],
      ["keeper.replaceAfterSeconds", 1],
      ["keeper.maxJumpFactor", 1],
      ["staking.seats", 1, 100],
      ["staking.seatSafeEpochs", 0, 65_535],
      ["staking.exitDelayEpochs", 3, 65_535],
      ["staking.jailEpochs", 1],
      ["staking.maxSlashPerEpochBps", 100, 9_999],
      ["tasks.feeBurnBps", 0, 10_000],
      ["tasks.types.0.difficultyBps", 1, 10_000],
    ];
    for (const [field, least, most] of ranges) {
      it(`${field} is ${least} or more${most === undefined ? "" : `, and at most ${most}`}`, () => {
        const complaints = (value: number) =>
          checkNetworkConfig("test", reference({ [field]: value })).problems.filter((problem) =>
            problem.startsWith(`${field}: `),
          );
        expect(complaints(least)).to.deep.equal([]);
        expect(complaints(least - 1)).to.deep.equal([`${field}: must be at least ${least}. ${least} would do.`]);
        expect(complaints(most ?? Number.MAX_SAFE_INTEGER)).to.deep.equal([]);
        if (most === undefined) return;
        expect(complaints(most + 1)).to.deep.equal([`${field}: must be at most ${most}. ${most} would do.`]);
      });
    }
  });

  it("isn't listed if its name means something else to `--network`", () => {
    const names = ["hardhat", "localhost"].map((name) => join(configDirectory, `${name}.json`));
    try {
      for (const file of names) writeFileSync(file, "{}", { flag: "wx" });
      expect(networkNames()).to.deep.equal(["local", "reference"]);
    } finally {
      for (const file of names) rmSync(file, { force: true });
    }
  });

  describe("is accepted at its limits:", () => {
    const cases: readonly (readonly [string, Json])[] = [
      ["a cap of one wei below 2^96", { "supply.maxSupplyMdt": "79228162514.264337593543950335" }],
      ["solo settlement a second after an epoch and its reveal window", { "quorum.soloAfterSeconds": 115_201 }],
      ["a quorum of a basis point more than half", { "quorum.bps": 5_001 }],
      ["a claim delay of an hour", { "settlement.claimDelaySeconds": 3_600 }],
      ["a claim delay of half an epoch", { "settlement.claimDelaySeconds": 43_200 }],
      ["an allowance for one block reward", { "supply.blockRewardsAllowanceMdt": "2" }],
      ["a target of one registration a day", { "validatorPrice.registrationsPerDay": 1 }],
      ["a target of one registration a second", { "minerPrice.registrationsPerDay": 86_400 }],
      ["closing slots that take half of an epoch", { "clock.closingSlots": 144 }],
      ["a constant price", { "minerPrice.floorMdt": "1000" }],
      ["a base reward of one wei", { "emission.baseRewardMdt": smallestAmount }],
      ["a minimum stake of one wei", { "staking.minimumStakeMdt": smallestAmount }],
      ["a price's floor of one wei", { "minerPrice.floorMdt": smallestAmount }],
      ["a seat that is safe for as long as an exit takes", { "staking.seatSafeEpochs": 14 }],
      [
        "a model whose hash is the last element of the field",
        { "tasks.types": [{ ...proven, minimumFeeMdt: "1", modelHash: numberToHex(fieldOrder - 1n) }] },
      ],
      ["a task type whose name is one letter", { "tasks.types.0.name": "t" }],
      ["a quorum floor of one wei", { "quorum.floorMdt": smallestAmount }],
      ["a quorum floor of the whole maximum supply", { "quorum.floorMdt": "21000000" }],
      [
        "tasks that cost exactly what they can bring, if miners earn at most 39.99 % of it",
        {
          "tasks.volumeFeeMdt": "0.25",
          "tasks.difficultyFeeMdt": "0.375",
          policies: [{ fromEpoch: 0, policy: { minerFeeCapBps: 3_999 } }],
        },
      ],
    ];
    for (const [title, differences] of cases) {
      it(title, () => {
        expect(() => parseNetworkConfig("test", reference(differences))).not.to.throw();
      });
    }
  });

  describe("is checked as a whole:", () => {
    const problems = (json: unknown) => checkNetworkConfig("test", json).problems;

    it("every field that is missing or wrong is named at once", () => {
      const differences = { "chain.name": " ", "staking.seats": 101, "emission.baseRewardMdt": 5_000 };
      const others = {
        "emission.halvingIntervalEpochs": 0.5,
        "keeper.confirmations": "x",
        "keeper.pollSeconds": 0,
      };
      const { clock, dao, ...rest } = reference({ ...differences, ...others }) as Record<string, Json>;
      expect([clock, dao]).to.not.include(undefined);
      expect(problems(rest)).to.deep.equal([
        "chain.name: must be a name of 1 to 40 characters.",
        "clock.genesisDelaySeconds: is missing. 86400 would do.",
        "clock.slotSeconds: is missing. 300 would do.",
        "clock.slotsPerEpoch: is missing. 288 would do.",
        "clock.revealSlots: is missing. 96 would do.",
        "clock.closingSlots: is missing. 12 would do.",
        'emission.baseRewardMdt: must be a text in quotes. "5000" would do.',
        "emission.halvingIntervalEpochs: must be a whole number. 1461 would do.",
        'keeper.confirmations: must be a number of blocks, or "finalized".',
        "keeper.pollSeconds: must be above 0. 4 would do.",
        "staking.seats: must be at most 100. 100 would do.",
        "dao: is missing.",
      ]);
    });

    it("every number that doesn't fit is named with one that does", () => {
      const broken = reference({
        "clock.closingSlots": 145,
        "supply.treasuryAllowanceMdt": "1",
        "minerPrice.floorMdt": "1000.5",
        policies: [{ fromEpoch: 0, policy: { burnBps: 1 } }],
      });
      expect(problems(broken)).to.deep.equal([
        "The field policies[0].policy.burnBps is unknown.",
        "clock.closingSlots must be at most half of clock.slotsPerEpoch, so that most of an epoch's work counts for it. 144 would do.",
        "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule. 14610000 would do.",
        "minerPrice.floorMdt must be above 0 and at most minerPrice.ceilingMdt. 1000 would do.",
      ]);
      const mended = {
        "clock.closingSlots": 144,
        "supply.treasuryAllowanceMdt": "14610000",
        "minerPrice.floorMdt": "1000",
      };
      expect(problems(reference(mended))).to.deep.equal([]);
    });
  });

  it("isn't called malformed if our own code fails: the error is passed on unchanged", () => {
    const mistake = new Error("a mistake");
    const entry = {
      get fromEpoch(): never {
        throw mistake;
      },
    };
    expect(() => parseNetworkConfig("test", reference({ policies: [entry] }))).to.throw(mistake);
  });

  it("names the expected type in the schema's own words if JSON has no such type", () => {
    const issue = { code: "invalid_type", expected: "date", input: 1 } as const;
    expect(wordingOf(issue)).to.equal("must be date");
  });

  it("leaves a complaint about neither type nor size in the schema's own words", () => {
    expect(wordingOf({ code: "not_multiple_of", divisor: 2, input: 1 })).to.equal(undefined);
  });
});
