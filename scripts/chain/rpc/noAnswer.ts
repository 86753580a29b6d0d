import { BaseError } from "viem";

/** No endpoint of a pool gave an answer, for as long as it was tried. */
export class NoAnswerError extends BaseError {
  override readonly name = "NoAnswerError";
}
