import { expect } from "chai";
import { zeroAddress } from "viem";
import { decide, type Decision, type Intentions } from "../../../scripts/keeper/run/decide";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type SentSettlement } from "../../../scripts/keeper/run/transactions";

/** Epoch 4 is next, due at 1,000, everything before it is confirmed, nothing is on its way. */
const quiet: Observation = {
  headBlock: 50n,
  headTimestamp: 1_000,
  baseFeePerGasWei: 1n,
  confirmedBlock: 48n,
  now: 1_000,
  nextEpochToSettle: 4,
  dueAt: 1_000,
  paused: false,
  vetoedEpoch: null,
  settled: [],
  confirmedEpochs: 4,
  minedTransactions: 7,
  keeperBalanceWei: 1n,
};

const idle: Intentions = {
  sent: null,
  outrunEpoch: null,
  secondsSinceSent: 0,
  replaceAfterSeconds: 120,
  haltedEpoch: null,
};

const sent: SentSettlement = {
  epoch: 4,
  request: { to: zeroAddress, data: "0x", gas: 1n, nonce: 7 },
  fees: { maxFeePerGasWei: 2n, maxPriorityFeePerGasWei: 1n },
  byContract: [],
  hash: "0x01",
};

type Case = readonly [title: string, seen: Partial<Observation>, intentions: Partial<Intentions>, decision: Decision];

const cases: readonly Case[] = [
  ["settles an epoch in the second in which it is due", {}, {}, { kind: "settle", epoch: 4 }],
  ["settles it however late", { now: 99_000 }, {}, { kind: "settle", epoch: 4 }],
  [
    "waits until the second before, by the confirmed block's time, however late the head is",
    { now: 999, headTimestamp: 5_000 },
    {},
    { kind: "wait", epoch: 4, dueAt: 1_000, secondsLeft: 1 },
  ],
  ["waits while the Treasury is paused, due or not", { paused: true }, {}, { kind: "paused", epoch: 4 }],
  [
    "starts no epoch before the settlement of the one before it is confirmed",
    { confirmedEpochs: 3 },
    {},
    { kind: "confirm", epoch: 3 },
  ],
  ["gives its transaction its time", {}, { sent, secondsSinceSent: 119.9 }, { kind: "awaitMining", epoch: 4 }],
  ["replaces it when that is over", {}, { sent, secondsSinceSent: 120 }, { kind: "replace", epoch: 4, sent }],
  [
    "replaces nothing while the Treasury is paused",
    { paused: true },
    { sent, secondsSinceSent: 500 },
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
    { nextEpochToSettle: 3, confirmedEpochs: 3 },
    { sent },
    { kind: "settle", epoch: 3 },
  ],
  [
    "gives somebody else's settlement its time",
    {},
    { outrunEpoch: 4, secondsSinceSent: 119.9 },
    { kind: "awaitMining", epoch: 4 },
  ],
  [
    "settles itself where that settlement never came",
    {},
    { outrunEpoch: 4, secondsSinceSent: 120 },
    { kind: "settle", epoch: 4 },
  ],
  ["does not sign an epoch that it halted at", {}, { haltedEpoch: 4 }, { kind: "halted", epoch: 4 }],
  ["goes on where somebody else settled that epoch", {}, { haltedEpoch: 3 }, { kind: "settle", epoch: 4 }],
];

describe("The keeper's decision", () => {
  for (const [title, seen, intentions, decision] of cases) {
    it(title, () => {
      expect(decide({ ...quiet, ...seen }, { ...idle, ...intentions })).to.deep.equal(decision);
    });
  }
});
