/** How many blocks the next request for logs asks for. */
export interface RangeWidth {
  readonly blocks: bigint;
  /** Answers since the width last changed. */
  readonly answers: number;
  /**
   * After this many answers a wider range is tried; more after each refusal, for a limit that was met will be met again.
   */
  readonly patience: number;
}

/** The widest range: what most providers allow. */
const widestBlocks = 10_000n;

/** Where a range brings more, the next is narrower: it takes some ten megabytes. */
const manyKilobytes = 10_000;

/** After this many answers a wider range is tried, at first and at most: a refusal then costs 2 % of the requests. */
const firstPatience = 4;
const longestPatience = 64;

/** How dense logs are is not known at first: so many blocks of ten short logs are what one range is to hold. */
const firstBlocks = 1_000n;

/** The first request asks for a narrow range: it widens to the widest within 16 answers that hold few logs. */
export const firstWidth: RangeWidth = { blocks: firstBlocks, answers: 0, patience: firstPatience };

/** After a refusal. @param blocks How many to ask for instead. */
export function widthAfterRefusal({ patience }: RangeWidth, blocks: bigint): RangeWidth {
  return { blocks, answers: 0, patience: Math.min(patience * 2, longestPatience) };
}

/** How long an answer with these logs is, about: a short log takes a kilobyte, and anybody may make some of eight and more. */
export function kilobytesOf(logs: readonly { readonly data: string }[]): number {
  return logs.reduce((sum, { data }) => sum + 1 + Math.floor(data.length / 1_000), 0);
}

/** Narrower where a range held much, wider where a row of answers came without a refusal. */
export function widthAfterAnswer(width: RangeWidth, kilobytes: number): RangeWidth {
  if (kilobytes > manyKilobytes && width.blocks > 1n) return { ...width, blocks: width.blocks / 2n, answers: 0 };
  const answers = width.answers + 1;
  if (answers < width.patience || width.blocks === widestBlocks || kilobytes > manyKilobytes / 2)
    return { ...width, answers };
  const wider = width.blocks * 2n;
  return { ...width, blocks: wider < widestBlocks ? wider : widestBlocks, answers: 0 };
}
