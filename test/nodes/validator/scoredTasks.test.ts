import { expect } from "chai";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getAddress, type Hex, keccak256, numberToHex, pad, zeroAddress, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { type Node, type Role } from "../../../scripts/nodes/run/node";
import { type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { openValidator } from "../../../scripts/nodes/validator/validator";
import { blockAt } from "../../shared/answeringChain";
import { chainWith, completed, headOfTasks, provenType, someClient, submitted } from "../run/taskLogs";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const own = signer.address;
const [validator, operator] = [0xa1, 0xa2].map((id) => pad(numberToHex(id), { size: 20 })) as [Hex, Hex];
const minerAccount = (minerId: number): Hex => pad(numberToHex(0xb0 + minerId), { size: 20 });
const clock = { slotSeconds: 10, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };
const closed = (4 * clock.slotsPerEpoch + 16) * clock.slotSeconds;

describe("The tasks that a validator judges", () => {
  let directory: string;
  let events: ValidatorEvent[];
  let role: Role | undefined;
  let server: Server;
  let asked: string[];
  /** How often the directory was asked for an account's endpoint. */
  let lookups: Map<string, number>;

  before(async () => {
    server = createServer(({ url }, response) => {
      asked.push(url!);
      response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, asked] = [[], []];
    lookups = new Map();
  });

  afterEach(async () => {
    await role?.close();
    rmSync(directory, { recursive: true });
  });

  /** Everyone but the validator itself serves blobs, each below its own path. */
  const pathOf = new Map<string, string>(
    [...[1, 2].map((id) => [minerAccount(id), `miner${id}`]), [someClient, "client"], [operator, "validator"]].map(
      ([account, path]) => [account!.toLowerCase(), path!],
    ),
  );

  async function judge(scorer: string, logs: ReturnType<typeof submitted>[]): Promise<void> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const activeStakes = (epoch: bigint) =>
      epoch === 4n
        ? [
            [own, validator],
            [1n, 1n],
          ]
        : [[], []];
    const tasks = BigInt(logs.filter(({ blockNumber }) => Number(blockNumber) > 1_000).length);
    const views = {
      "staking.validatorOf": () => own,
      "staking.activeStakes": activeStakes,
      "staking.operatorOf": (account: Hex) => (account.toLowerCase() === validator ? operator : zeroAddress),
      "scoreBoard.commitsOf": () => [{ commitment: zeroHash, minerCount: 2, isRevealed: false }],
      "scoreBoard.openMisses": () => [],
      "scoreBoard.MISSES_UNTIL_SLASH": () => 3n,
      "staking.exitDelayEpochs": () => 0n,
      "blockRewards.rotationOf": () => ({ openedInBlock: 1n, totalStakeWei: 1n, seed: keccak256("0x01") }),
      "blockRewards.leaderOf": () => validator,
      "blockRewards.hasProduced": () => false,
      "taskRegistry.epochTasks": () => [tasks, 0n],
      "taskRegistry.minerOf": (id: number) => ({ account: minerAccount(id), activeFromEpoch: 0n }),
      "directory.endpointOf": (account: Hex) => {
        lookups.set(account, (lookups.get(account) ?? 0) + 1);
        const path = pathOf.get(account.toLowerCase());
        return path === undefined ? "" : `${url}/${path}`;
      },
      "treasury.nextEpochToSettle": () => 0n,
      "treasury.paused": () => false,
      "treasury.pauseEndsAt": () => 0n,
      "treasury.revealEnd": () => 0n,
    };
    const blockOf = (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : headOfTasks, closed);
    const methods = { eth_getBlockByNumber: blockOf, eth_getBlockByHash: (hash: Hex) => blockAt(Number(hash) - 1, 9) };
    // No block is final, so nothing is to be signed.
    const changes = { clock, keeper: { confirmations: headOfTasks + 1 } };
    const connection = chainWith(() => logs, { views, methods }, changes);
    const blobs = await openBlobStore(join(directory, "blobs"));
    const node = {
      ...{ connection, signer, directory, blobs, clock: () => 1_000, random: () => 0, accuse: () => false },
      ...{ finder: openBlobFinder(blobs, { allowPrivate: true }), stopping: new AbortController().signal },
      tell: (event: ValidatorEvent) => events.push(event),
    };
    role = await openValidator(node as unknown as Node<ValidatorEvent>, {
      ...{ scorer, concurrency: 2, dataRoot: directory, dryRun: false },
    });
    const view = { chain: connection, now: closed, epoch: 4, slot: 96, headBlock: BigInt(headOfTasks) };
    const more = { headTimestamp: closed, baseFeePerGasWei: 0n, minedTransactions: 0, balanceWei: 0n };
    while ((await role.look({ ...view, ...more })).isWorking) await new Promise((later) => setTimeout(later, 5));
  }

  const failures = () => events.filter(({ kind }) => kind === "failed" || kind === "scorerFailed");

  it("are those of the epoch whose results aren't proven", async () => {
    await judge("digits", [
      ...[provenType(7, keccak256("0x99")), submitted({ taskId: 2, typeId: 7 }), submitted({ taskId: 3, minerId: 2 })],
      ...[completed({ taskId: 2, epoch: 4 }), completed({ taskId: 3, epoch: 4 })],
    ]);
    expect(failures()).to.deep.equal([]);
    expect(events.find(({ kind }) => kind === "scored")).to.include({ epoch: 4, miners: 1 });
  });

  it("have their bytes requested from the miner, then from the client, then from other validators", async () => {
    const [one, two] = ["0x66", "0x77"].map((bytes) => keccak256(bytes as Hex)) as [Hex, Hex];
    await judge("digits", [
      submitted({ taskId: 1, minerId: 1, input: "0x", inputHash: one }),
      submitted({ taskId: 2, minerId: 2, input: "0x", inputHash: two }),
      ...[completed({ taskId: 1, epoch: 4 }), completed({ taskId: 2, epoch: 4 })],
    ]);
    const askedFor = (hash: Hex) => asked.filter((path) => path.endsWith(hash)).map((path) => path.split("/")[1]);
    expect(askedFor(one)).to.deep.equal(["miner1", "client", "validator"]);
    expect(askedFor(two)).to.deep.equal(["miner2", "client", "validator"]);
    expect(lookups.get(getAddress(someClient)), "the client is looked up for both").to.equal(1);
    expect(failures()).to.deep.equal([]);
  });

  it("are judged by the scorer that the validator names", async () => {
    await judge(`while read question; do echo '{ "scores": [null] }'; done`, [
      ...[submitted({ taskId: 1 }), completed({ taskId: 1, epoch: 4 })],
    ]);
    expect(failures()).to.deep.equal([]);
    expect(events.find(({ kind }) => kind === "scored")).to.include({ scored: 0, miners: 1, missingBlobs: 0 });
  });
});
