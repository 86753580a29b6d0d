/** The two things that validators sign, each with how it is signed, and how it is written down. */
import { type Address, type Hex, type TypedDataDefinition } from "viem";
import { type JsonObject } from "../../../core/canonicalJson";
import { type Settlement } from "../../../core/settlement";
import {
  readSignedRepost,
  readSignedSettlement,
  writeSignedRepost,
  writeSignedSettlement,
  type RepostMessage,
  repostTypedData,
  settlementTypedData,
  type SigningDomain,
} from "../../../keeper/quorum/signedSettlement";

/** A message with a validator's signature. */
export interface SignedMessage<T> {
  readonly message: T;
  readonly validator: Address;
  readonly signature: Hex;
}

/** What can be done with messages of one kind. */
export interface Form<T> {
  readonly what: "settlement" | "repost";
  readonly typedData: (domain: SigningDomain, message: T) => TypedDataDefinition;
  /** @throws RefusedInputError */
  readonly read: (json: unknown, at: string) => SignedMessage<T>;
  readonly write: (signed: SignedMessage<T>) => JsonObject;
}

export const settlementForm: Form<Settlement> = {
  what: "settlement",
  typedData: settlementTypedData,
  read(json, at) {
    const { settlement: message, ...rest } = readSignedSettlement(json, at);
    return { message, ...rest };
  },
  write: ({ message: settlement, ...rest }) => writeSignedSettlement({ settlement, ...rest }),
};

export const repostForm: Form<RepostMessage> = {
  what: "repost",
  typedData: repostTypedData,
  read(json, at) {
    const { repost: message, ...rest } = readSignedRepost(json, at);
    return { message, ...rest };
  },
  write: ({ message: repost, ...rest }) => writeSignedRepost({ repost, ...rest }),
};
