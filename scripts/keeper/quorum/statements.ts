/** What validators sign, as EIP-712 data, and what one signed, as JSON: `GET /v1/settlements/{epoch}` and `GET /v1/reposts/{epoch}`, and files of it. */
import {
  type Address,
  getAddress,
  hashTypedData,
  type Hex,
  type TypedDataDefinition,
  type TypedDataParameter,
} from "viem";
import { z } from "zod";
import { type Connection } from "../../chain/connection";
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

/** A message with a validator's signature; that it is one has not been looked at. */
export interface SignedMessage<T> {
  readonly message: T;
  /** The owner's address, with its checksum. */
  readonly validator: Address;
  /** r ‖ s ‖ v of its operator, or what the operator's contract asks for. */
  readonly signature: Hex;
}

/** How messages of one kind are signed, and how they are written down. */
export interface Form<T> {
  readonly what: "settlement" | "repost";
  readonly typedData: (domain: SigningDomain, message: T) => TypedDataDefinition;
  /** @throws RefusedInputError naming the first field that is not as it should be. */
  readonly read: (json: unknown, at?: string) => SignedMessage<T>;
  readonly write: (signed: SignedMessage<T>) => JsonObject;
}

/** An answer has at most this many bytes: room for the longest signature, and for white space. */
export const maxSignedBytes = 16_384;

/**
 * A signature has at most this many bytes: those of keys have 65, those of a contract with some owners several times as
 * many.
 */
const maxSignatureBytes = 4_096;

function bytes(least: number, most: number, error: string): z.ZodType<Hex> {
  const hex = new RegExp(`^0x([0-9a-f]{2}){${least},${most}}$`);
  return z.custom<Hex>((text) => typeof text === "string" && hex.test(text), { error });
}

/** Integers are decimal strings, bytes lower-case hexadecimal digits. */
const schemas: Readonly<Record<FieldType, z.ZodType<bigint | Hex>>> = {
  uint64: decimalString(2n ** 64n - 1n, "2^64 - 1"),
  uint128: decimalString(2n ** 128n - 1n, "2^128 - 1"),
  bytes32: bytes(32, 32, "must be 32 bytes in lower-case hexadecimal digits"),
};

const anObject = { error: "must be an object" };

const validator = writtenAddress.transform((text) => getAddress(text.toLowerCase()));
const signature = bytes(
  1,
  maxSignatureBytes,
  `must be 1 to ${maxSignatureBytes} bytes in lower-case hexadecimal digits`,
);

/** @param fields Of the Solidity struct, in its order: every field of it and no other. */
function formOf<T extends object>(
  what: Form<T>["what"],
  fields: Readonly<Record<keyof T & string, FieldType>>,
): Form<T> {
  const named = Object.entries<FieldType>(fields);
  const primaryType = what === "settlement" ? "Settlement" : "Repost";
  const types: Readonly<Record<string, readonly TypedDataParameter[]>> = {
    [primaryType]: named.map(([name, type]) => ({ name, type })),
  };
  const struct = z.strictObject(Object.fromEntries(named.map(([name, type]) => [name, schemas[type]])), anObject);
  const schema = z.strictObject({ [what]: struct, validator, signature }, anObject);
  return {
    what,
    typedData({ chainId, treasury }, message) {
      const domain = { name: "ModernTensor", version: "1", chainId, verifyingContract: treasury };
      return { domain, types, primaryType, message: { ...message } } as TypedDataDefinition;
    },
    read(json, at = "") {
      const { [what]: message, ...signed } = readStrict(schema, json, at);
      return { message, ...signed } as SignedMessage<T>;
    },
    write: ({ message, validator, signature }) => ({
      [what]: Object.fromEntries(Object.entries(message).map(([field, value]) => [field, String(value)])),
      ...{ validator, signature },
    }),
  };
}

/** A settlement, as `ITreasury.Settlement`. */
export const settlementForm = formOf<Settlement>("settlement", {
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
});

/** A vetoed root reposted. */
export const repostForm = formOf<RepostMessage>("repost", {
  epoch: "uint64",
  vetoedRoot: "bytes32",
  root: "bytes32",
  inputsHash: "bytes32",
  returned: "uint128",
});

/** A statement of one epoch that many are to sign. */
export interface Statement {
  /** Where a validator's node serves what it signed. */
  readonly path: string;
  /** What a signature is over (EIP-712). */
  readonly digest: Hex;
  /**
   * Reads what someone else signed.
   * @throws RefusedInputError naming the first field that is not as it should be.
   */
  readonly read: (json: unknown) => OtherStatement;
}

/** A statement that someone shows with a signature; that it is one has not been looked at. */
export interface OtherStatement {
  /** For whom it is said to be signed. */
  readonly validator: Address;
  readonly digest: Hex;
  readonly signature: Hex;
  /** The first field in which it differs from this one, in words; undefined if it is the same. */
  readonly difference: string | undefined;
}

/** What the statements of a deployment are signed for. */
export function domainOf({ deployment, contracts }: Pick<Connection, "deployment" | "contracts">): SigningDomain {
  return { chainId: deployment.chainId, treasury: contracts.treasury.address };
}

/** A settlement or a repost, as this machine computed it, as a statement. */
export function statementOf<T extends { readonly epoch: bigint }>(
  form: Form<T>,
  domain: SigningDomain,
  message: T,
): Statement {
  const digestOf = (one: T): Hex => hashTypedData(form.typedData(domain, one));
  return {
    path: `/v1/${form.what}s/${message.epoch}`,
    digest: digestOf(message),
    read(json) {
      const { message: other, validator, signature } = form.read(json);
      return { validator, digest: digestOf(other), signature, difference: difference(message, other) };
    },
  };
}

function difference<T extends object>(own: T, other: T): string | undefined {
  const field = (Object.keys(own) as (keyof T & string)[]).find((name) => own[name] !== other[name]);
  return field && `its ${field} is ${String(other[field])} instead of ${String(own[field])}`;
}
