import { type z } from "@hono/zod-openapi";
import { getAddress, type Hex } from "viem";
import { computeEpoch } from "../core/computeEpoch";
import { readEpochInput } from "../core/epochInput/readEpochInput";
import { wadDown } from "../core/fixedPoint";
import { epochStory } from "../show/epochStory";
import { rankReport } from "./reportPage";
import { type archivedReport } from "./schemas/report";

/** A report, ready to be shown a page at a time. */
export type ExplainedReport = ReturnType<typeof explain>;

/**
 * Explains reports. The last one is remembered, since whoever reads it page by page asks for it again, and a large one takes
 * seconds to compute, in which the process does nothing else.
 */
export class ExplainedReports {
  #last: { readonly epoch: number; readonly root: Hex; readonly explained: ExplainedReport } | undefined;

  /**
   * @param root The root that the epoch was settled with.
   * @param read Reads the report, where it is not the last one.
   */
  of(epoch: number, root: Hex, read: () => z.infer<typeof archivedReport>): ExplainedReport {
    if (this.#last?.epoch !== epoch || this.#last.root !== root) {
      this.#last = { epoch, root, explained: explain(read()) };
    }
    return this.#last.explained;
  }
}

function explain(report: z.infer<typeof archivedReport>) {
  const inputs = readEpochInput(report.inputs);
  const result = computeEpoch(inputs);
  const { taskScore, difficulty, participation } = result.utility;
  const factors = { taskScoreWad: wadDown(taskScore), difficultyWad: wadDown(difficulty) };
  return {
    ranked: rankReport(report),
    utilityFactors: { ...factors, participationWad: wadDown(participation) },
    story: epochStory({ inputs, result }, (account) => getAddress(account)),
  };
}
