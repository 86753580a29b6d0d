/**
 * What validators sign, as EIP-712 data, and what one of them signed, as JSON: from `GET /v1/settlements/{epoch}` and
 * `GET /v1/reposts/{epoch}`, or from files.
 */
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

/** A repost of a vetoed root, as `ISettlementQuorum.repostRootSigned` takes it. */
export interface RepostMessage {
  readonly epoch: bigint;
  /** The root that the signers saw vetoed. */
  readonly vetoedRoot: Hex;
  readonly root: Hex;
  readonly inputsHash: Hex;
  /** The part of the posted rewards that goes back to the pool, in wei. */
  readonly returned: bigint;
}

/** The Solidity types that are signed. */
type FieldType = "uint64" | "uint128" | "bytes32";

/** A message with a validator's signature, which is not checked yet. */
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
  /** @throws RefusedInputError naming the first invalid field. */
  readonly read: (json: unknown, at?: string) => SignedMessage<T>;
  readonly write: (signed: SignedMessage<T>) => JsonObject;
}

/** Maximum bytes of an answer: room for the longest signature, and for white space. */
export const maxSignedBytes = 16_384;

/** Maximum bytes of a signature: a key's has 65, that of a contract with some owners several times as many. */
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

/** @param fields Exactly the fields of the Solidity struct, in its order. */
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

/** A repost of a vetoed root. */
export const repostForm = formOf<RepostMessage>("repost", {
  epoch: "uint64",
  vetoedRoot: "bytes32",
  root: "bytes32",
  inputsHash: "bytes32",
  returned: "uint128",
});

/** A statement about one epoch that many validators are to sign. */
export interface Statement {
  /** Where a validator's node serves what it signed. */
  readonly path: string;
  /** The hash that is signed (EIP-712). */
  readonly digest: Hex;
  /**
   * Reads what someone else signed.
   * @throws RefusedInputError naming the first invalid field.
   */
  readonly read: (json: unknown) => OtherStatement;
}

/** A statement that someone shows with a signature, which is not checked yet. */
export interface OtherStatement {
  /** The validator that is said to have signed it. */
  readonly validator: Address;
  readonly digest: Hex;
  readonly signature: Hex;
  /** The first field in which it differs from this one, in words; undefined if it is the same. */
  readonly difference: string | undefined;
}

/** The chain and Treasury that a deployment's statements are signed for. */
export function domainOf({ deployment, contracts }: Pick<Connection, "deployment" | "contracts">): SigningDomain {
  return { chainId: deployment.chainId, treasury: contracts.treasury.address };
}

/** The statement of a settlement or a repost that this machine computed. */
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
