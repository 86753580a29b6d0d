import { expect } from "chai";
import { type Address, type Hex, numberToHex, pad } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { MissingEventsError } from "../../../scripts/chain/badAnswers";
import { type Settlement } from "../../../scripts/core/settlement";
import { fundsBefore, readSettledEpochs, readSettlements } from "../../../scripts/keeper/facts/settledEpochs";
import { addressOfContract, answeringChain, blockAt, logOf, logsAmong, type Place } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";

const bytes = (number: number): Hex => pad(numberToHex(number));
const someone: Address = "0x1111111111111111111111111111111111111111";
const pool = addressOfContract("pool");

const settlement = (epoch: number): Settlement => ({
  ...{ epoch: BigInt(epoch), emission: 10n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, minerRewards: 6n },
  ...{ validatorRewards: 4n, daoShare: 0n, returned: 0n, utilityWad: 1n, qualityWad: 1n },
  ...{ rewardsRoot: bytes(100 + epoch), policyHash: bytes(1), inputsHash: bytes(2) },
});

const settled = (epoch: number, place: Place, minted = 7n) =>
  logOf(
    "treasury",
    "EpochSettled",
    { epoch: BigInt(epoch), settlement: settlement(epoch), minted, recycled: 3n, totalSupply: 1_000n },
    place,
  );
const signed = (epoch: number, place: Place) =>
  logOf(
    "settlementQuorum",
    "SettlementSigned",
    { epoch: BigInt(epoch), validators: [someone], signedWei: 9n, neededWei: 8n },
    place,
  );
const vetoed = (epoch: number, root: number, place: Place, wasClaimable = false) =>
  logOf("treasury", "RootVetoed", { epoch: BigInt(epoch), root: bytes(root), wasClaimable }, place);
const reposted = (epoch: number, root: number, place: Place) =>
  logOf(
    "treasury",
    "RootReposted",
    { epoch: BigInt(epoch), root: bytes(root), inputsHash: bytes(root + 1), returned: 5n },
    place,
  );
const moved = (from: Hex, to: Hex, value: bigint, place: Place) =>
  logOf("token", "Transfer", { from, to, value }, place);

describe("The settlements that the chain's events show", () => {
  function chainWith(logs: readonly ReturnType<typeof logOf>[], next: bigint, poolWei = 0n): Connection {
    return answeringChain({
      views: {
        "treasury.nextEpochToSettle": () => next,
        "pool.available": () => poolWei,
        "token.mintable": () => 1_000n,
      },
      methods: {
        eth_blockNumber: () => "0x14",
        eth_getLogs: logsAmong(logs),
        eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : 20, 0),
      },
    });
  }

  it("have all the values of their events, in order", async () => {
    const chain = chainWith([settled(0, { block: 2 }), settled(1, { block: 4, transaction: 3 }, 8n)], 2n);
    const [first, second] = await readSettledEpochs(chain);
    expect(first).to.deep.equal({
      settlement: settlement(0),
      ...{ mintedWei: 7n, recycledWei: 3n, totalSupplyWei: 1_000n, signed: null },
      ...{ poolBeforeWei: 0n, mintedBeforeWei: 0n },
      ...{ blockNumber: 2n, blockHash: bytes(3), transactionHash: bytes(2_000) },
      ...{ reposts: [], isVetoed: false, isReturnable: true },
    });
    expect(second).to.deep.include({ settlement: settlement(1), mintedBeforeWei: 7n, transactionHash: bytes(4_003) });
  });

  it("are signed by the quorum of the same epoch in the same transaction", async () => {
    const logs = [
      signed(0, { block: 2, log: 0 }),
      settled(0, { block: 2, log: 1 }),
      signed(1, { block: 3, log: 0, transaction: 1 }),
      settled(1, { block: 3, log: 1, transaction: 2 }),
      signed(1, { block: 4, log: 0 }),
      settled(2, { block: 4, log: 1 }),
    ];
    const { settled: epochs, vetoes } = await readSettlements(chainWith(logs, 3n));
    expect(epochs.map(({ signed: by }) => by)).to.deep.equal([
      { validators: [someone], signedWei: 9n, neededWei: 8n },
      null,
      null,
    ]);
    expect(vetoes).to.deep.equal([]);
  });

  it("include the pool's balance before their transaction", async () => {
    const logs = [
      moved(someone, pool, 50n, { block: 1 }),
      moved(someone, pool, 4n, { block: 2, log: 0 }),
      moved(pool, someone, 30n, { block: 2, log: 1 }),
      settled(0, { block: 2, log: 2 }),
      settled(1, { block: 3 }),
    ];
    const chain = chainWith(logs, 2n, 24n);
    expect((await readSettledEpochs(chain)).map(({ poolBeforeWei }) => poolBeforeWei)).to.deep.equal([50n, 24n]);
  });

  it("could be paid from the pool and from what the Treasury could still mint at the time", async () => {
    const chain = chainWith([settled(0, { block: 2 }), settled(1, { block: 3 }, 8n)], 2n);
    const funds = await Promise.all((await readSettledEpochs(chain)).map((one) => fundsBefore(chain, one)));
    expect(funds).to.deep.equal([
      { poolWei: 0n, mintableWei: 1_015n },
      { poolWei: 0n, mintableWei: 1_008n },
    ]);
  });

  it("are vetoed until they are reposted, and can return nothing after the veto of a claimable root", async () => {
    const logs = [
      settled(0, { block: 2 }),
      settled(1, { block: 3 }),
      vetoed(0, 100, { block: 4 }),
      vetoed(1, 101, { block: 5 }, true),
    ];
    const before = await readSettlements(chainWith(logs, 2n));
    expect(before.settled.map(({ isVetoed, isReturnable }) => [isVetoed, isReturnable])).to.deep.equal([
      [true, true],
      [true, false],
    ]);
    expect(before.vetoes).to.deep.equal([
      { root: bytes(100), epoch: 0, transactionHash: bytes(4_000) },
      { root: bytes(101), epoch: 1, transactionHash: bytes(5_000) },
    ]);
    const more = [
      ...logs,
      reposted(1, 102, { block: 6 }),
      vetoed(1, 102, { block: 7 }),
      reposted(1, 101, { block: 8 }),
    ];
    const after = await readSettlements(chainWith(more, 2n));
    const own = after.settled[1]!;
    expect([own.isVetoed, own.isReturnable]).to.deep.equal([false, false]);
    const repost = { returnedWei: 5n, isReturnable: false };
    expect(own.reposts).to.deep.equal([
      { ...repost, root: bytes(102), inputsHash: bytes(103), blockNumber: 6n, transactionHash: bytes(6_000) },
      { ...repost, root: bytes(101), inputsHash: bytes(102), blockNumber: 8n, transactionHash: bytes(8_000) },
    ]);
    expect(after.vetoes.map(({ root }) => root)).to.deep.equal([bytes(100), bytes(102)]);
  });

  for (const [what, logs, next, poolWei] of [
    ["lack a settlement", [settled(0, { block: 2 })], 2n, 0n],
    ["show one settlement too many", [settled(0, { block: 2 }), settled(1, { block: 3 })], 1n, 0n],
    ["lack a transfer into the pool", [], 0n, 1n],
    ["show a veto of an epoch without a settlement", [vetoed(0, 100, { block: 4 })], 1n, 0n],
    ["show a repost of an epoch without a settlement", [reposted(0, 100, { block: 4 })], 1n, 0n],
  ] as const) {
    it(`are refused if the events ${what}`, async () => {
      await rejection(readSettlements(chainWith(logs, next, poolWei)), MissingEventsError);
    });
  }
});
