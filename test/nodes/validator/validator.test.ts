import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, type Hex, keccak256, numberToHex, pad, zeroAddress, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { type Decided, type Node, type Role } from "../../../scripts/nodes/run/node";
import { type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { openValidator } from "../../../scripts/nodes/validator/validator";
import { blockAt } from "../../shared/answeringChain";
import { chainWith, headOfTasks } from "../run/taskLogs";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const own = signer.address;
const [first, second, third] = [1, 2, 3].map((id) => pad(numberToHex(id), { size: 20 })) as [Hex, Hex, Hex];
const slotSeconds = 10;
const clock = { slotSeconds, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };

/** The time at which a slot of an epoch begins. */
const at = (epoch: number, slot = 0): number => (epoch * clock.slotsPerEpoch + slot) * slotSeconds;

describe("A validator between two looks at the chain", () => {
  let directory: string;
  let events: ValidatorEvent[];
  let role: Role;
  let time: number;
  /** The validators that are active now, and the epoch from which on this one is active. */
  let active: readonly Address[];
  let activeFrom: number;
  let misses: Readonly<Record<Address, readonly number[]>>;
  let rotation: { openedInBlock: bigint; totalStakeWei: bigint; seed: Hex };
  let leaders: readonly Address[];
  let produced: readonly number[];
  let committed: Hex;
  let asked: Address[];
  /** By default so many that no block is final, and nothing is to be signed. */
  let confirmations: number;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, misses, leaders, produced, asked] = [[], {}, [], [], []];
    [active, activeFrom, committed, confirmations] = [[own], Infinity, zeroHash, headOfTasks + 1];
    rotation = { openedInBlock: 5n, totalStakeWei: 1n, seed: keccak256("0x01") };
    leaders = Array<Address>(400).fill(first);
    await open();
  });

  afterEach(async () => {
    await role.close();
    rmSync(directory, { recursive: true });
  });

  const missesUntil = (validator: Address, epoch: bigint): readonly bigint[] => {
    asked.push(validator);
    return (misses[validator] ?? []).map(BigInt).filter((missed) => missed <= epoch);
  };

  const chain = () =>
    chainWith(
      () => [],
      {
        views: {
          "staking.validatorOf": (account: Address) => (account === own ? own : zeroAddress),
          "staking.activeStakes": () => [active, active.map(() => 1n)],
          "staking.isActive": (validator: Address, epoch: bigint) => validator === own && Number(epoch) >= activeFrom,
          "staking.exitDelayEpochs": () => 3n,
          "staking.operatorOf": () => zeroAddress,
          "directory.endpointOf": () => "",
          "scoreBoard.commitsOf": () => [{ commitment: committed, minerCount: 2, isRevealed: false }],
          "scoreBoard.openMisses": missesUntil,
          "scoreBoard.MISSES_UNTIL_SLASH": () => 3n,
          "blockRewards.rotationOf": () => rotation,
          "blockRewards.leaderOf": (slot: bigint) => leaders[Number(slot)],
          "blockRewards.hasProduced": (slot: bigint) => produced.includes(Number(slot)),
          "taskRegistry.epochTasks": () => [0n, 0n],
          "treasury.nextEpochToSettle": () => 0n,
          "treasury.paused": () => false,
          "treasury.pauseEndsAt": () => 0n,
          "treasury.revealEnd": () => 0n,
        },
        methods: {
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : headOfTasks, time),
        },
      },
      { clock, keeper: { confirmations } },
    );

  async function open(): Promise<void> {
    const blobs = await openBlobStore(join(directory, "blobs"));
    const node = {
      ...{ connection: chain(), signer, directory, blobs, clock: () => 1_000, random: () => 0, accuse: () => false },
      ...{ finder: openBlobFinder(blobs, { allowPrivate: true }), stopping: new AbortController().signal },
      tell: (event: ValidatorEvent) => events.push(event),
    };
    role = await openValidator(node as unknown as Node<ValidatorEvent>, {
      ...{ scorer: "digits", concurrency: 1, dataRoot: directory, dryRun: false },
    });
  }

  function look(now: number, headBlock = BigInt(headOfTasks)): Promise<Decided> {
    time = now;
    const slot = now < 0 ? null : Math.floor(now / slotSeconds);
    const epoch = slot === null ? null : Math.floor(slot / clock.slotsPerEpoch);
    const head = { headBlock, headTimestamp: now, baseFeePerGasWei: 0n, minedTransactions: 0, balanceWei: 0n };
    return role.look({ chain: chain(), now, epoch, slot, ...head });
  }

  const names = async (now: number, headBlock?: bigint) => (await look(now, headBlock)).duties.map(({ name }) => name);

  it("does nothing before genesis", async () => {
    expect(await look(-1)).to.deep.equal({ duties: [], isWorking: false });
    expect(role).to.include({ name: "validator", id: own });
  });

  it("accepts no blobs, because it pays for none", async () => {
    const body = Uint8Array.of(1);
    const answer = await role.routes.request(`/v1/blobs/${keccak256(body)}`, { method: "PUT", body });
    expect(answer.status).to.equal(409);
  });

  it("serves the route of its signed settlements", async () => {
    const answer = await role.routes.request("/v1/settlements/first");
    expect([answer.status, await answer.json()]).to.deep.equal([400, { error: "An epoch must be a whole number." }]);
  });

  it("still does its other duties if it can't find out what to sign, which it reports", async () => {
    confirmations = 0;
    await role.close();
    await open();
    leaders = leaders.map(() => own);
    expect(await names(at(4))).to.deep.equal(["produce slot 80"]);
    const during = "looking for something to sign";
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ kind: "failed", during });
  });

  describe("draws the leaders of an epoch", () => {
    const drawn = () => (rotation = { ...rotation, seed: zeroHash, openedInBlock: 0n });

    it("by opening it, and sealing it from its opening block on", async () => {
      drawn();
      expect(await names(at(4))).to.deep.equal(["open epoch 4"]);
      rotation = { ...rotation, openedInBlock: 100n };
      expect(await names(at(4), 99n)).to.deep.equal([]);
      expect(await names(at(4), 100n)).to.deep.equal(["seal epoch 4"]);
    });

    it("one slot after the validator before it, in an order that shifts by one place per epoch", async () => {
      drawn();
      active = [first, own, second];
      // Place 1 of 3 in epoch 0; one further in each.
      for (const [epoch, slots] of [
        [3, 1],
        [4, 2],
        [5, 0],
      ] as const) {
        expect(await names(at(epoch, slots)), `${epoch}`).to.deep.equal([`open epoch ${epoch}`]);
        if (slots > 0) expect(await names(at(epoch, slots) - 1), `${epoch}`).to.deep.equal([]);
      }
    });
  });

  it("produces each slot that it leads, once", async () => {
    leaders = leaders.map((leader, slot) => (slot === 85 ? own : leader));
    expect(await names(at(4, 4))).to.deep.equal([]);
    const { duties } = await look(at(4, 5));
    expect(duties.map(({ name }) => name)).to.deep.equal(["produce slot 85"]);
    expect(duties[0]!.call).to.include({ functionName: "produce" });
    produced = [85];
    expect(await names(at(4, 5))).to.deep.equal([]);
  });

  it("has no duties in an epoch in which it isn't active, and reports once per epoch when it will be", async () => {
    active = [first];
    leaders = leaders.map(() => own);
    expect(await look(at(4))).to.deep.equal({ duties: [], isWorking: false });
    await look(at(4, 3));
    activeFrom = 7;
    await look(at(5));
    await look(at(6));
    expect(events.filter(({ kind }) => kind === "notActive" || kind === "comesLater")).to.deep.equal([
      { kind: "notActive", epoch: 4 },
      { kind: "comesLater", epoch: 5, activeFrom: 7 },
      { kind: "comesLater", epoch: 6, activeFrom: 7 },
    ]);
  });

  /** Looks until no work runs between the looks. */
  async function rest(now: number): Promise<void> {
    while ((await look(now)).isWorking) await new Promise(setImmediate);
  }

  it("isn't at rest while it scores or has something to reveal, even after it stopped being active", async () => {
    expect((await look(at(4, 16) - 1)).isWorking).to.equal(false);
    expect(await look(at(4, 16))).to.deep.equal({ duties: [], isWorking: true });
    await rest(at(4, 16));
    const [duty] = (await look(at(4, 16))).duties;
    expect(duty!.name).to.equal("commit to the scores of epoch 4");
    committed = duty!.call.args[0] as Hex;
    active = [first];
    const { duties, isWorking } = await look(at(5));
    expect(duties.map(({ name }) => name)).to.deep.equal(["reveal the scores of epoch 4"]);
    expect(isWorking).to.equal(true);
    expect((await look(at(5, 6))).isWorking).to.equal(false);
  });

  describe("is warned that one more missed reveal would jail it", () => {
    const warnings = () => events.filter(({ kind }) => kind === "jailNear");

    it("once per epoch, when the reveals of the previous epoch are over", async () => {
      misses = { [own]: [2, 3] };
      await look(at(4, 6) - 1);
      expect(warnings()).to.deep.equal([]);
      await look(at(4, 6));
      await look(at(4, 7));
      expect(warnings()).to.deep.equal([{ kind: "jailNear", missedEpochs: [2, 3] }]);
      await look(at(5, 6));
      expect(warnings()).to.have.lengthOf(2);
    });

    it("but not if it missed fewer, or in epoch 0", async () => {
      misses = { [own]: [3] };
      await look(at(4, 6));
      misses = { [own]: [0, 0] };
      await look(at(0, 19));
      expect(warnings()).to.deep.equal([]);
    });
  });

  describe("reports validators that missed reveals", () => {
    const report = `report ${first} for missed reveals in epochs 1, 2, 3`;
    const lookedAt = async (now: number) => {
      asked.length = 0;
      await look(now);
      return new Set(asked.filter((one) => one !== own));
    };

    beforeEach(() => {
      active = [own, first, second, third];
      misses = { [first]: [1, 2, 3], [second]: [2, 3] };
    });

    it("when the reveals are over and its turn has come", async () => {
      expect(await names(at(4, 6) - 1)).to.deep.equal([]);
      const { duties } = await look(at(4, 6));
      expect(duties.map(({ name }) => name)).to.deep.equal([report]);
      const args = [first, [1n, 2n, 3n]];
      expect(duties[0]!.call).to.deep.include({ functionName: "reportMissedReveals", args });
      // Place 1 in epoch 5.
      misses = { [first]: [2, 3, 4] };
      expect(await names(at(5, 7) - 1)).to.deep.equal([]);
      expect(await names(at(5, 7))).to.deep.equal([`report ${first} for missed reveals in epochs 2, 3, 4`]);
    });

    it("and then checks only those until the epoch ends, and everyone again in the next", async () => {
      expect(await lookedAt(at(4, 6))).to.deep.equal(new Set([first, second, third]));
      expect(await lookedAt(at(4, 7))).to.deep.equal(new Set([first]));
      misses = {};
      expect(await lookedAt(at(4, 8))).to.deep.equal(new Set([first]));
      expect(await lookedAt(at(4, 9))).to.deep.equal(new Set());
      expect(await lookedAt(at(5, 19))).to.deep.equal(new Set([first, second, third]));
    });

    it("but not in epoch 0", async () => {
      misses = { [first]: [0, 0, 0] };
      expect(await names(at(0, 19))).not.to.include(report);
    });
  });
});
