/** What validators sign, as EIP-712 data. `ISettlementQuorum` is the manual. */
import { type Address, type Hex, type TypedDataDefinition } from "viem";
import { type Settlement } from "../../core/settlement";

/** Whose settlements are signed: the Treasury of one chain. */
export interface SigningDomain {
  readonly chainId: number;
  readonly treasury: Address;
}

/** A vetoed root posted again, as `ISettlementQuorum.repostRootSigned` takes it. */
export interface RepostMessage {
  readonly epoch: bigint;
  /** The root that the signers saw vetoed. */
  readonly vetoedRoot: Hex;
  readonly root: Hex;
  readonly inputsHash: Hex;
  /** What of the posted rewards goes back to the pool, in wei. */
  readonly returned: bigint;
}

/** The Solidity types that are signed. */
export type FieldType = "uint64" | "uint128" | "bytes32";

/** The fields of `ITreasury.Settlement`, in its order. */
export const settlementFields = {
  epoch: "uint64",
  emission: "uint128",
  burnedUnmetQuota: "uint128",
  burnedQualityPenalty: "uint128",
  minerRewards: "uint128",
  validatorRewards: "uint128",
  daoShare: "uint128",
  returned: "uint128",
  utilityWad: "uint64",
  qualityWad: "uint64",
  rewardsRoot: "bytes32",
  policyHash: "bytes32",
  inputsHash: "bytes32",
} as const satisfies Record<keyof Settlement, FieldType>;

/** The fields of a repost, in their order. */
export const repostFields = {
  epoch: "uint64",
  vetoedRoot: "bytes32",
  root: "bytes32",
  inputsHash: "bytes32",
  returned: "uint128",
} as const satisfies Record<keyof RepostMessage, FieldType>;

/** A settlement as a validator signs it. */
export function settlementTypedData(domain: SigningDomain, settlement: Settlement): TypedDataDefinition {
  const types = { Settlement: parametersOf(settlementFields) };
  return { domain: eip712Domain(domain), types, primaryType: "Settlement", message: { ...settlement } };
}

/** A repost as a validator signs it. */
export function repostTypedData(domain: SigningDomain, repost: RepostMessage): TypedDataDefinition {
  const types = { Repost: parametersOf(repostFields) };
  return { domain: eip712Domain(domain), types, primaryType: "Repost", message: { ...repost } };
}

function eip712Domain({ chainId, treasury }: SigningDomain) {
  return { name: "ModernTensor", version: "1", chainId, verifyingContract: treasury };
}

function parametersOf(fields: Readonly<Record<string, FieldType>>) {
  return Object.entries(fields).map(([name, type]) => ({ name, type }));
}
