import { expect } from "chai";
import { type Emission, emissionOf, type EmissionInputs } from "../../scripts/core/utility";
import { type Ratio } from "../../scripts/core/fixedPoint";

const ONE: Ratio = { numerator: 1n, denominator: 1n };

function emission(differences: Partial<EmissionInputs>, utility = ONE): Emission {
  return emissionOf(
    {
      epoch: 0,
      baseRewardWei: 1_000n,
      halvingIntervalEpochs: 8,
      poolWei: 0n,
      mintableWei: 21_000_000n,
      ...differences,
    },
    utility,
  );
}

describe("Emission", () => {
  const utility = { numerator: 67n, denominator: 100n };
  for (const [epoch, halvings, expected] of [
    [0, 0n, 670n],
    [7, 0n, 670n],
    [8, 1n, 335n],
    [15, 1n, 335n],
    [16, 2n, 167n],
  ] as const) {
    it(`at a utility of .67 after ${halvings} halvings, in epoch ${epoch}, is ${expected}`, () => {
      expect(emission({ epoch }, utility)).to.include({ halvings, grossWei: expected, emissionWei: expected });
    });
  }

  for (const [halvings, ceilingWei] of [
    [126, 3n],
    [127, 1n],
    [128, 0n],
    [255, 0n],
    [256, 0n],
    [Number.MAX_SAFE_INTEGER, 0n],
  ] as const) {
    it(`has a ceiling of ${ceilingWei} for a base of 2^128 − 1 after ${halvings} halvings`, () => {
      const late = emission({ epoch: halvings, halvingIntervalEpochs: 1, baseRewardWei: 2n ** 128n - 1n });
      expect(late).to.include({ halvings: BigInt(halvings), ceilingWei, emissionWei: ceilingWei });
    });
  }

  it("counts halvings exactly if floating-point division would round up", () => {
    const interval = 3;
    const epoch = Number.MAX_SAFE_INTEGER - 1;
    expect(emission({ epoch, halvingIntervalEpochs: interval }).halvings).to.equal(BigInt(epoch) / 3n);
  });

  it("is zero for a base of zero", () => {
    expect(emission({ baseRewardWei: 0n })).to.include({ ceilingWei: 0n, emissionWei: 0n, mintedWei: 0n });
  });

  const funded: [
    poolWei: bigint,
    mintableWei: bigint,
    recycled: bigint,
    minted: bigint,
    limitedBy: Emission["limitedBy"],
  ][] = [
    [300n, 10_000n, 300n, 700n, "schedule"],
    [999n, 10_000n, 999n, 1n, "schedule"],
    [1_000n, 10_000n, 1_000n, 0n, "schedule"],
    [5_000n, 10_000n, 1_000n, 0n, "schedule"],
    [0n, 1_000n, 0n, 1_000n, "schedule"],
    [0n, 999n, 0n, 999n, "funds"],
    [50n, 100n, 50n, 100n, "funds"],
    [600n, 0n, 600n, 0n, "funds"],
    [0n, 0n, 0n, 0n, "funds"],
  ];
  for (const [poolWei, mintableWei, recycledWei, mintedWei, limitedBy] of funded) {
    it(`of 1000 with ${poolWei} in the pool and ${mintableWei} mintable recycles ${recycledWei} and mints ${mintedWei}`, () => {
      const emissionWei = recycledWei + mintedWei;
      expect(emission({ poolWei, mintableWei })).to.include({ emissionWei, recycledWei, mintedWei, limitedBy });
    });
  }
});
