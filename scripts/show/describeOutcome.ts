import { type JsonObject } from "../core/canonicalJson";
import { describeEpoch } from "./describeEpoch";
import { durationText } from "./duration";
import { writeEpochResult } from "../core/epochInput/writeEpoch";
import { type SettleOutcome } from "../keeper/settle/settleEpoch";

/** What came of settling, for programs: `kind` says which of the four answers it is. */
export function outcomeJson(outcome: SettleOutcome): JsonObject {
  switch (outcome.kind) {
    case "notDue":
      return { ...outcome };
    case "alreadySettled":
      return { ...outcome };
    case "ready":
    case "settled": {
      const { computed, ...rest } = outcome;
      const { settlement, result } = computed;
      return {
        ...texts(rest),
        epoch: rest.epoch,
        settlement: texts(settlement),
        result: writeEpochResult(result),
      };
    }
  }
}

/** What came of settling, for people. */
export function describeOutcome(outcome: SettleOutcome): string {
  switch (outcome.kind) {
    case "notDue":
      return `Nothing to do: epoch ${outcome.epoch} can be settled in ${durationText(outcome.secondsLeft)}.`;
    case "alreadySettled":
      return `Nothing to do: epoch ${outcome.epoch} is already settled.`;
    case "ready":
      return [
        describeEpoch(outcome.computed.assembled.inputs, outcome.computed.result),
        "",
        `root ${outcome.computed.settlement.rewardsRoot}`,
        `Nothing was sent: add --send to settle epoch ${outcome.epoch}.`,
      ].join("\n");
    case "settled":
      return [
        describeEpoch(outcome.computed.assembled.inputs, outcome.computed.result),
        "",
        `root ${outcome.computed.settlement.rewardsRoot}`,
        `Epoch ${outcome.epoch} is settled by ${outcome.transactionHash} (${outcome.gasUsed} gas), which paid ${outcome.paid} accounts.`,
      ].join("\n");
  }
}

function texts(fields: object): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
