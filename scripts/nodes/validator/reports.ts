/** Reporting other validators that miss their reveals. */
import { type Address } from "viem";
import { findReport } from "../../actions/missedReveals";
import { revealWindowOf } from "../../views/revealWindow";
import { type NodeView } from "../run/nodeView";
import { type Duty } from "../run/rehearsals";

/** Who is to be reported; everybody is looked at once an epoch, when its reveals are over. */
export class Reports {
  #lookedIn: number | undefined;
  #suspects: readonly Address[] = [];

  /**
   * Reports that the score board would take now.
   * @param active Every active validator.
   * @param place As `slotDuties`.
   */
  async duties({ chain, epoch, now }: NodeView, active: readonly Address[], place: number): Promise<readonly Duty[]> {
    if (epoch === null || epoch === 0) return [];
    const { slotSeconds } = chain.deployment.config.clock;
    if (now < revealWindowOf(chain, epoch - 1).closesAt + place * slotSeconds) return [];
    const looked = this.#lookedIn === epoch ? this.#suspects : active;
    const found = await Promise.all(
      looked.map(async (validator) => ({ validator, ...(await findReport(chain, validator)) })),
    );
    const reportable = found.filter((one) => one.kind === "found");
    this.#lookedIn = epoch;
    this.#suspects = reportable.map(({ validator }) => validator);
    const { scoreBoard } = chain.contracts;
    return reportable.map(({ validator, epochs }) => ({
      name: `report ${validator} for missing epochs ${epochs.join(", ")}`,
      call: { ...scoreBoard, functionName: "reportMissedReveals", args: [validator, epochs] },
    }));
  }
}
