/** What validators sign, as EIP-712 data, and what one signed, as JSON: `GET /v1/settlements/{epoch}` and `GET /v1/reposts/{epoch}`, and files of it. */
import { type Address, getAddress, type Hex, type TypedDataDefinition } from "viem";
import { z } from "zod";
import { type JsonObject } from "../../core/canonicalJson";
import { type Settlement } from "../../core/settlement";
import { decimalString, readStrict, writtenAddress } from "../../core/strictJson";

/** Whose settlements are signed: the Treasury of one chain. */
export interface SigningDomain {
  readonly chainId: number;
  readonly treasury: Address;
}

/** A vetoed root reposted, as `ISettlementQuorum.repostRootSigned` takes it. */
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
type FieldType = "uint64" | "uint128" | "bytes32";

/** The fields of `ITreasury.Settlement`, in its order. */
const settlementFields = {
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
const repostFields = {
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

/** A signature for a validator; that it is one has not been looked at. */
interface Signed {
  /** The owner's address, with its checksum. */
  readonly validator: Address;
  /** r ‖ s ‖ v of its operator, or what the operator's contract asks for. */
  readonly signature: Hex;
}

/** A settlement with a validator's signature. */
export interface SignedSettlement extends Signed {
  readonly settlement: Settlement;
}

/** A repost with a validator's signature. */
export interface SignedRepost extends Signed {
  readonly repost: RepostMessage;
}

/** An answer has at most this many bytes: room for the longest signature, and for white space. */
export const maxSignedBytes = 16_384;

/**
 * A signature has at most this many bytes: those of keys have 65, those of a contract with some owners several times as
 * many.
 */
const maxSignatureBytes = 4_096;

const bytes = (least: number, most: number, error: string): z.ZodType<Hex> =>
  z.custom<Hex>((text) => typeof text === "string" && text.length <= 2 + 2 * most && hexOf(least).test(text), {
    error,
  });

const hexOf = (leastBytes: number): RegExp => new RegExp(`^0x([0-9a-f]{2}){${leastBytes},}$`);

/** Integers are decimal strings, bytes lower-case hexadecimal digits. */
const schemas: Readonly<Record<FieldType, z.ZodType<bigint | Hex>>> = {
  uint64: decimalString(2n ** 64n - 1n, "2^64 - 1"),
  uint128: decimalString(2n ** 128n - 1n, "2^128 - 1"),
  bytes32: bytes(32, 32, "must be 32 bytes in lower-case hexadecimal digits"),
};

const anObject = { error: "must be an object" };

/** A struct of Solidity, every field of it and no other. */
function structOf<T>(fields: Readonly<Record<keyof T & string, FieldType>>): z.ZodType<T> {
  const shape = Object.fromEntries(Object.entries<FieldType>(fields).map(([name, type]) => [name, schemas[type]]));
  return z.strictObject(shape, anObject) as unknown as z.ZodType<T>;
}

const signed = {
  validator: writtenAddress.transform((text) => getAddress(text.toLowerCase())),
  signature: bytes(1, maxSignatureBytes, `must be 1 to ${maxSignatureBytes} bytes in lower-case hexadecimal digits`),
};

/** Reads a settlement with its signature, beside other fields of a file. */
const signedSettlementFields = { settlement: structOf<Settlement>(settlementFields), ...signed };

/** Reads a repost with its signature, beside other fields of a file. */
const signedRepostFields = { repost: structOf<RepostMessage>(repostFields), ...signed };

const signedSettlement = z.strictObject(signedSettlementFields, anObject);
const signedRepost = z.strictObject(signedRepostFields, anObject);

/** @throws RefusedInputError naming the first field that is not as it should be. */
export function readSignedSettlement(json: unknown, at = ""): SignedSettlement {
  return readStrict(signedSettlement, json, at);
}

/** @throws RefusedInputError naming the first field that is not as it should be. */
export function readSignedRepost(json: unknown, at = ""): SignedRepost {
  return readStrict(signedRepost, json, at);
}

/** The JSON of a signed settlement. */
export function writeSignedSettlement({ settlement, validator, signature }: SignedSettlement): JsonObject {
  return { settlement: inWords(settlement), validator, signature };
}

/** The JSON of a signed repost. */
export function writeSignedRepost({ repost, validator, signature }: SignedRepost): JsonObject {
  return { repost: inWords(repost), validator, signature };
}

function inWords(struct: object): JsonObject {
  return Object.fromEntries(Object.entries(struct).map(([field, value]) => [field, String(value)]));
}
