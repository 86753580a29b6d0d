const WORD_BYTES = 4;

/**
 * The positions of equally wide records (a multiple of 4 bytes), ordered by their bytes; equal records keep their order.
 *
 * No comparison function is called, which is what makes sorting in JavaScript slow: 4 bytes of each record and its
 * position form one 64-bit number, numbers are sorted natively, and records that share those bytes are sorted by the
 * next 4. So no choice of records, hostile or not, costs more than one such pass per word: O(n log n).
 */
export function sortedOrder(records: Uint8Array, width: number): Uint32Array {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const order = new Uint32Array(records.byteLength / width);
  for (let i = 0; i < order.length; i++) order[i] = i;
  sortFromWord(view, width, order, 0);
  return order;
}

/** Orders the positions in `order`, whose records agree in all bytes before `wordOffset`. */
function sortFromWord(records: DataView, width: number, order: Uint32Array, wordOffset: number): void {
  const keys = new BigUint64Array(order.length);
  // The same keys as pairs of 32-bit words, the low one first as on every processor that Node.js is released for but one.
  const words = new Uint32Array(keys.buffer);
  for (let i = 0; i < order.length; i++) {
    words[2 * i] = order[i]!;
    words[2 * i + 1] = records.getUint32(order[i]! * width + wordOffset);
  }
  keys.sort();
  for (let i = 0; i < order.length; i++) order[i] = words[2 * i]!;

  const nextWord = wordOffset + WORD_BYTES;
  if (nextWord === width) return;
  for (let start = 0, end = 1; start < order.length; start = end++) {
    while (end < order.length && words[2 * end + 1] === words[2 * start + 1]) end++;
    if (end - start > 1) sortFromWord(records, width, order.subarray(start, end), nextWord);
  }
}

/** Below, at or above zero as record `a` comes before, equals or comes after record `b` in the order of their bytes. */
export function compareRecords(records: Uint8Array, width: number, a: number, b: number): number {
  for (let i = 0; i < width; i++) {
    const difference = records[a * width + i]! - records[b * width + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
