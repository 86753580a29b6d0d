import { BaseError } from "viem";

/** No endpoint of a pool gave an answer, for as long as it was tried. */
export class NoAnswerError extends BaseError {
  override readonly name: string = "NoAnswerError";
}

/** The chain that answers is not the one from the start: a development node was started again. */
export class ChainReplacedError extends NoAnswerError {
  override readonly name = "ChainReplacedError";

  /** @param details Who shows another chain, and which. */
  constructor(details = "") {
    const sentence = "The node was restarted with a new chain: deploy to it if needed, and restart this program.";
    super(sentence, { details });
  }
}
