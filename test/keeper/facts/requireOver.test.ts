import { expect } from "chai";
import { EpochNotOverError, requireOver } from "../../../scripts/keeper/facts/collectFacts";
import { answeringChain, blockAt } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";

describe("An epoch's facts", () => {
  const chainAt = (timestamp: number) =>
    answeringChain({
      views: { "treasury.revealEnd": (epoch: bigint) => 100n * epoch },
      methods: { eth_getBlockByNumber: () => blockAt(5, timestamp) },
    });

  it("are read from the second in which its reveal window closes, and not before", async () => {
    await requireOver(chainAt(700), 7);
    const { message } = await rejection(requireOver(chainAt(699), 7), EpochNotOverError);
    expect(message).to.equal("Epoch 7 is not due yet: its reveal window closes in 1 s.");
  });
});
