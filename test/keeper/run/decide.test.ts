import { expect } from "chai";
import { zeroAddress } from "viem";
import { decide, type Decision, KeeperMemory } from "../../../scripts/keeper/run/decide";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type SentSettlement } from "../../../scripts/keeper/run/transactions";

/** Epoch 4 is next, due at 1,000, everything before it is final, nothing is on its way. */
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

/** What is remembered, how long ago it was sent or computed, and what a human has accepted. */
interface Known extends Partial<KeeperMemory> {
  readonly secondsAgo?: number;
  readonly acceptedEpoch?: number;
}

const unusual = { epoch: 4, reason: "far more would be burned than usual", mayBeAccepted: true, at: 1_000 };
const impossible = { ...unusual, mayBeAccepted: false };

type Case = readonly [title: string, seen: Partial<Observation>, known: Known, decision: Decision];

const cases: readonly Case[] = [
  ["settles an epoch in the second in which it is due", {}, {}, { kind: "settle", epoch: 4 }],
  ["settles it however late", { now: 99_000 }, {}, { kind: "settle", epoch: 4 }],
  [
    "waits until the second before, by the final block's time, however late the head is",
    { now: 999, headTimestamp: 5_000 },
    {},
    { kind: "wait", epoch: 4, dueAt: 1_000, secondsLeft: 1 },
  ],
  ["waits while the Treasury is paused, due or not", { paused: true }, {}, { kind: "paused", epoch: 4 }],
  [
    "starts no epoch before the settlement of the one before it is final",
    { finalEpochs: 3 },
    {},
    { kind: "confirm", epoch: 3 },
  ],
  ["gives its transaction its time", {}, { sent, secondsAgo: 119.9 }, { kind: "awaitMining", epoch: 4 }],
  ["replaces it when that is over", {}, { sent, secondsAgo: 120 }, { kind: "replace", epoch: 4, sent }],
  [
    "replaces nothing while the Treasury is paused",
    { paused: true },
    { sent, secondsAgo: 500 },
    { kind: "paused", epoch: 4 },
  ],
  [
    "gives a transaction up whose nonce is used while its epoch is not settled",
    { minedTransactions: 8 },
    { sent },
    { kind: "abandon", epoch: 4, sent },
  ],
  [
    "forgets what it sent for an epoch that a reorganisation took back: another epoch is next",
    { nextEpochToSettle: 3, finalEpochs: 3 },
    { sent },
    { kind: "settle", epoch: 3 },
  ],
  [
    "gives someone else's settlement its time",
    {},
    { outrunEpoch: 4, secondsAgo: 119.9 },
    { kind: "awaitMining", epoch: 4 },
  ],
  [
    "settles itself where that settlement never came",
    {},
    { outrunEpoch: 4, secondsAgo: 120 },
    { kind: "settle", epoch: 4 },
  ],
  [
    "does not sign an epoch that it halted at, until a human accepts it",
    {},
    { halted: unusual, secondsAgo: 9_000, acceptedEpoch: 3 },
    { kind: "halted", epoch: 4 },
  ],
  ["signs it once a human has", {}, { halted: unusual, acceptedEpoch: 4 }, { kind: "settle", epoch: 4 }],
  [
    "leaves alone for a minute what nobody may accept, whoever does",
    {},
    { halted: impossible, secondsAgo: 59.9, acceptedEpoch: 4 },
    { kind: "halted", epoch: 4 },
  ],
  ["computes it again then", {}, { halted: impossible, secondsAgo: 60 }, { kind: "settle", epoch: 4 }],
  [
    "goes on where someone else settled that epoch",
    {},
    { halted: { ...unusual, epoch: 3 } },
    { kind: "settle", epoch: 4 },
  ],
];

describe("The keeper's decision", () => {
  for (const [title, seen, { secondsAgo = 0, acceptedEpoch, ...known }, decision] of cases) {
    it(title, () => {
      const memory = Object.assign(new KeeperMemory(), { sentAt: 1_000 }, known);
      const circumstances = { now: 1_000 + secondsAgo, replaceAfterSeconds: 120, acceptedEpoch };
      expect(decide({ ...quiet, ...seen }, memory, circumstances)).to.deep.equal(decision);
    });
  }
});
