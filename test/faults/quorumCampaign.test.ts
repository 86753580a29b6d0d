import { expect } from "chai";
import { join } from "node:path";
import { type Address, getAddress } from "viem";
import { registerValidator } from "../../scripts/actions/validators";
import { type Connection } from "../../scripts/chain/connection";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { readElectorate } from "../../scripts/keeper/quorum/electorate";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { expectInvariants } from "../integration/invariants";
import { createWorld, goTo, liveThrough, MDT, type World } from "../integration/world";
import { type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";
import { startAnvil } from "../shared/anvil";
import { count, type Tally } from "../shared/campaign/lineFaults";
import { randomNumbers } from "../shared/faults";
import {
  accountOf,
  type Behaviour,
  honest,
  openSigningNode,
  publish,
  settlementsOf,
  show,
  signedAnswer,
  type SigningNode,
} from "../shared/signingNodes";
import { startSigning, type ValidatorSigning } from "../shared/validatorSigning";

const epochs = Number(process.env.MDT_EPOCHS ?? "100");
const seed = Number(process.env.MDT_SEED ?? "1");

/** A little more than an epoch and its reveal window. */
const soloAfterSeconds = 100;

/** Beside those of the world, so that a third of them is three. */
const furtherValidators = [20, 21, 22, 23, 24];

/** These sign as a validator's node does, with its journal; the others compute the same, and sign at once. */
const wholeNodes = [1, 4, 20];

/** Accounts of a keeper with the role, and of a relay without. */
const relays = [0, 12] as const;

type SettlementOf = ReturnType<typeof settlementsOf>;

/** What a validator's node may do instead of its duty. */
function misdeeds(
  connection: Connection,
  { account }: SigningNode,
  signs: Behaviour,
  settlementOf: SettlementOf,
  random: () => number,
) {
  const lie =
    (signer = account): Behaviour =>
    async (epoch, response) => {
      const settlement = await settlementOf(epoch);
      const other = signer === account ? { ...settlement, daoShare: settlement.daoShare + 1n } : settlement;
      show(response, await signedAnswer(connection, signer, other, account.address));
    };
  const all: Record<string, Behaviour> = {
    down: (_, __, request) => void request.socket.destroy(),
    hanging: () => undefined,
    slow: async (...asked) => {
      await new Promise((later) => setTimeout(later, 8_000 * random()));
      await signs(...asked);
    },
    "lying about a field": lie(),
    "signing with another key": lie(accountOf(30)),
    "sending nonsense": (_, response) => void response.end("{"),
    pouring: (_, response) => void response.end(Buffer.alloc(1 << 20)),
    "leading astray": (_, response) => void response.writeHead(307, { Location: "http://127.0.0.1:1" }).end(),
  };
  return Object.entries(all);
}

describe(`${epochs} epochs whose validators' nodes are down, slow or lying, a third at a time`, function () {
  this.timeout(7_200_000);

  it(`are each settled once and correctly, by a quorum, or by the keeper once it may (MDT_SEED=${seed})`, async function () {
    const began = performance.now();
    const node = await startAnvil(this);
    const running: RunningKeeper[] = [];
    const nodes: SigningNode[] = [];
    const signing = new Map<number, ValidatorSigning>();
    const random = randomNumbers(seed);
    const done: Tally = new Map();
    try {
      const deploy = () => node.deploy("--solo-after", String(soloAfterSeconds));
      const world = withFurther(await createWorld({ ...node, deploy }));
      const { connection } = world;
      // Nobody registers at the border between two epochs.
      await goTo(world, 1);
      for (const index of furtherValidators) {
        const registration = { stakeWei: 300n * MDT, commissionBps: 0 };
        await registerValidator(connection, accountOf(index).address, registration);
      }
      const settlementOf = settlementsOf(connection, await openArchive(connection, join(node.dataDirectory, "nodes")));
      for (const index of wholeNodes) {
        signing.set(index, await startSigning(connection, accountOf(index), join(node.dataDirectory, `node ${index}`)));
      }
      const duties = new Map<SigningNode, Behaviour>();
      for (const index of [1, 2, 3, 4, ...furtherValidators]) {
        const account = accountOf(index);
        const duty = signing.get(index)?.serve ?? honest(connection, account, settlementOf);
        const one = await openSigningNode(account, duty);
        duties.set(one, duty);
        nodes.push(one);
        await publish(connection, account.address, one.url);
      }
      const start = async (seat: number): Promise<RunningKeeper> => {
        const signer = getAddress(world.accounts[relays[seat]!]!);
        return startTestKeeper(connection, { signer, dataDirectory: join(node.dataDirectory, `relay ${seat}`) });
      };
      for (const seat of relays.keys()) running.push(await start(seat));
      const settled = async () => Number(await connection.contracts.treasury.read.nextEpochToSettle());

      const prepared = performance.now();
      for (let epoch = 0; epoch < epochs; epoch = await settled()) {
        const wellBehaved = new Set(nodes);
        while (wellBehaved.size > (2 * nodes.length) / 3) {
          const one = nodes[Math.floor(random() * nodes.length)]!;
          if (!wellBehaved.delete(one)) continue;
          const ways = misdeeds(connection, one, duties.get(one)!, settlementOf, random);
          const [what, behaviour] = ways[Math.floor(random() * ways.length)]!;
          count(done, `node ${what}`);
          one.behave(behaviour);
        }
        for (const one of wellBehaved) one.behave(duties.get(one)!);
        if (random() < 0.1) {
          count(done, "relay killed");
          const seat = Math.floor(random() * running.length);
          await running[seat]!.stop();
          running[seat] = await start(seat);
        }
        const silentEpochs = random() < 0.1 ? 1 + Math.floor(5 * random()) : 0;
        const isLively = silentEpochs === 0 && random() < 0.1;
        if (silentEpochs > 0) count(done, "days of silence");
        if (isLively) {
          count(done, "lively epoch");
          await liveThrough(world, 1 + Number(await connection.contracts.treasury.read.currentEpoch()));
        }
        const { timestamp: before } = await connection.reader.getBlock();
        await settleOne(world, epoch, silentEpochs, wellBehaved, () => running);
        // If more time passed, in this epoch or an earlier one, the keeper may be allowed to settle at once.
        if (silentEpochs === 0 && !isLively) await expectQuorumOf(connection, epoch, wellBehaved, Number(before));
      }

      const all = await readSettledEpochs(connection);
      expect(all.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal([...all.keys()]);
      for (const [epoch, { blockNumber }] of all.entries()) {
        const signers = await signersOf(connection, epoch);
        count(done, signers === undefined ? "settled alone" : "settled by a quorum");
        if (wholeNodes.some((index) => signers?.includes(accountOf(index).address)))
          count(done, "signed by a whole node");
        if (signers !== undefined) continue;
        const { timestamp } = await connection.reader.getBlock({ blockNumber });
        const { soloFrom } = await readElectorate(connection, epoch);
        expect(Number(timestamp), `epoch ${epoch}`).to.be.at.least(soloFrom);
      }
      expect(await verifyEpochs(connection, all.length - 1)).to.include({ kind: "verified" });
      await expectInvariants(world);
      const seconds = Math.round((performance.now() - began) / 1_000);
      const secondsAnEpoch = (performance.now() - prepared) / 1_000 / epochs;
      process.stdout.write(
        `${JSON.stringify({ epochs, seed, seconds, secondsAnEpoch, done: Object.fromEntries(done) }, null, 1)}\n`,
      );
      expect(done.get("settled by a quorum")).to.be.above(0);
      expect(done.get("signed by a whole node")).to.be.above(0);
      const failed = [...signing.values()].flatMap(({ events }) =>
        events.filter(({ kind }) => kind === "signingRefused"),
      );
      expect(failed).to.deep.equal([]);
    } finally {
      await Promise.all([...running, ...signing.values()].map((one) => one.stop()));
      for (const one of nodes) one.close();
      node.stop();
    }
  });
});

/** The world with the validators that register beside its own. */
function withFurther(world: World): World {
  const validators = [...world.people.validators, ...furtherValidators.map((index) => world.accounts[index]!)];
  return { ...world, people: { ...world.people, validators } };
}

/**
 * Lets an epoch become due. Ends its time for a quorum once both relays report that there is none although every dutiful node
 * has signed: on a busy machine that takes a while.
 */
async function settleOne(
  world: World,
  epoch: number,
  silentEpochs: number,
  dutiful: ReadonlySet<SigningNode>,
  running: () => readonly RunningKeeper[],
): Promise<void> {
  const { connection, node } = world;
  const { treasury } = connection.contracts;
  const isSettled = async () => (await treasury.read.nextEpochToSettle()) > epoch;
  const { timestamp } = await connection.reader.getBlock();
  const dueAt = await treasury.read.revealEnd([BigInt(epoch + silentEpochs)]);
  // Some seconds later, because relays are patient.
  if (timestamp < dueAt + 2n) await node.advanceTo(dueAt + 2n);
  const addresses = new Set([...dutiful].map(({ account }) => account.address));
  const hasGap = (keeper: RunningKeeper) =>
    keeper
      .told("quorumMissing")
      .some((told) => told.epoch === epoch && !told.missing.some(({ validator }) => addresses.has(validator)));
  while (!(await isSettled())) {
    if (running().every(hasGap)) {
      const { soloFrom } = await readElectorate(connection, epoch);
      if ((await connection.reader.getBlock()).timestamp < BigInt(soloFrom)) await node.advanceTo(BigInt(soloFrom));
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** Who signed the settlement of an epoch; undefined if a keeper settled alone. */
async function signersOf(connection: Connection, epoch: number): Promise<readonly Address[] | undefined> {
  const [signed] = await connection.events.select(["SettlementSigned"], { epoch });
  return signed?.args.validators;
}

/**
 * Expects that a quorum settled an epoch, and nobody had to wait, if the dutiful nodes were enough for it and the keeper could
 * not settle alone at once.
 * @param before The chain's time when it became the next one to settle.
 */
async function expectQuorumOf(
  connection: Connection,
  epoch: number,
  dutiful: ReadonlySet<SigningNode>,
  before: number,
): Promise<void> {
  const { signers, neededWei, soloFrom } = await readElectorate(connection, epoch);
  if (neededWei === null || before >= soloFrom) return;
  const addresses = new Set([...dutiful].map(({ account }) => account.address));
  const dutifulWei = signers.reduce((sum, one) => sum + (addresses.has(one.validator) ? one.stakeWei : 0n), 0n);
  if (dutifulWei >= neededWei) expect(await signersOf(connection, epoch), `epoch ${epoch}`).not.to.equal(undefined);
}
