import { imageBytes } from "./image";
import samples from "./sampleImages.json";

const bytes = Buffer.from(samples.images, "base64");

/** 200 handwritten digits that the model was not trained on, 0 to 9 in turn, as images for the model. */
export const digitImages: readonly { readonly image: Uint8Array; readonly digit: number }[] = Array.from(
  samples.digits,
  (digit, i) => ({
    image: new Uint8Array(bytes.subarray(i * imageBytes, (i + 1) * imageBytes)),
    digit: Number(digit),
  }),
);
