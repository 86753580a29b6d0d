import { type Address } from "viem";
import { type ContractName } from "../../chain/contractNames";
import { getJson } from "./getJson";

/** What never changes about the network that the page is about. */
export interface DeploymentFacts {
  readonly chainId: number;
  /** Name of its configuration: "local", "reference" … */
  readonly network: string;
  readonly contracts: Readonly<Record<ContractName, Address>>;
  readonly clock: {
    /** When epoch 0 began, or begins, unix seconds. */
    readonly genesisTimestamp: number;
    readonly slotSeconds: number;
    readonly slotsPerEpoch: number;
    readonly revealSlots: number;
  };
  readonly claimDelaySeconds: number;
  /** Names of the first task types, by id; types that were added later have none. */
  readonly taskTypeNames: readonly string[];
}

/** @throws ApiError where nothing is deployed, or the server does not answer. */
export function getDeployment(): Promise<DeploymentFacts> {
  return getJson("/v1/deployment");
}
