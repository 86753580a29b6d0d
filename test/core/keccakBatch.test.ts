import { expect } from "chai";
import fc from "fast-check";
import { keccak256, toHex } from "viem";
import {
  compileKeccak,
  BLOCK_WORDS,
  type KeccakBatch,
  openKeccakBatch,
  BATCH,
} from "../../scripts/core/keccak/keccakBatch";

/** Hashes messages together. */
function digestsOf(batch: KeccakBatch, messages: readonly Uint8Array[]): string[] {
  const bytes = new Uint8Array(batch.blocks.buffer, batch.blocks.byteOffset, batch.blocks.byteLength);
  for (const [i, message] of messages.entries()) bytes.set(message, i * BLOCK_WORDS * 4);
  const words = batch.digests(messages.length);
  return messages.map((_, i) => toHex(new Uint8Array(words.buffer, words.byteOffset + i * 32, 32)));
}

describe("Keccak-256 of many messages at once", () => {
  for (const messageBytes of [0, 4, 32, 64, 128, 132]) {
    it(`equals the hash of each message of ${messageBytes} bytes`, async () => {
      const batch = await openKeccakBatch(await compileKeccak(), messageBytes);
      const message = fc.uint8Array({ minLength: messageBytes, maxLength: messageBytes });
      fc.assert(
        fc.property(fc.array(message, { minLength: 1, maxLength: 20 }), (messages) => {
          expect(digestsOf(batch, messages)).to.deep.equal(messages.map((bytes) => keccak256(bytes)));
        }),
      );
    });
  }

  it("equals the hash of each message of a full batch", async () => {
    const messages = Array.from({ length: BATCH }, (_, i) => new Uint8Array(64).fill(i, i % 64));
    expect(digestsOf(await openKeccakBatch(await compileKeccak(), 64), messages)).to.deep.equal(
      messages.map((bytes) => keccak256(bytes)),
    );
  });

  it("carries nothing over from one batch to the next", async () => {
    const batch = await openKeccakBatch(await compileKeccak(), 32);
    const [ones, zeros] = [new Uint8Array(32).fill(0xff), new Uint8Array(32)];
    for (const message of [ones, zeros, ones]) {
      expect(digestsOf(batch, [message])).to.deep.equal([keccak256(message)]);
    }
  });
});
