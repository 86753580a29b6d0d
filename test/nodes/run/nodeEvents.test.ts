import { expect } from "chai";
import { zeroHash } from "viem";
import { servingFailures } from "../../../scripts/nodes/run/node";
import {
  minerWording,
  type NodeEvent,
  type ValidatorEvent,
  validatorWording,
} from "../../../scripts/nodes/run/nodeEvents";

const { describe: sentenceOf } = validatorWording;

const scored = { kind: "scored", epoch: 7, scored: 3, miners: 4, missingBlobs: 0, seconds: 2 } as const;
const signed = { kind: "signed", what: "repost", epoch: 7, digest: zeroHash, block: 90n, because: null, seconds: 2 };
const refused = { kind: "signingRefused", what: "settlement", epoch: 7, block: 90n, reason: "it differs" } as const;
const behind = { kind: "signingBehind", epoch: 7, block: 90n, seconds: 60, isComputing: false } as const;
const sent = {
  ...{ kind: "sent", duties: ["commit"], transactionHash: zeroHash, nonce: 5, maxFeePerGasWei: 10n ** 9n },
  isReplacement: false,
} as const;
const mined = {
  ...{ kind: "mined", duties: ["commit"], transactionHash: zeroHash, blockNumber: 91n, feeWei: 10n ** 17n },
  hasReverted: false,
} as const;
const looked = { kind: "looked", headBlock: 90n, epoch: 7 } as const;

/** An event, what its sentence must say, and what it must not say. */
const cases: readonly (readonly [object, says: RegExp, not: RegExp])[] = [
  [scored, /Epoch 7: 3 of 4 .* 2\.0 s\./, /serves/],
  [{ ...scored, missingBlobs: 2 }, /nobody serves 2 inputs or results/, /undefined/],
  [signed, /the repost of epoch 7 as of block 90\b/, /again|because/],
  [{ ...signed, because: "the block is gone" }, /again, because the block is gone/, /null/],
  [{ ...refused, mayBeAccepted: true }, /it differs.*mdt keeper accept --epoch 7/, /undefined/],
  [{ ...refused, mayBeAccepted: false }, /settlement of epoch 7, as of block 90: it differs\./, /accept/],
  [behind, /Epoch 7 .* 60 s .*block 90 is final/, /computing|no block/],
  [{ ...behind, block: null }, /no block is final/, /computing|null/],
  [{ ...behind, isComputing: true }, /computing/, /final/],
  [sent, /^Sent: commit\. 0x0+ \(nonce 5, up to 1 gwei\)/, /again/],
  [{ ...sent, isReplacement: true }, /^Sent again with a higher fee: commit\./, /pending/],
  [{ ...sent, transactionHash: null }, /another transaction with this nonce is pending/, /null/],
  [mined, /^Done in block 91 for a fee of 0\.1 .*: commit\./, /revert/],
  [{ ...mined, hasReverted: true }, /reverted: commit\. 0x0+$/, /Done/],
  [looked, /^Block 90, epoch 7\.$/, /genesis/],
  [{ ...looked, epoch: null }, /^Block 90, before genesis\.$/, /null/],
];

describe("A miner's node", () => {
  it("reports the size of a result, and the seconds that it took", () => {
    const ready = { kind: "resultReady", taskId: 3, bytes: 20, seconds: 1.25 } as const;
    expect(minerWording.describe(ready)).to.equal("Task 3 has a result of 20 bytes after 1.3 s.");
  });
});

describe("A validator's node", () => {
  for (const [event, says, not] of cases) {
    it(`says ${String(says)}`, () => {
      const sentence = sentenceOf(event as ValidatorEvent);
      expect(sentence).to.match(says);
      expect(sentence).not.to.match(not);
    });
  }
});

describe("Failures to store or serve something", () => {
  it("are reported at most once a minute, however often strangers ask", () => {
    const events: NodeEvent[] = [];
    let now = 0;
    const report = servingFailures({ tell: (event) => void events.push(event), clock: () => now });
    for (now of [0, 59, 60, 119.9, 120]) report(new Error(`The disk is full at ${now}.`));
    const common = { kind: "failed", during: "storing or serving blobs and signatures", retryInSeconds: 0 };
    expect(events).to.deep.equal([0, 60, 120].map((at) => ({ ...common, reason: `The disk is full at ${at}.` })));
  });
});
