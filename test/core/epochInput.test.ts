import { expect } from "chai";
import fc from "fast-check";
import { keccak256, stringToBytes } from "viem";
import { canonicalJson, type Json } from "../../scripts/core/canonicalJson";
import { type EpochInputs } from "../../scripts/core/computeEpoch";
import { inputsHash, writeEpochInput } from "../../scripts/core/epochInput/writeEpoch";
import { readEpochInput, readEpochInputs } from "../../scripts/core/epochInput/readEpochInput";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY, policyJson } from "../../scripts/core/policy/policy";
import { RefusedInputError } from "../../scripts/core/strictJson";
import { anyEpoch, epochInputs, miner, staker, UNCAPPED_POLICY } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const alice = "0x00000000000000000000000000000000000000AA";
const lowerAlice = "0x00000000000000000000000000000000000000aa";
const bob = accountOf(2);
const carol = accountOf(3);

const oneMiner = {
  account: alice,
  performance: "9",
  agreedScoreWad: "900000000000000000",
  feesWei: "20",
  provenFeesWei: "8",
};
const oneStaker = {
  account: bob,
  stakeWei: "50",
  commissionBps: 100,
  unscoredFeesWei: "12",
  delegations: [{ account: alice, stakeWei: "1" }],
};

/** A valid file, with `differences` in its fields. */
function file(differences: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    epoch: 3,
    baseRewardWei: "1000",
    halvingIntervalEpochs: 8,
    mintableWei: "21000000",
    poolWei: "0",
    tasks: { completed: 2, difficultySumBps: 20_000 },
    validators: { activeStakeWei: "60", revealedStakeWei: "51" },
    miners: [oneMiner],
    stakers: [oneStaker],
    ...differences,
  };
}

function without(name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(file()).filter(([key]) => key !== name));
}

describe("Epoch input", () => {
  describe("as read", () => {
    it("has bigint amounts, lower-case accounts and the whole policy", () => {
      expect(readEpochInput(file({ policy: { kappaU16: 5 } }))).to.deep.equal({
        epoch: 3,
        baseRewardWei: 1_000n,
        halvingIntervalEpochs: 8,
        mintableWei: 21_000_000n,
        poolWei: 0n,
        policy: { ...DEFAULT_POLICY, kappaU16: 5 },
        tasks: { completed: 2, difficultySumBps: 20_000 },
        validators: { activeStakeWei: 60n, revealedStakeWei: 51n },
        miners: [
          {
            account: lowerAlice,
            performance: 9n,
            agreedScoreWad: 900_000_000_000_000_000n,
            feesWei: 20n,
            provenFeesWei: 8n,
          },
        ],
        stakers: [{ ...staker(bob, 50n, 100, [[lowerAlice, 1n]]), unscoredFeesWei: 12n }],
      });
    });

    it("has the default policy if the file has none", () => {
      expect(readEpochInput(file()).policy).to.deep.equal(DEFAULT_POLICY);
    });

    it("is a single epoch for an object, and a list for an array, even an empty one", () => {
      expect(readEpochInputs(file())).to.deep.equal(readEpochInput(file()));
      expect(readEpochInputs([file(), file({ epoch: 4 })])).to.deep.equal([
        readEpochInput(file()),
        readEpochInput(file({ epoch: 4 })),
      ]);
      expect(readEpochInputs([])).to.deep.equal([]);
    });

    it("equals the inputs that were written, for any epoch", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          expect(readEpochInput(JSON.parse(JSON.stringify(writeEpochInput(inputs))))).to.deep.equal(inputs);
        }),
      );
    });

    it("accepts the largest values", () => {
      const most = String(2n ** 128n - 1n);
      const read = readEpochInput(
        file({
          baseRewardWei: most,
          epoch: Number.MAX_SAFE_INTEGER,
          miners: [{ ...oneMiner, agreedScoreWad: String(10n ** 18n), feesWei: most, provenFeesWei: most }],
          stakers: [{ ...oneStaker, unscoredFeesWei: "0" }],
        }),
      );
      expect([read.baseRewardWei, read.miners[0]!.feesWei]).to.deep.equal([2n ** 128n - 1n, 2n ** 128n - 1n]);
    });
  });

  describe("is refused", () => {
    for (const name of Object.keys(file())) {
      it(`without ${name}`, () => {
        expect(() => readEpochInput(without(name)))
          .to.throw(RefusedInputError, `The field ${name} is missing.`)
          .that.includes({ field: name, problem: "is missing" });
      });
    }

    const weiProblem = 'must be a decimal string of digits from "0" to 2^128 - 1';
    const bitsProblem = 'must be a decimal string of digits from "0" to 2^64 - 1';
    const wadProblem = 'must be a decimal string of digits from "0" to 10^18';
    const countProblem = "must be a whole number from 0 to 9007199254740991";
    const notAnAddress = "must be an address: 0x and 40 hexadecimal digits";
    const wrongs: [differences: Record<string, unknown>, field: string, problem: string][] = [
      [{ burnWei: "0" }, "burnWei", "is unknown"],
      [JSON.parse('{ "__proto__": 1 }') as Record<string, unknown>, "__proto__", "is unknown"],
      [{ tasks: { completed: 1, difficultySumBps: 1, failed: 0 } }, "tasks.failed", "is unknown"],
      [{ tasks: { completed: 1 } }, "tasks.difficultySumBps", "is missing"],
      [{ tasks: [] }, "tasks", "must be an object"],
      [{ epoch: -1 }, "epoch", countProblem],
      [{ epoch: 0.5 }, "epoch", countProblem],
      [{ epoch: 2 ** 53 }, "epoch", countProblem],
      [{ epoch: "3" }, "epoch", countProblem],
      [{ epoch: null }, "epoch", countProblem],
      [{ halvingIntervalEpochs: 0 }, "halvingIntervalEpochs", "must be a whole number from 1 to 9007199254740991"],
      [{ poolWei: 0 }, "poolWei", weiProblem],
      [{ poolWei: "-1" }, "poolWei", weiProblem],
      [{ poolWei: "" }, "poolWei", weiProblem],
      [{ poolWei: "01" }, "poolWei", weiProblem],
      [{ poolWei: "1e3" }, "poolWei", weiProblem],
      [{ poolWei: "0x10" }, "poolWei", weiProblem],
      [{ poolWei: " 1" }, "poolWei", weiProblem],
      [{ poolWei: "1\n" }, "poolWei", weiProblem],
      [{ mintableWei: String(2n ** 128n) }, "mintableWei", weiProblem],
      [{ baseRewardWei: "9".repeat(400) }, "baseRewardWei", weiProblem],
      [{ qualityWad: "1000000000000000000" }, "qualityWad", "is unknown"],
      [{ policy: { kappa: 1 } }, "policy.kappa", "is unknown"],
      [{ policy: null }, "policy", "must be an object"],
      [{ miners: {} }, "miners", "must be a list"],
      [{ miners: [7] }, "miners[0]", "must be an object"],
      [{ miners: [oneMiner, { ...oneMiner, performence: "1" }] }, "miners[1].performence", "is unknown"],
      [{ miners: [{ ...oneMiner, performance: String(2n ** 64n) }] }, "miners[0].performance", bitsProblem],
      [{ miners: [{ ...oneMiner, agreedScoreWad: "1000000000000000001" }] }, "miners[0].agreedScoreWad", wadProblem],
      [{ miners: [{ ...oneMiner, account: "0x12" }] }, "miners[0].account", `${notAnAddress}, not "0x12"`],
      [
        { miners: [{ ...oneMiner, account: bob.slice(2) }] },
        "miners[0].account",
        `${notAnAddress}, not "${bob.slice(2)}"`,
      ],
      [{ miners: [{ ...oneMiner, account: accountOf(0) }] }, "miners[0].account", "must not be the zero address"],
      [{ miners: [{ ...oneMiner, account: 7 }] }, "miners[0].account", notAnAddress],
      [
        { stakers: [{ ...oneStaker, commissionBps: 10_001 }] },
        "stakers[0].commissionBps",
        "must be a whole number from 0 to 10000",
      ],
      [
        { stakers: [{ ...oneStaker, delegations: [{ account: bob }] }] },
        "stakers[0].delegations[0].stakeWei",
        "is missing",
      ],
      [{ stakers: [{ ...oneStaker, dividend: "1" }] }, "stakers[0].dividend", "is unknown if validatorRule is stake"],
      [
        {
          policy: { validatorRule: "yuma2" },
          validators: { activeStakeWei: "102", revealedStakeWei: "102" },
          stakers: [{ ...oneStaker, dividend: "1" }, oneStaker],
        },
        "stakers[1].dividend",
        "is missing, and validatorRule yuma2 needs it",
      ],
      [
        { policy: { validatorRule: "yuma2" }, stakers: [{ ...oneStaker, dividend: -1 }] },
        "stakers[0].dividend",
        bitsProblem,
      ],
      [
        { tasks: { completed: 1, difficultySumBps: 10_001 } },
        "tasks.difficultySumBps",
        "must not exceed 10000 per completed task",
      ],
      [{ validators: { active: 2, revealed: 1 } }, "validators.active", "is unknown"],
      [{ validators: { activeStakeWei: 60, revealedStakeWei: "51" } }, "validators.activeStakeWei", weiProblem],
      [
        { validators: { activeStakeWei: "50", revealedStakeWei: "51" } },
        "validators.revealedStakeWei",
        "must not exceed validators.activeStakeWei",
      ],
      [
        { validators: { activeStakeWei: "60", revealedStakeWei: "50" } },
        "validators.revealedStakeWei",
        'must be "51", the sum of the stakers\' own and delegated stakes',
      ],
      [
        { validators: { activeStakeWei: "60", revealedStakeWei: "52" } },
        "validators.revealedStakeWei",
        'must be "51", the sum of the stakers\' own and delegated stakes',
      ],
      [{ miners: [{ ...oneMiner, feesWei: undefined }] }, "miners[0].feesWei", "is missing"],
      [{ miners: [{ ...oneMiner, feesWei: "7" }] }, "miners[0].provenFeesWei", "must not exceed its feesWei"],
      [
        { stakers: [{ ...oneStaker, unscoredFeesWei: "13" }] },
        "stakers[0].unscoredFeesWei",
        'must not exceed "12", the unproven fees of all miners',
      ],
    ];
    for (const [differences, field, problem] of wrongs) {
      it(`with ${JSON.stringify(differences).slice(0, 80)}: ${field} ${problem}`, () => {
        const json = { ...file(), ...differences };
        if (Object.hasOwn(differences, "__proto__"))
          Object.defineProperty(json, "__proto__", { value: 1, enumerable: true });
        expect(() => readEpochInput(json))
          .to.throw(RefusedInputError, `The field ${field} ${problem}.`)
          .that.includes({ field, problem });
      });
    }

    it("as a whole if it is not an object", () => {
      for (const json of [null, 7, "x", true]) {
        expect(() => readEpochInputs(json)).to.throw(RefusedInputError, "The input must be an object.");
      }
    });

    it("with its index if it is in an array", () => {
      expect(() => readEpochInputs([file(), without("poolWei")])).to.throw("The field [1].poolWei is missing.");
      expect(() => readEpochInputs([file({ policy: { a: 1 } })])).to.throw("The field [0].policy.a is unknown.");
      expect(() => readEpochInputs([file(), null])).to.throw("The field [1] must be an object.");
      expect(() => readEpochInputs([file({ stakers: [] })])).to.throw(
        'The field [0].validators.revealedStakeWei must be "0", the sum of the stakers\' own and delegated stakes.',
      );
    });
  });
});

describe("Inputs hash", () => {
  it("is keccak256 of the canonical JSON without pool and mint allowance, with the whole policy and sorted lists", async () => {
    const inputs = epochInputs({
      miners: [miner(carol, 1n), miner(bob, 2n)],
      stakers: [
        staker(carol, 5n),
        staker(bob, 7n, 100, [
          [carol, 2n],
          [bob, 1n],
        ]),
      ],
    });
    const policy = canonicalJson(policyJson(inputs.policy));
    const text =
      '{"baseRewardWei":"1000","epoch":0,"halvingIntervalEpochs":210000,"miners":[' +
      `{"account":"${bob}","agreedScoreWad":"1000000000000000000","feesWei":"2","performance":"2","provenFeesWei":"0"},` +
      `{"account":"${carol}","agreedScoreWad":"1000000000000000000","feesWei":"1","performance":"1","provenFeesWei":"0"}],` +
      `"policy":${policy},"stakers":[` +
      `{"account":"${bob}","commissionBps":100,"delegations":[{"account":"${bob}","stakeWei":"1"},` +
      `{"account":"${carol}","stakeWei":"2"}],"stakeWei":"7","unscoredFeesWei":"0"},` +
      `{"account":"${carol}","commissionBps":0,"delegations":[],"stakeWei":"5","unscoredFeesWei":"0"}],` +
      '"tasks":{"completed":10000,"difficultySumBps":100000000},' +
      '"validators":{"activeStakeWei":"15","revealedStakeWei":"15"}}';
    expect(await inputsHash(inputs)).to.equal(keccak256(stringToBytes(text)));
  });

  it("ignores the pool and the mint allowance, which change until the settlement executes", async () => {
    const base = await inputsHash(epochInputs());
    expect(await inputsHash(epochInputs({ poolWei: 1n, mintableWei: 1n }))).to.equal(base);
  });

  it("differs if anything else differs", async () => {
    const differences: Partial<EpochInputs>[] = [
      { epoch: 1 },
      { baseRewardWei: 999n },
      { halvingIntervalEpochs: 1 },
      { tasks: { completed: 1, difficultySumBps: 1 } },
      { validators: { activeStakeWei: 1n, revealedStakeWei: 0n } },
      { validators: { activeStakeWei: 1n, revealedStakeWei: 1n } },
      { policy: { ...UNCAPPED_POLICY, kappaU16: 1 } },
      { policy: { ...UNCAPPED_POLICY, minerFeeCapBps: 0 } },
      { policy: { ...UNCAPPED_POLICY, participationFloorWei: 1n } },
      { miners: [miner(bob, 1n)] },
      { miners: [miner(bob, 1n, WAD, { feesWei: 2n })] },
      { miners: [miner(bob, 1n, WAD, { provenFeesWei: 1n })] },
      { stakers: [staker(bob, 1n)] },
      { stakers: [{ ...staker(bob, 1n), unscoredFeesWei: 1n }] },
      { stakers: [{ ...staker(bob, 1n), dividend: 0n }] },
    ];
    const hashes = await Promise.all(differences.map((difference) => inputsHash(epochInputs(difference))));
    expect(new Set([...hashes, await inputsHash(epochInputs())]).size).to.equal(differences.length + 1);
  });

  it("does not depend on the order of lists, even among entries of one account", async () => {
    const delegations = [
      [bob, 2n],
      [bob, 1n],
    ] as const;
    const stakers = [
      staker(bob, 2n),
      staker(bob, 1n, 5),
      { ...staker(bob, 1n, 4), unscoredFeesWei: 3n },
      staker(bob, 1n, 4),
      { ...staker(bob, 1n, 4), dividend: 9n },
      staker(bob, 1n, 4, [[bob, 1n]]),
      staker(bob, 1n, 4, delegations),
      staker(bob, 1n, 4, [[carol, 1n]]),
      staker(bob, 1n, 4),
    ];
    const miners = [
      miner(bob, 2n, 1n),
      miner(bob, 1n, 2n),
      miner(bob, 1n, 1n),
      miner(bob, 1n, 1n),
      miner(bob, 1n, 1n, { feesWei: 2n }),
      miner(bob, 1n, 1n, { feesWei: 2n, provenFeesWei: 1n }),
    ];
    const expected = await inputsHash(epochInputs({ miners, stakers }));
    const shuffles = fc.tuple(
      fc.shuffledSubarray(miners, { minLength: miners.length }),
      fc.shuffledSubarray(stakers, { minLength: stakers.length }),
    );
    await fc.assert(
      fc.asyncProperty(shuffles, async ([otherMiners, otherStakers]) => {
        expect(await inputsHash(epochInputs({ miners: otherMiners, stakers: otherStakers }))).to.equal(expected);
      }),
    );
  });

  it("orders entries of one account by their other fields, smallest first", async () => {
    const stakers = [
      staker(bob, 1n, 9, [[carol, 9n]]),
      staker(bob, 2n, 1, [[accountOf(1), 9n]]),
      { ...staker(bob, 2n, 1), unscoredFeesWei: 1n, dividend: 9n },
      { ...staker(bob, 2n, 1), unscoredFeesWei: 2n, dividend: 1n },
      { ...staker(bob, 2n, 1), unscoredFeesWei: 2n, dividend: 2n },
      staker(bob, 2n, 2),
      staker(carol, 1n),
    ].map((one) => ({ ...one, dividend: one.dividend ?? 0n }));
    const miners = [
      miner(bob, 1n, 9n, { feesWei: 9n }),
      miner(bob, 2n, 1n, { feesWei: 9n }),
      miner(bob, 2n, 2n, { feesWei: 1n, provenFeesWei: 1n }),
      miner(bob, 2n, 2n, { feesWei: 2n }),
      miner(bob, 2n, 2n, { feesWei: 2n, provenFeesWei: 1n }),
      miner(bob, 10n),
    ];
    const facts: Record<string, Json> = { ...writeEpochInput(epochInputs({ miners, stakers })) };
    delete facts.poolWei;
    delete facts.mintableWei;
    const backwards = epochInputs({ miners: miners.toReversed(), stakers: stakers.toReversed() });
    expect(await inputsHash(backwards)).to.equal(keccak256(stringToBytes(canonicalJson(facts))));
  });

  it("orders delegations of one account by stake, and of two lists that begin alike puts the shorter first", async () => {
    const shorter = staker(bob, 1n, 0, [
      [accountOf(1), 1n],
      [accountOf(1), 10n],
    ]);
    const longer = staker(bob, 1n, 0, [
      [accountOf(1), 1n],
      [accountOf(1), 10n],
      [carol, 1n],
    ]);
    const facts: Record<string, Json> = { ...writeEpochInput(epochInputs({ stakers: [shorter, longer] })) };
    delete facts.poolWei;
    delete facts.mintableWei;
    const backwards = [longer, shorter].map((one) => ({ ...one, delegations: one.delegations.toReversed() }));
    expect(await inputsHash(epochInputs({ stakers: backwards }))).to.equal(
      keccak256(stringToBytes(canonicalJson(facts))),
    );
  });

  it("covers the whole text, even of lists with 3,000 entries", async () => {
    const accounts = Array.from({ length: 3_000 }, (_, i) => accountOf(i + 1));
    const inputs = epochInputs({
      miners: accounts.map((account) => miner(account, 1n)),
      stakers: accounts.slice(0, 3).map((account) =>
        staker(
          account,
          5n,
          0,
          accounts.map((delegator) => [delegator, 2n]),
        ),
      ),
    });
    const facts: Record<string, Json> = { ...writeEpochInput(inputs) };
    delete facts.poolWei;
    delete facts.mintableWei;
    expect(await inputsHash(inputs)).to.equal(keccak256(stringToBytes(canonicalJson(facts))));
  });
});
