import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  decodeFunctionData,
  type Hex,
  maxUint256,
  numberToHex,
  pad,
  parseTransaction,
  type TransactionSerialized,
  zeroAddress,
  zeroHash,
} from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { ContradictionError } from "../../../scripts/chain/contradiction";
import { RefusedError } from "../../../scripts/chain/transact";
import { openArchive } from "../../../scripts/keeper/archive/openArchive";
import { computeSettlement, nothingCarried } from "../../../scripts/keeper/compute/computeSettlement";
import { readSettledEpochs } from "../../../scripts/keeper/facts/settledEpochs";
import { type DueEpoch } from "../../../scripts/keeper/run/dueEpoch";
import { type Fees } from "../../../scripts/keeper/run/fees";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type Keeper } from "../../../scripts/keeper/run/memory";
import { type Settling, trySettling } from "../../../scripts/keeper/run/trySettling";
import { answeringChain, blockAt, logOf, logsAmong, refusalBy } from "../../shared/answeringChain";
import { quietViews } from "../../shared/quietNetwork";
import { rejection } from "../../shared/rejection";
import { accountOf, openSigningNode, show, signedAnswer, type SigningNode } from "../../shared/signingNodes";

const account = accountOf(0);
const validator = accountOf(1);
const settled = { kind: "sent" } as const;

describe("An epoch that is due", () => {
  let directory: string;
  let events: KeeperEvent[];
  let now: number;
  /** What was asked of the SettlementQuorum beside its views, and as of which block. */
  let rehearsals: (readonly [question: string, block: unknown])[];
  let sent: Hex[];
  let nonce: number;
  let priorityFeeWei: bigint;
  let isKeeper: boolean;
  let soloFrom: bigint;
  /** The stake of the only validator; none is enough where it is missing. */
  let stakeWei: bigint | undefined;
  let node: SigningNode | undefined;
  /** The roots of the epochs that are settled. */
  let roots: readonly Hex[];
  /** Throws where the contract refuses the settlement. */
  let refuse: () => void;
  let onSending: () => void;
  let connection: Connection;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, rehearsals, sent, roots] = [[], [], [], []];
    [now, nonce, priorityFeeWei] = [1_000, 4, 2n];
    [isKeeper, soloFrom, stakeWei] = [true, 500n, undefined];
    refuse = onSending = () => undefined;
    connection = chain();
  });

  afterEach(() => {
    node?.close();
    node = undefined;
    rmSync(directory, { recursive: true });
  });

  function chain(): Connection {
    const settle = () => {
      refuse();
      return undefined;
    };
    return answeringChain(
      {
        views: {
          ...quietViews,
          "treasury.nextEpochToSettle": () => BigInt(roots.length),
          "treasury.pendingRoot": () => [zeroHash, 0n, 0n],
          "treasury.currentRoot": () => [roots[0] ?? zeroHash, 0n],
          "treasury.previousRoot": () => [zeroHash, 0n],
          "settlementQuorum.hasRole": (_: Hex, holder: Address) => isKeeper && holder === account.address,
          "settlementQuorum.soloAllowedFrom": () => soloFrom,
          "settlementQuorum.signersOf": () =>
            stakeWei === undefined ? [[], [], maxUint256] : [[validator.address], [stakeWei], 67n],
          "settlementQuorum.settleEpoch": settle,
          "settlementQuorum.settleEpochSigned": settle,
          "staking.operatorOf": (owner: Address) => owner,
          "directory.endpointOf": () => node?.url ?? "",
        },
        methods: {
          eth_blockNumber: () => "0x32",
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : 50, now),
          eth_getLogs: (filter: Record<string, unknown>) => logsAmong(logs())(filter),
          eth_getTransactionCount: () => numberToHex(nonce),
          eth_estimateGas: () => "0x186a0",
          eth_maxPriorityFeePerGas: () => numberToHex(priorityFeeWei),
          eth_getCode: () => "0x",
          eth_sendRawTransaction: (raw: Hex) => {
            sent.push(raw);
            onSending();
            return `0x${"ab".repeat(32)}`;
          },
        },
      },
      { keeper: { confirmations: 0, maxFeePerGasWei: 1_000n } },
      (question, block) => {
        if (/settleEpoch|estimateGas/.test(question)) rehearsals.push([question, block]);
      },
    );
  }

  /** Settlements that give nothing to nobody, with these roots. */
  function logs() {
    return roots.map((rewardsRoot, i) => {
      const nothing = { emission: 0n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, minerRewards: 0n };
      const parts = { ...nothing, validatorRewards: 0n, daoShare: 0n, returned: 0n, utilityWad: 0n, qualityWad: 0n };
      const hashes = { rewardsRoot, policyHash: zeroHash, inputsHash: zeroHash };
      const args = { epoch: BigInt(i), settlement: { epoch: BigInt(i), ...parts, ...hashes } };
      return logOf("treasury", "EpochSettled", { ...args, minted: 0n, recycled: 0n, totalSupply: 1n }, { block: 10 + i });
    });
  }

  async function settle(
    seen: Partial<Observation> = {},
    known: DueEpoch | null = null,
    outbid?: Fees,
  ): Promise<Settling> {
    const keeper = {
      connection,
      signer: account,
      archive: await openArchive(connection, directory),
      acceptedEpoch: () => undefined,
      tell: (event: KeeperEvent) => events.push(event),
      clock: () => now,
      stopping: new AbortController().signal,
    } as unknown as Keeper;
    const observed = {
      ...{ headBlock: 50n, headTimestamp: 1_000, baseFeePerGasWei: 100n, confirmedBlock: 50n, now: 1_000 },
      ...{ nextEpochToSettle: roots.length, dueAt: 900, paused: false, vetoedEpoch: null, settled: [] },
      ...{ confirmedEpochs: 0, minedTransactions: nonce, keeperBalanceWei: 1n },
      ...seen,
    };
    const sender = { connection, signer: account, maxFeePerGasWei: 1_000n, onSigned: () => undefined };
    const leftOut = { epoch: 0, validators: new Set<Address>() };
    return trySettling(keeper, observed, sender, outbid, { due: known, leftOut });
  }

  /** Has the validator's node sign what is due. */
  async function sign(): Promise<void> {
    const { settlement } = await computeSettlement(chain(), 0, nothingCarried);
    node = await openSigningNode(validator, async (_, response) => {
      show(response, await signedAnswer(connection, validator, settlement));
    });
  }

  const transactions = () => sent.map((raw) => parseTransaction(raw as TransactionSerialized<"eip1559">));
  const functionsSent = () =>
    transactions().map(
      ({ data }) => decodeFunctionData({ abi: connection.contracts.settlementQuorum.abi, data: data! }).functionName,
    );
  const blocks = () => rehearsals.map(([, block]) => block);

  it("is computed, rehearsed and sent, with an eighth of gas to spare", async () => {
    expect(await settle()).to.deep.include(settled);
    expect(functionsSent()).to.deep.equal(["settleEpoch"]);
    expect(transactions()[0]).to.include({ nonce: 4, gas: 112_500n, maxFeePerGas: 202n, maxPriorityFeePerGas: 2n });
    expect(events).to.deep.equal([
      { kind: "computed", epoch: 0, seconds: 0, accounts: 0, rewardsRoot: zeroHash },
    ]);
  });

  for (const [headTimestamp, block] of [
    [499, "pending"],
    [500, "latest"],
  ] as const) {
    it(`is rehearsed at the ${block} block if the newest is of ${headTimestamp}, and a keeper may be alone from 500 on`, async () => {
      await settle({ headTimestamp, dueAt: 0 });
      expect(blocks()).to.deep.equal([block, block]);
    });
  }

  for (const [headTimestamp, block] of [
    [899, "pending"],
    [900, "latest"],
  ] as const) {
    it(`is rehearsed at the ${block} block if the newest is of ${headTimestamp}, and a quorum may settle from 900 on`, async () => {
      [soloFrom, stakeWei] = [5_000n, 67n];
      await sign();
      expect(await settle({ headTimestamp })).to.deep.include(settled);
      expect(functionsSent()).to.deep.equal(["settleEpochSigned"]);
      expect(blocks()).to.deep.equal([block, block]);
    });
  }

  it("waits for a quorum where the account may not do without, and is not computed again", async () => {
    isKeeper = false;
    stakeWei = 67n;
    const missing = await settle();
    if (missing.kind !== "quorumMissing") return expect.fail(missing.kind);
    expect(missing.gap).to.include({ signedWei: 0n, neededWei: 67n, soloFrom: 500 });
    expect([events.length, sent.length]).to.deep.equal([1, 0]);
    await sign();
    now += 599;
    expect(await settle({}, missing.due)).to.deep.include(settled);
    expect(events).to.have.lengthOf(1);
  });

  it("is computed again after ten minutes, and where what it rests on has changed", async () => {
    stakeWei = 67n;
    soloFrom = 5_000n;
    const missing = await settle();
    if (missing.kind !== "quorumMissing") return expect.fail(missing.kind);
    await settle({ nextEpochToSettle: 0 }, { ...missing.due, state: "another" });
    expect(events).to.have.lengthOf(2);
    now += 600;
    await settle({}, missing.due);
    expect(events).to.have.lengthOf(3);
  });

  it("is not even computed where gas is too expensive", async () => {
    priorityFeeWei = 901n;
    expect(await settle()).to.deep.equal({ kind: "aboveCeiling", askedWei: 1_001n });
    expect([events, sent]).to.deep.equal([[], []]);
  });

  it("outbids what was sent with the same nonce", async () => {
    await settle({}, null, { maxFeePerGasWei: 400n, maxPriorityFeePerGasWei: 8n });
    expect(transactions()[0]).to.include({ maxFeePerGas: 450n, maxPriorityFeePerGas: 9n });
  });

  it("halts where the epoch before it was settled incorrectly and its root is alive, which nobody may accept", async () => {
    roots = [pad("0x63")];
    connection = chain();
    const halted = await settle({ settled: await readSettledEpochs(connection) });
    expect(halted).to.deep.include({ kind: "halted", mayBeAccepted: false });
    expect((halted as { reason: string }).reason).to.match(/^Epoch 0 .*[^.]$/);
    expect(sent).to.deep.equal([]);
  });

  it("is settled already where the contract expects a later one", async () => {
    refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [0n, 1n]);
    };
    expect(await settle()).to.deep.equal({ kind: "alreadySettled" });
    refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [1n, 0n]);
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("NotNextEpoch");
  });

  it("fails with the contract's refusal, and contradicts itself where that has no name", async () => {
    refuse = () => {
      throw refusalBy("settlementQuorum", "WrongSignature", [validator.address, zeroAddress]);
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("WrongSignature");
    refuse = () => {
      throw Object.assign(new Error("execution reverted"), { code: 3, data: "0x" });
    };
    const failure = await rejection(settle(), ContradictionError);
    expect(failure.message).to.match(/^Epoch 0 can't be settled: /);
    expect(sent).to.deep.equal([]);
  });

  it("fails as the node does where that is no refusal", async () => {
    refuse = () => {
      throw Object.assign(new Error("header not found"), { code: -32_000 });
    };
    const failure = await settle().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(ContradictionError);
    expect(failure).not.to.be.instanceOf(RefusedError);
  });

  describe("whose nonce another transaction of the account took", () => {
    const tooLow = (): void => {
      throw Object.assign(new Error("nonce too low"), { code: -32_000 });
    };

    it("is signed again with the next one", async () => {
      onSending = () => {
        onSending = () => undefined;
        nonce = 6;
        tooLow();
      };
      expect(await settle()).to.deep.include(settled);
      expect(transactions().map((one) => one.nonce)).to.deep.equal([4, 6]);
      expect(events.slice(1)).to.deep.equal([
        {
          ...{ kind: "failed", during: "settling epoch 0", retryInSeconds: 0 },
          reason: "another transaction of the keeper's account used nonce 4: signing again with nonce 6",
        },
      ]);
    });

    it("waits for the next look where the node does not count it yet", async () => {
      onSending = tooLow;
      expect(await settle()).to.deep.equal({ kind: "nonceTaken", nonce: 4 });
      expect(sent).to.have.lengthOf(1);
    });
  });
});
