import { expect } from "chai";
import { type Address, type Hex, numberToHex, zeroHash } from "viem";
import { EarningsIndex, EarningsStore } from "../../scripts/api/earnings";
import { EpochStore } from "../../scripts/api/epochStore";
import { incomeView, type Period } from "../../scripts/api/income";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { inMemory } from "../../scripts/store/storeFile";
import { answeringChain, blockAt, logOf, logsAmong } from "../shared/answeringChain";
import { quietViews } from "../shared/quietNetwork";
import { inTemporaryFolder } from "../../scripts/lab/temporaryFolder";

const day = 86_400;
const sealer: Address = numberToHex(0xa, { size: 20 });

describe("An account's income in a period", () => {
  /** When it was paid for sealing epochs, by block: the last second of a day, the first of the next, and one a day later. */
  const paidAt: Readonly<Record<number, number>> = { 3: 5 * day - 1, 4: 5 * day, 5: 6 * day };

  const datesIn = (period: Period): Promise<readonly number[]> =>
    inTemporaryFolder(async (folder) => {
      const logs = Object.keys(paidAt).map((block) =>
        logOf(
          "blockRewards",
          "EpochSealed",
          { epoch: BigInt(block), sealer, seed: zeroHash, rewardWei: 7n },
          { block: +block },
        ),
      );
      const view = answeringChain({
        views: { ...quietViews, "treasury.nextEpochToSettle": () => 0n },
        methods: {
          eth_blockNumber: () => "0x9",
          eth_getLogs: logsAmong(logs),
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? +tag : 9, paidAt[+tag] ?? 0),
        },
      });
      const archive = await openArchive(view, folder);
      const fail = (sentence: string) => expect.fail(sentence);
      const earnings = new EarningsIndex(archive, new EarningsStore(inMemory, view.deployment.id, fail));
      const source = { connection: view, archive, earnings };
      const incomeOf = incomeView(source, () => Promise.resolve({ view }), new EpochStore(source, 0), 0);
      return (await incomeOf(sealer, period)).map(({ date }) => date);
    });

  it("begins with the first second of the first day and ends with the last second of the last day", async () => {
    const [late, midnight, next] = Object.values(paidAt);
    expect(await datesIn({})).to.deep.equal([late, midnight, next]);
    expect(await datesIn({ to: 4 * day })).to.deep.equal([late]);
    expect(await datesIn({ from: 5 * day })).to.deep.equal([midnight, next]);
    expect(await datesIn({ from: 5 * day, to: 5 * day })).to.deep.equal([midnight]);
  });
});
