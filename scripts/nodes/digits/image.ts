/** An image has 7 × 7 grey values, 0 (paper) to 255 (ink), row by row. */
export const imageBytes = 49;

/** Whether bytes can be an image: any 49 are one. */
export function isImage(input: Uint8Array): boolean {
  return input.length === imageBytes;
}

const side = 28;
const block = 4;
const blocksPerRow = side / block;

/**
 * Turns a scanned digit into the model's image: the mean of each block of 4 × 4 grey values, rounded down.
 * @param pixels 28 × 28 grey values, 0 (paper) to 255 (ink), row by row, the digit in the middle as in MNIST.
 * @throws RangeError for any other number of values.
 */
export function encodeDigit(pixels: ArrayLike<number>): Uint8Array {
  if (pixels.length !== side * side)
    throw new RangeError(`A digit has ${side * side} grey values, not ${pixels.length}.`);
  const sums = new Uint16Array(imageBytes);
  for (let i = 0; i < pixels.length; i++) {
    const row = Math.floor(i / side / block);
    const column = Math.floor((i % side) / block);
    sums[row * blocksPerRow + column]! += pixels[i]!;
  }
  return Uint8Array.from(sums, (sum) => sum >> 4);
}
