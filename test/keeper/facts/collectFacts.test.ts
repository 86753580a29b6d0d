import { expect } from "chai";
import { MissingEventsError } from "../../../scripts/chain/badAnswers";
import { collectFacts, EpochNotOverError, requireOver } from "../../../scripts/keeper/facts/collectFacts";
import { addressOfContract, answeringChain, blockAt } from "../../shared/answeringChain";
import { quietViews } from "../../shared/quietNetwork";
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

  describe("are refused from an endpoint", () => {
    const validator = addressOfContract("token");
    const seated = { validator, ownWei: 5n, totalWei: 5n, index: 10n ** 27n, commissionBps: 0 };
    /** Reads the facts from an endpoint that answers views but shows no events. */
    const read = (validatorViews: object, isRevealed: boolean) =>
      collectFacts(
        answeringChain({
          views: {
            ...quietViews,
            "stakingLens.seatedValidators": () => [{ ...seated, isActive: true, isJailed: false, ...validatorViews }],
            "scoreBoard.commitsOf": () => [{ commitment: `0x${"00".repeat(32)}`, minerCount: 0, isRevealed }],
          },
          methods: {
            eth_blockNumber: () => "0x32",
            eth_getBlockByNumber: () => blockAt(50, 500),
            eth_getLogs: () => [],
          },
        }),
        3,
      );

    it("that omits the events of a validator's own stake", async () => {
      expect((await rejection(read({}, false), MissingEventsError)).message).to.equal(
        `The own stake of ${validator} in wei is 0 according to an endpoint's events, but 5 according to the contract: the endpoint omits events.`,
      );
    });

    it("that omits a validator's delegations", async () => {
      const { message } = await rejection(read({ ownWei: 0n }, false), MissingEventsError);
      expect(message).to.match(new RegExp(`${validator}.* is 0 .* but 5 according to the contract`));
    });

    it("that omits a validator's reveal", async () => {
      const { message } = await rejection(read({ ownWei: 0n, totalWei: 0n }, true), MissingEventsError);
      expect(message).to.match(/^Whether 0x0{39}1 revealed scores for epoch 3 is false /);
    });
  });
});
