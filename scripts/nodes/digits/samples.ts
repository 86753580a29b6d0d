import { imageBytes } from "./image";
import samples from "./sampleImages.json";

const bytes = Buffer.from(samples.images, "base64");

/** 200 digits that people wrote and the model has not seen, 0 to 9 in turn, each as the model takes it. */
export const digitImages: readonly { readonly image: Uint8Array; readonly digit: number }[] = Array.from(
  samples.digits,
  (digit, i) => ({
    image: new Uint8Array(bytes.subarray(i * imageBytes, (i + 1) * imageBytes)),
    digit: Number(digit),
  }),
);
