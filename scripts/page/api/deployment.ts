import { type Addresses } from "../../chain/abis";
import { type Schedule } from "../models/schedule";
import { type DeploymentAnswer } from "./answers";
import { getJson } from "./getJson";

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
