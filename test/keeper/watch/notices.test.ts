import { expect } from "chai";
import { type Address, getAddress, numberToHex } from "viem";
import { type RoleHolders } from "../../../scripts/chain/participants";
import { EndpointQuorum } from "../../../scripts/keeper/watch/endpointQuorum";
import { type Watcher, WatchMemory } from "../../../scripts/keeper/watch/memory";
import { changedHolders, noticeOverdue, noticeStake, tellIfBlind } from "../../../scripts/keeper/watch/notices";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { type Answers, answeringChain, blockAt } from "../../shared/answeringChain";
import { quietViews } from "../../shared/quietNetwork";

const [keeper, stranger] = [0xa, 0xb].map((digit) => numberToHex(digit, { size: 20 })) as [Address, Address];
const loud = (address: Address): Address => `0x${address.slice(2).toUpperCase()}`;
const held = (...holders: Address[]): readonly RoleHolders[] => [{ role: "keeper", contract: "treasury", holders }];
const changed = (added: Address[], removed: Address[]) => [
  { kind: "holdersChanged", role: "keeper", contract: "treasury", added, removed },
];

type Case = readonly [
  title: string,
  before: readonly RoleHolders[] | null,
  now: readonly RoleHolders[],
  known: readonly Address[] | null,
  told: readonly object[],
];

const cases: readonly Case[] = [
  ["accepts the holders at the first look if no known holders were configured", null, held(keeper), null, []],
  ["reports a holder at the first look who isn't a known holder", null, held(keeper), [], changed([keeper], [])],
  [
    "doesn't report a known holder at the first look, whatever the case of the address",
    null,
    held(keeper),
    [loud(keeper)],
    [],
  ],
  ["reports nothing if nothing changed, whatever the case of the address", held(keeper), held(loud(keeper)), null, []],
  ["reports a new holder", held(keeper), held(keeper, stranger), null, changed([stranger], [])],
  ["doesn't report a new holder who is a known one", held(keeper), held(keeper, stranger), [stranger], []],
  ["reports a holder who lost the role, even a known one", held(keeper), held(), [keeper], changed([], [keeper])],
  ["reports a new holder and a lost one at once", held(keeper), held(stranger), null, changed([stranger], [keeper])],
];

describe("A watcher that looks at roles", () => {
  for (const [title, before, now, known, told] of cases) {
    it(title, () => {
      expect(changedHolders(before, now, known)).to.deep.equal(told);
    });
  }
});

describe("An epoch that nobody settles", () => {
  let memory: WatchMemory;
  let events: WatchEvent[];
  let [now, next, paused] = [0, 3, false];

  beforeEach(() => {
    [memory, events, next, paused] = [new WatchMemory(0), [], 3, false];
  });

  /** A look at the time `at`, if epoch 3 can be settled from the time 1,000 and reveals take 50 s. */
  async function look(at: number): Promise<void> {
    now = at;
    const connection = answeringChain(
      {
        views: {
          "treasury.nextEpochToSettle": () => BigInt(next),
          "treasury.paused": () => paused,
          "treasury.revealEnd": (epoch: bigint) => 1_000n + (epoch - 3n) * 160n,
        },
        methods: { eth_getBlockByNumber: () => blockAt(5, now) },
      },
      { clock: { slotSeconds: 10, revealSlots: 5 } },
    );
    const tell = (event: WatchEvent) => events.push(event);
    const quorum = new EndpointQuorum(5n, 1, [{ endpoint: "only", connection }], new Set(), tell);
    await noticeOverdue({ connection, memory, tell } as unknown as Watcher, quorum);
  }

  it("is reported once, when it could have been settled for longer than reveals take", async () => {
    await look(1_050);
    expect(events).to.deep.equal([]);
    await look(1_051);
    await look(1_100);
    expect(events).to.deep.equal([{ kind: "overdue", epoch: 3, dueAt: 1_000, secondsOverdue: 51 }]);
    next = 4;
    await look(1_211);
    expect(events.slice(1)).to.deep.equal([{ kind: "overdue", epoch: 4, dueAt: 1_160, secondsOverdue: 51 }]);
  });

  it("isn't reported during a pause, and has the same time again after it", async () => {
    paused = true;
    await look(2_000);
    paused = false;
    await look(2_050);
    expect(events).to.deep.equal([]);
    await look(2_051);
    expect(events).to.deep.equal([{ kind: "overdue", epoch: 3, dueAt: 1_000, secondsOverdue: 51 }]);
  });
});

describe("The jailing of a validator", () => {
  let memory: WatchMemory;
  let events: WatchEvent[];
  let isJailed: boolean;

  beforeEach(() => {
    [memory, events, isJailed] = [new WatchMemory(0), [], true];
  });

  /** A look for an account that may have stake with the only validator, or for no account. */
  async function look(staker: Address | null): Promise<void> {
    const seat = { validator: keeper, ownWei: 5n, totalWei: 5n, index: 1n, commissionBps: 0, isActive: true };
    const views: Answers["views"] = {
      ...quietViews,
      "treasury.nextEpochToSettle": () => 0n,
      "treasury.paused": () => false,
      "treasury.pauseEndsAt": () => 0n,
      "stakingLens.seatedValidators": () => [{ ...seat, isJailed }],
      "staking.stakeAt": () => 5n,
      "staking.delegationAt": (_validator: Address, account: Address) => (account === stranger ? 3n : 0n),
    };
    const methods = {
      eth_getBlockByNumber: () => blockAt(5, 1),
      eth_blockNumber: () => "0x5",
      eth_getLogs: () => [],
    };
    const connection = answeringChain({ views, methods });
    const tell = (event: WatchEvent) => events.push(event);
    const quorum = new EndpointQuorum(5n, 1, [{ endpoint: "only", connection }], new Set(), tell);
    await noticeStake({ staker, memory, tell } as unknown as Watcher, quorum);
  }

  const jailed = { kind: "validatorJailed", validator: getAddress(keeper) };

  for (const [who, staker] of [
    ["a delegator", stranger],
    ["the validator itself", keeper],
  ] as const) {
    it(`is reported to ${who} once, and again if it happens again`, async () => {
      await look(staker);
      await look(staker);
      expect(events).to.deep.equal([jailed]);
      isJailed = false;
      await look(staker);
      isJailed = true;
      await look(staker);
      expect(events).to.deep.equal([jailed, jailed]);
    });
  }

  it("isn't reported to an account without stake, or if no account is watched", async () => {
    await look(numberToHex(0xc, { size: 20 }));
    await look(null);
    expect(events).to.deep.equal([]);
  });
});

describe("A watcher that can't judge anything", () => {
  for (const [what, pollSeconds, claimDelaySeconds, patience] of [
    ["half a claim delay", 4, 100, 50],
    ["five looks if they take longer", 20, 100, 100],
  ] as const) {
    it(`reports once that it is blind, after ${what}`, () => {
      const events: WatchEvent[] = [];
      const { deployment } = answeringChain({}, { keeper: { pollSeconds } });
      const config = { ...deployment.config, settlement: { ...deployment.config.settlement, claimDelaySeconds } };
      const memory = new WatchMemory(1_000);
      const lookFailsAt = (seconds: number): void => {
        const watcher = { connection: { deployment: { ...deployment, config } }, memory, clock: () => seconds };
        const tell = (event: WatchEvent) => events.push(event);
        tellIfBlind({ ...watcher, tell } as unknown as Watcher, "no endpoint answers");
      };
      lookFailsAt(1_000 + patience - 1);
      expect(events).to.deep.equal([]);
      lookFailsAt(1_000 + patience);
      lookFailsAt(1_000 + patience + 1);
      const reason = "no endpoint answers";
      expect(events).to.deep.equal([{ kind: "blind", secondsWithoutProgress: patience, reason }]);
    });
  }
});
