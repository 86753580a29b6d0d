import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, type Hex, numberToHex, zeroHash } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { type Settlement } from "../../../scripts/core/settlement";
import { openArchive } from "../../../scripts/keeper/archive/epochArchive";
import { computeSettlement, nothingCarried } from "../../../scripts/keeper/compute/computeSettlement";
import { viewChain } from "../../../scripts/nodes/run/nodeView";
import { Signing } from "../../../scripts/nodes/validator/signing/signing";
import { type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { answeringChain, blockAt, logOf, logsAmong } from "../../shared/answeringChain";
import { quietViews } from "../../shared/quietNetwork";
import { accountOf } from "../../shared/signingNodes";

const owner = accountOf(1).address;
const operator = accountOf(2);
const slotSeconds = 10;
const clock = { slotSeconds, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };

/** Epoch 0 is due from this time on. */
const due = (clock.slotsPerEpoch + clock.revealSlots) * slotSeconds;

describe("A validator's signing", () => {
  let directory: string;
  let events: ValidatorEvent[];
  /** The node's clock, and the chain's time and head. */
  let now: number;
  let time: number;
  let head: number;
  let confirmations: number;
  /** The settlements that are on chain. */
  let settled: readonly Settlement[];
  let computed: Settlement;
  /** How often an epoch was computed. */
  let computations: number;
  /** The answer to a question for the validator's operator, the first question when something is to be signed. */
  let operatorOf: () => Address | Promise<Address>;
  let accused: string[];
  let stopping: AbortController;
  let connection: Connection;
  let signing: Signing;

  before(async () => {
    [settled, head, time, computations] = [[], 50, due, 0];
    operatorOf = () => operator.address;
    confirmations = 0;
    computed = (await computeSettlement(chain(), 0, nothingCarried)).settlement;
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, settled, accused] = [[], [], []];
    [now, time, head, confirmations, computations] = [1_000, due, 50, 0, 0];
    operatorOf = () => operator.address;
    stopping = new AbortController();
    await start();
  });

  afterEach(async () => {
    await signing.close();
    rmSync(directory, { recursive: true });
  });

  function chain(): Connection {
    return answeringChain(
      {
        views: {
          ...quietViews,
          "treasury.nextEpochToSettle": () => BigInt(settled.length),
          "staking.operatorOf": () => operatorOf(),
          "stakingLens.seatedValidators": () => {
            computations++;
            return [];
          },
        },
        methods: {
          eth_blockNumber: () => numberToHex(head),
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : head, time),
          eth_getLogs: (filter: Record<string, unknown>) => logsAmong(logs())(filter),
          eth_getTransactionCount: () => "0x0",
          eth_getBalance: () => "0x1",
        },
      },
      { clock, keeper: { confirmations, pollSeconds: 4 } },
    );
  }

  function logs() {
    const amounts = { minted: 0n, recycled: 0n, totalSupply: 1n };
    return settled.map((settlement, i) =>
      logOf("treasury", "EpochSettled", { epoch: BigInt(i), settlement, ...amounts }, { block: 51 + i }),
    );
  }

  /** Starts again, like a new process. */
  async function start({ dryRun = false } = {}): Promise<void> {
    connection = chain();
    const node = {
      connection,
      signer: operator,
      directory,
      tell: (event: ValidatorEvent) => void events.push(event),
      clock: () => now,
      random: () => 1,
      stopping: stopping.signal,
      accuse: (reason: string) => accused.push(reason) > 0,
    };
    signing = new Signing(node, { validator: owner, archive: await openArchive(connection, directory), dryRun });
  }

  const look = async (): Promise<void> => signing.look(await viewChain(connection, operator.address));

  /** Looks, and waits until nothing is being signed. */
  async function lookToEnd(): Promise<void> {
    await look();
    await signing.close();
  }

  const kinds = () => events.map(({ kind }) => kind);

  it("begins when an epoch is due, and happens once", async () => {
    time = due - 1;
    await lookToEnd();
    expect([kinds(), computations]).to.deep.equal([[], 0]);
    time = due;
    await lookToEnd();
    await lookToEnd();
    expect(kinds()).to.deep.equal(["signed"]);
    expect(events[0]).to.include({ what: "settlement", epoch: 0, block: 50n, because: null, seconds: 0 });
    expect(computations).to.equal(1);
    expect(signing.isWorking).to.equal(false);
  });

  it("isn't repeated after a restart: the signature is on disk", async () => {
    await lookToEnd();
    await start();
    await lookToEnd();
    expect(kinds()).to.deep.equal(["signed"]);
  });

  it("is only reported in a dry run", async () => {
    await start({ dryRun: true });
    await lookToEnd();
    await lookToEnd();
    expect(kinds()).to.deep.equal(["wouldSign"]);
    expect(await signing.settlements.served(0)).to.equal(undefined);
  });

  it("doesn't start a second time while it is running, even if a new block comes", async () => {
    let answer: (operator: Address) => void = () => undefined;
    let questions = 0;
    operatorOf = () => {
      questions++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    await look();
    expect(signing.isWorking).to.equal(true);
    while (questions === 0) await new Promise(setImmediate);
    head++;
    await look();
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(questions).to.equal(1);
    answer(operator.address);
    await signing.close();
    expect(kinds()).to.deep.equal(["signed"]);
  });

  it("is retried after failures with pauses of 4, 8 and 16 s", async () => {
    operatorOf = () => {
      throw new Error("down");
    };
    const pauses: number[] = [];
    for (let failure = 1; failure <= 3; failure++) {
      await lookToEnd();
      expect(events).to.have.lengthOf(failure);
      const { during, retryInSeconds } = events.at(-1) as Extract<ValidatorEvent, { kind: "failed" }>;
      expect(during).to.equal("signing the settlement of epoch 0");
      pauses.push(retryInSeconds);
      now += retryInSeconds - 0.5;
      await lookToEnd();
      expect(events).to.have.lengthOf(failure);
      now += 0.5;
    }
    expect(pauses).to.deep.equal([4, 8, 16]);
    operatorOf = () => operator.address;
    await lookToEnd();
    expect(kinds()).to.deep.equal(["failed", "failed", "failed", "signed"]);
    expect(accused).to.deep.equal([]);
  });

  it("starts with the shortest pause again after a success", async () => {
    const down = (): never => {
      throw new Error("down");
    };
    operatorOf = down;
    await lookToEnd();
    operatorOf = () => operator.address;
    now += 100;
    await lookToEnd();
    settled = [computed];
    head = 60;
    time = due + clock.slotsPerEpoch * slotSeconds;
    operatorOf = down;
    await lookToEnd();
    expect(events.at(-1)).to.include({ kind: "failed", retryInSeconds: 4 });
  });

  it("reports that the look failed, and accuses an endpoint that contradicts itself", async () => {
    const view = await viewChain(connection, operator.address);
    settled = [computed];
    await signing.look(view);
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ kind: "failed", during: "looking for something to sign" });
    expect(accused).to.have.lengthOf(1);
    stopping.abort();
    now += 100;
    await signing.look(view);
    expect(events, "who stops says nothing").to.have.lengthOf(1);
  });

  it("goes by the time of the newest final block", async () => {
    confirmations = 2;
    await start();
    head = 1;
    await lookToEnd();
    expect([kinds(), computations]).to.deep.equal([[], 0]);
    head = 50;
    await lookToEnd();
    expect(events.at(-1)).to.include({ kind: "signed", block: 48n });
  });

  it("is refused for a validator of another operator, and retried after 60 s", async () => {
    operatorOf = () => owner;
    await lookToEnd();
    await lookToEnd();
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ kind: "signingRefused", epoch: 0, mayBeAccepted: false });
    expect(signing.settlements.refusalOf(0)).to.match(/^only its operator /);
    expect(signing.settlements.refusalOf(1)).to.equal(undefined);
    operatorOf = () => operator.address;
    now += 59;
    await lookToEnd();
    expect(kinds()).to.deep.equal(["signingRefused"]);
    now += 1;
    await lookToEnd();
    expect(kinds()).to.deep.equal(["signingRefused", "signed"]);
  });

  it("ends without a signature if the node stops meanwhile, and computes no further epoch", async () => {
    settled = [computed];
    head = 60;
    time = due + clock.slotsPerEpoch * slotSeconds;
    operatorOf = () => {
      stopping.abort();
      return operator.address;
    };
    await lookToEnd();
    expect([kinds(), computations]).to.deep.equal([[], 1]);
    expect(await signing.settlements.served(1)).to.equal(undefined);
  });

  describe("after others have settled", () => {
    it("reports once that they settled something different from what it signed", async () => {
      await lookToEnd();
      settled = [{ ...computed, qualityWad: computed.qualityWad + 1n }];
      head = 60;
      await lookToEnd();
      await lookToEnd();
      expect(kinds()).to.deep.equal(["signed", "settledDifferently"]);
      expect(events[1]).to.include({ epoch: 0, block: 51n });
    });

    it("reports a different settlement even if another epoch was settled before its next look", async () => {
      await lookToEnd();
      settled = [
        { ...computed, qualityWad: computed.qualityWad + 1n },
        { ...computed, epoch: 1n },
      ];
      head = 60;
      time = due + clock.slotsPerEpoch * slotSeconds;
      await lookToEnd();
      expect(events.filter(({ kind }) => kind === "settledDifferently")).to.have.lengthOf(1);
      expect(events[1]).to.include({ kind: "settledDifferently", epoch: 0, block: 51n });
    });

    it("reports nothing if they settled what it signed", async () => {
      await lookToEnd();
      settled = [computed];
      head = 60;
      await lookToEnd();
      expect(kinds()).to.deep.equal(["signed"]);
    });
  });

  describe("that is late", () => {
    /** Nothing is signed, because the operator never becomes known. */
    beforeEach(() => {
      operatorOf = () => new Promise<Address>(() => undefined);
    });

    const lookAfter = async (seconds: number): Promise<readonly string[]> => {
      now += seconds;
      await look();
      return kinds();
    };

    // Signing never ends here.
    afterEach(() => {
      signing.close = () => Promise.resolve();
    });

    it("is reported once, a minute after the epoch was due", async () => {
      expect(await lookAfter(0)).to.deep.equal([]);
      expect(await lookAfter(59)).to.deep.equal([]);
      expect(await lookAfter(1)).to.deep.equal(["signingBehind"]);
      expect(events[0]).to.deep.include({ epoch: 0, block: 50n, seconds: 60, isComputing: true });
      expect(await lookAfter(600)).to.deep.equal(["signingBehind"]);
    });

    it("isn't reported if others have settled the epoch, even if it doesn't see that yet", async () => {
      await look();
      const view = await viewChain(connection, operator.address);
      settled = [{ ...computed, rewardsRoot: zeroHash }];
      now += 60;
      await signing.look(view);
      expect(kinds()).to.deep.equal([]);
    });
  });
});
