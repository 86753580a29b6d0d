import { expect } from "chai";
import { zeroAddress } from "viem";
import { decide, type Decision, KeeperMemory } from "../../../scripts/keeper/run/decide";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type SentSettlement } from "../../../scripts/keeper/run/transactions";

/** Epoch 4 is next, due at 1,000; all earlier epochs are final, and no transaction is pending. */
const quiet: Observation = {
  headBlock: 50n,
  headTimestamp: 1_000,
  baseFeePerGasWei: 1n,
  finalBlock: 48n,
  now: 1_000,
  nextEpochToSettle: 4,
  dueAt: 1_000,
  paused: false,
  vetoedEpoch: null,
  settled: [],
  finalEpochs: 4,
  minedTransactions: 7,
  keeperBalanceWei: 1n,
};

const sent: SentSettlement = {
  epoch: 4,
  request: { to: zeroAddress, data: "0x", gas: 1n, nonce: 7 },
  fees: { maxFeePerGasWei: 2n, maxPriorityFeePerGasWei: 1n },
  byContract: [],
  hash: "0x01",
};

/** The keeper's memory, the seconds since it sent or computed that, and the epoch that a human accepted. */
interface Known extends Partial<KeeperMemory> {
  readonly secondsAgo?: number;
  readonly acceptedEpoch?: number;
}

const unusual = { epoch: 4, reason: "far more would be burned than usual", mayBeAccepted: true, at: 1_000 };
const impossible = { ...unusual, mayBeAccepted: false };

type Case = readonly [title: string, seen: Partial<Observation>, known: Known, decision: Decision];

const cases: readonly Case[] = [
  ["settles an epoch from the second in which it is due", {}, {}, { kind: "settle", epoch: 4 }],
  ["settles an epoch however late it is", { now: 99_000 }, {}, { kind: "settle", epoch: 4 }],
  [
    "waits until the second before an epoch is due, by the final block's time, however late the head's is",
    { now: 999, headTimestamp: 5_000 },
    {},
    { kind: "wait", epoch: 4, dueAt: 1_000, secondsLeft: 1 },
  ],
  ["waits while the Treasury is paused, even if an epoch is due", { paused: true }, {}, { kind: "paused", epoch: 4 }],
  [
    "doesn't start an epoch before the settlement of the previous one is final",
    { finalEpochs: 3 },
    {},
    { kind: "confirm", epoch: 3 },
  ],
  [
    "waits for its transaction until 120 s have passed",
    {},
    { sent, secondsAgo: 119.9 },
    { kind: "awaitMining", epoch: 4 },
  ],
  ["replaces its transaction after 120 s", {}, { sent, secondsAgo: 120 }, { kind: "replace", epoch: 4, sent }],
  [
    "replaces nothing while the Treasury is paused",
    { paused: true },
    { sent, secondsAgo: 500 },
    { kind: "paused", epoch: 4 },
  ],
  [
    "abandons its transaction if the nonce is used but the epoch isn't settled",
    { minedTransactions: 8 },
    { sent },
    { kind: "abandon", epoch: 4, sent },
  ],
  [
    "settles the epoch that is next after a reorganisation, and no longer the one that it had sent",
    { nextEpochToSettle: 3, finalEpochs: 3 },
    { sent },
    { kind: "settle", epoch: 3 },
  ],
  [
    "waits for someone else's settlement until 120 s have passed",
    {},
    { outrunEpoch: 4, secondsAgo: 119.9 },
    { kind: "awaitMining", epoch: 4 },
  ],
  [
    "settles the epoch itself if someone else's settlement isn't mined within 120 s",
    {},
    { outrunEpoch: 4, secondsAgo: 120 },
    { kind: "settle", epoch: 4 },
  ],
  [
    "stays halted at an unusual epoch until a human accepts that epoch",
    {},
    { halted: unusual, secondsAgo: 9_000, acceptedEpoch: 3 },
    { kind: "halted", epoch: 4 },
  ],
  [
    "settles an unusual epoch once a human accepts it",
    {},
    { halted: unusual, acceptedEpoch: 4 },
    { kind: "settle", epoch: 4 },
  ],
  [
    "stays halted for a minute at an impossible epoch, even if a human accepts it",
    {},
    { halted: impossible, secondsAgo: 59.9, acceptedEpoch: 4 },
    { kind: "halted", epoch: 4 },
  ],
  [
    "tries an impossible epoch again after a minute",
    {},
    { halted: impossible, secondsAgo: 60 },
    { kind: "settle", epoch: 4 },
  ],
  [
    "continues if someone else settled the epoch at which it halted",
    {},
    { halted: { ...unusual, epoch: 3 } },
    { kind: "settle", epoch: 4 },
  ],
];

describe("A keeper that decides what to do", () => {
  for (const [title, seen, { secondsAgo = 0, acceptedEpoch, ...known }, decision] of cases) {
    it(title, () => {
      const memory = Object.assign(new KeeperMemory(), { sentAt: 1_000 }, known);
      const circumstances = { now: 1_000 + secondsAgo, replaceAfterSeconds: 120, acceptedEpoch };
      expect(decide({ ...quiet, ...seen }, memory, circumstances)).to.deep.equal(decision);
    });
  }
});
