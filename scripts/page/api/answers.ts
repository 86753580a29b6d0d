import { type z } from "zod";
import {
  type accountAnswer,
  type historyAnswer,
  type minersAnswer,
  type validatorsAnswer,
} from "../../api/schemas/people";
import { type epochAnswer, type epochsAnswer, type reportAnswer } from "../../api/schemas/epochs";
import {
  type deploymentAnswer,
  type policyAnswer,
  type statusAnswer,
  type supplyAnswer,
} from "../../api/schemas/network";

/** What the API answers, typed by the schemas that it answers with; amounts are decimal strings of wei. */
export type DeploymentAnswer = z.infer<typeof deploymentAnswer>;
export type StatusAnswer = z.infer<typeof statusAnswer>;
export type SupplyAnswer = z.infer<typeof supplyAnswer>;
export type PolicyAnswer = z.infer<typeof policyAnswer>;
export type EpochsAnswer = z.infer<typeof epochsAnswer>;
export type EpochAnswer = z.infer<typeof epochAnswer>;
export type ReportAnswer = z.infer<typeof reportAnswer>;
export type ValidatorsAnswer = z.infer<typeof validatorsAnswer>;
export type MinersAnswer = z.infer<typeof minersAnswer>;
export type AccountAnswer = z.infer<typeof accountAnswer>;
export type HistoryAnswer = z.infer<typeof historyAnswer>;
