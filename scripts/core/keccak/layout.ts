/*
 * Where the memory of the WebAssembly module has what: the constants of the permutation's rounds, then the messages, each
 * in a block of its own, then their digests.
 */

/** Messages that are hashed in one call. */
export const BATCH = 512;

/** Bytes of a lane of the permutation, of a block, which it absorbs at once, and of a digest. */
export const LANE_BYTES = 8;
export const BLOCK_BYTES = 136;
export const DIGEST_BYTES = 32;

/** How often the permutation mixes its lanes, with a constant of one lane each time. */
export const ROUNDS = 24;

/** The byte at which the blocks begin, and the digests. */
export const BLOCKS_FROM = ROUNDS * LANE_BYTES;
export const DIGESTS_FROM = BLOCKS_FROM + BATCH * BLOCK_BYTES;
export const MEMORY_BYTES = DIGESTS_FROM + BATCH * DIGEST_BYTES;
