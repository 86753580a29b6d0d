import { type z } from "zod";
import {
  type accountAnswer,
  type historyAnswer,
  type minersAnswer,
  type namesAnswer,
  type validatorsAnswer,
} from "../../api/schemas/people";
import { type epochAnswer, type epochsAnswer, type reportAnswer, type quorumAnswer } from "../../api/schemas/epochs";
import {
  type deploymentAnswer,
  type policyAnswer,
  type statusAnswer,
  type supplyAnswer,
  type taskAnswer,
  type tasksAnswer,
} from "../../api/schemas/network";
import { type Addresses } from "../../chain/abis";
import { getJson } from "./getJson";

/** What the API answers, typed by the schemas that it answers with; amounts are decimal strings of wei. */
type DeploymentAnswer = z.infer<typeof deploymentAnswer>;
export type StatusAnswer = z.infer<typeof statusAnswer>;
export type QuorumAnswer = z.infer<typeof quorumAnswer>;
export type SupplyAnswer = z.infer<typeof supplyAnswer>;
export type PolicyAnswer = z.infer<typeof policyAnswer>;
export type EpochsAnswer = z.infer<typeof epochsAnswer>;
export type EpochAnswer = z.infer<typeof epochAnswer>;
export type ReportAnswer = z.infer<typeof reportAnswer>;
export type ValidatorsAnswer = z.infer<typeof validatorsAnswer>;
export type NamesAnswer = z.infer<typeof namesAnswer>;
export type MinersAnswer = z.infer<typeof minersAnswer>;
export type TaskAnswer = z.infer<typeof taskAnswer>;
export type TasksAnswer = z.infer<typeof tasksAnswer>;
export type AccountAnswer = z.infer<typeof accountAnswer>;
export type HistoryAnswer = z.infer<typeof historyAnswer>;

/** The emission's schedule, in wei. */
export interface Schedule {
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
}

/** What never changes about the network that the page is about: `/v1/deployment` with addresses and amounts as viem has them. */
export interface DeploymentFacts extends Omit<DeploymentAnswer, "contracts" | "emission" | "staking"> {
  readonly contracts: Addresses;
  readonly schedule: Schedule;
  readonly minimumStakeWei: bigint;
}

/** @throws ApiError where nothing is deployed, or the server does not answer. */
export async function getDeployment(): Promise<DeploymentFacts> {
  const { contracts, emission, staking, ...facts } = await getJson<DeploymentAnswer>("/v1/deployment");
  return {
    ...facts,
    contracts: contracts as Addresses,
    schedule: {
      baseRewardWei: BigInt(emission.baseRewardWei),
      halvingIntervalEpochs: emission.halvingIntervalEpochs,
    },
    minimumStakeWei: BigInt(staking.minimumStakeWei),
  };
}
