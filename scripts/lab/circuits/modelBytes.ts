import { type Layer } from "../../nodes/digits/model";

/**
 * Weights as circuits/digits reads them: layer by layer a byte a weight, row by row, 128 more than it is, then four bytes a bias,
 * big-endian, 2^31 more than it is.
 */
export function modelBytes(layers: readonly Layer[]): Uint8Array {
  return Buffer.concat(
    layers.flatMap(({ weights, biases }) => [
      Uint8Array.from(weights.flat(), (weight) => weight + 128),
      ...biases.map((bias) => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(bias + 2 ** 31);
        return bytes;
      }),
    ]),
  );
}
