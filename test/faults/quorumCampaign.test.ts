import { expect } from "chai";
import { join } from "node:path";
import { getAddress } from "viem";
import { registerValidator } from "../../scripts/actions/validators";
import { type Connection } from "../../scripts/chain/connection";
import { openArchive } from "../../scripts/keeper/archive/openArchive";
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

const epochs = Number(process.env.MDT_EPOCHS ?? "100");
const seed = Number(process.env.MDT_SEED ?? "1");

/** A little more than an epoch and its reveal window. */
const soloAfterSeconds = 100;

/** Beside those of the world, so that a third of them is three. */
const furtherValidators = [20, 21, 22, 23, 24];

/** Accounts of a keeper with the role, and of a relay without. */
const relays = [0, 12] as const;

type SettlementOf = ReturnType<typeof settlementsOf>;

/** What a validator's node may do instead of its duty. */
function misdeeds(connection: Connection, { account }: SigningNode, settlementOf: SettlementOf, random: () => number) {
  const lie =
    (signer = account): Behaviour =>
    async (epoch, response) => {
      const settlement = await settlementOf(epoch);
      const other = signer === account ? { ...settlement, daoShare: settlement.daoShare + 1n } : settlement;
      show(response, await signedAnswer(connection, signer, other, account.address));
    };
  const signs = honest(connection, account, settlementOf);
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

  it(`are settled once each, by a quorum or by the keeper when it may, and rightly (MDT_SEED=${seed})`, async function () {
    const began = performance.now();
    const node = await startAnvil(this);
    const running: RunningKeeper[] = [];
    const nodes: SigningNode[] = [];
    const random = randomNumbers(seed);
    const done: Tally = new Map();
    try {
      const deploy = () => node.deploy("--solo-after", String(soloAfterSeconds));
      const world = withFurther(await createWorld({ ...node, deploy }));
      const { connection } = world;
      // Nobody registers on the border of two epochs.
      await goTo(world, 1);
      for (const index of furtherValidators) {
        const registration = { stakeWei: 300n * MDT, commissionBps: 0 };
        await registerValidator(connection, accountOf(index).address, registration);
      }
      const settlementOf = settlementsOf(connection, await openArchive(connection, join(node.dataDirectory, "nodes")));
      for (const index of [1, 2, 3, 4, ...furtherValidators]) {
        const account = accountOf(index);
        const one = await openSigningNode(account, honest(connection, account, settlementOf));
        nodes.push(one);
        await publish(connection, account.address, one.url);
      }
      const start = async (seat: number): Promise<RunningKeeper> => {
        const signer = getAddress(world.accounts[relays[seat]!]!);
        return startTestKeeper(connection, { signer, dataDirectory: join(node.dataDirectory, `relay ${seat}`) });
      };
      for (const seat of relays.keys()) running.push(await start(seat));
      const settled = async () => Number(await connection.contracts.treasury.read.nextEpochToSettle());

      for (let epoch = 0; epoch < epochs; epoch = await settled()) {
        const wellBehaved = new Set(nodes);
        while (wellBehaved.size > (2 * nodes.length) / 3) {
          const one = nodes[Math.floor(random() * nodes.length)]!;
          if (!wellBehaved.delete(one)) continue;
          const ways = misdeeds(connection, one, settlementOf, random);
          const [what, behaviour] = ways[Math.floor(random() * ways.length)]!;
          count(done, `node ${what}`);
          one.behave(behaviour);
        }
        for (const one of wellBehaved) one.behave(honest(connection, one.account, settlementOf));
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
        await settleOne(world, epoch, silentEpochs, () => running);
        // Where more time passed, the keeper may be allowed to settle at once.
        if (silentEpochs === 0 && !isLively) await expectQuorumOf(connection, epoch, wellBehaved);
      }

      const all = await readSettledEpochs(connection);
      expect(all.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal([...all.keys()]);
      for (const [epoch, { blockNumber }] of all.entries()) {
        const bySome = await isSigned(connection, epoch);
        count(done, bySome ? "settled by a quorum" : "settled alone");
        if (bySome) continue;
        const { timestamp } = await connection.reader.getBlock({ blockNumber });
        const { soloFrom } = await readElectorate(connection, epoch);
        expect(Number(timestamp), `epoch ${epoch}`).to.be.at.least(soloFrom);
      }
      expect(await verifyEpochs(connection, all.length - 1)).to.include({ kind: "verified" });
      await expectInvariants(world);
      const seconds = Math.round((performance.now() - began) / 1_000);
      process.stdout.write(`${JSON.stringify({ epochs, seed, seconds, done: Object.fromEntries(done) }, null, 1)}\n`);
      expect(done.get("settled by a quorum")).to.be.above(0);
    } finally {
      await Promise.all(running.map((keeper) => keeper.stop()));
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

/** Lets an epoch become due, and its time for a quorum end once both relays have told that there is none. */
async function settleOne(
  world: World,
  epoch: number,
  silentEpochs: number,
  running: () => readonly RunningKeeper[],
): Promise<void> {
  const { connection, node } = world;
  const { treasury } = connection.contracts;
  const isSettled = async () => (await treasury.read.nextEpochToSettle()) > epoch;
  const { timestamp } = await connection.reader.getBlock();
  const dueAt = await treasury.read.revealEnd([BigInt(epoch + silentEpochs)]);
  // Some seconds later, because relays are patient.
  if (timestamp < dueAt + 2n) await node.advanceTo(dueAt + 2n);
  const hasGap = (keeper: RunningKeeper) => keeper.told("quorumMissing").some((told) => told.epoch === epoch);
  while (!(await isSettled())) {
    if (running().every(hasGap)) {
      const { soloFrom } = await readElectorate(connection, epoch);
      if ((await connection.reader.getBlock()).timestamp < BigInt(soloFrom)) await node.advanceTo(BigInt(soloFrom));
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

async function isSigned(connection: Connection, epoch: number): Promise<boolean> {
  return (await connection.events.select(["SettlementSigned"], { epoch })).length > 0;
}

/** Where those who do their duty are enough, an epoch was settled by a quorum, and nobody had to wait. */
async function expectQuorumOf(connection: Connection, epoch: number, dutiful: ReadonlySet<SigningNode>): Promise<void> {
  const { signers, neededWei } = await readElectorate(connection, epoch);
  if (neededWei === null) return;
  const addresses = new Set([...dutiful].map(({ account }) => account.address));
  const dutifulWei = signers.reduce((sum, one) => sum + (addresses.has(one.validator) ? one.stakeWei : 0n), 0n);
  if (dutifulWei >= neededWei) expect(await isSigned(connection, epoch), `epoch ${epoch}`).to.equal(true);
}
