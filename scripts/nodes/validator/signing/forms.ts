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
import { type Context, Hono } from "hono";

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

/** Signatures of one kind, as anybody may have them. */
interface Served {
  served(epoch: number): Promise<JsonObject | undefined>;
  /** Why nothing is signed for an epoch; undefined where that is not refused. */
  refusalOf(epoch: number): string | undefined;
}

/**
 * `GET /v1/settlements/{epoch}` and `GET /v1/reposts/{epoch}`: 200 with what this validator signed and its signature; 404 where
 * it signed nothing, with `reason` where it refuses to; 400 where the epoch is no number.
 */
export function signedRoutes(settlements: Served, reposts: Served): Hono {
  const app = new Hono();
  app.onError((_error, c) => c.json({ error: "This node can't answer now: try again later." }, 503));
  app.get("/v1/settlements/:epoch", (c) => serve(c, settlements, "settlement"));
  app.get("/v1/reposts/:epoch", (c) => serve(c, reposts, "repost"));
  return app;
}

async function serve(c: Context, line: Served, what: string): Promise<Response> {
  c.header("Access-Control-Allow-Origin", "*");
  const text = c.req.param("epoch") ?? "";
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) return c.json({ error: "An epoch must be a whole number." }, 400);
  const epoch = Number(text);
  const reason = line.refusalOf(epoch);
  if (reason !== undefined) {
    return c.json({ error: `This validator does not sign the ${what} of epoch ${epoch}.`, reason }, 404);
  }
  const signed = await line.served(epoch);
  if (signed === undefined) return c.json({ error: `This validator has signed no ${what} of epoch ${epoch}.` }, 404);
  return c.json(signed, 200, { "Cache-Control": "no-cache" });
}
