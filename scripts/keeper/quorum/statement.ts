/** What validators are asked to have signed: a settlement or a repost, as this machine computed it. */
import { type Address, hashTypedData, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type Settlement } from "../../core/settlement";
import {
  readSignedRepost,
  readSignedSettlement,
  type RepostMessage,
  repostTypedData,
  type SigningDomain,
  settlementTypedData,
} from "./signedSettlement";

/** A statement of one epoch that many are to sign. */
export interface Statement {
  /** Where a validator's node serves what it signed. */
  readonly path: string;
  /** What a signature is over (EIP-712). */
  readonly digest: Hex;
  /**
   * Reads what somebody else signed.
   * @throws RefusedInputError naming the first field that is not as it should be.
   */
  readonly read: (json: unknown) => OtherStatement;
}

/** A statement that somebody shows with a signature; that it is one has not been looked at. */
export interface OtherStatement {
  /** For whom it is said to be signed. */
  readonly validator: Address;
  readonly digest: Hex;
  readonly signature: Hex;
  /** The first field in which it differs from this one, in words; undefined where it is the same. */
  readonly difference: string | undefined;
}

/** What the statements of a deployment are signed for. */
export function domainOf({ deployment, contracts }: Pick<Connection, "deployment" | "contracts">): SigningDomain {
  return { chainId: deployment.chainId, treasury: contracts.treasury.address };
}

/** A settlement as a statement. */
export function settlementStatement(domain: SigningDomain, settlement: Settlement): Statement {
  const digestOf = (one: Settlement): Hex => hashTypedData(settlementTypedData(domain, one));
  return {
    path: `/v1/settlements/${settlement.epoch}`,
    digest: digestOf(settlement),
    read(json) {
      const { settlement: other, validator, signature } = readSignedSettlement(json);
      return { validator, digest: digestOf(other), signature, difference: difference(settlement, other) };
    },
  };
}

/** A repost as a statement. */
export function repostStatement(domain: SigningDomain, repost: RepostMessage): Statement {
  const digestOf = (one: RepostMessage): Hex => hashTypedData(repostTypedData(domain, one));
  return {
    path: `/v1/reposts/${repost.epoch}`,
    digest: digestOf(repost),
    read(json) {
      const { repost: other, validator, signature } = readSignedRepost(json);
      return { validator, digest: digestOf(other), signature, difference: difference(repost, other) };
    },
  };
}

function difference<T extends object>(own: T, other: T): string | undefined {
  const field = (Object.keys(own) as (keyof T & string)[]).find((name) => own[name] !== other[name]);
  return field && `its ${field} is ${String(other[field])} instead of ${String(own[field])}`;
}
