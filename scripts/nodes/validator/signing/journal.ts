/** A validator's signatures, epoch by epoch. They are written to files before anyone else sees them, and served. */
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { type Address, hashTypedData, type Hex, recoverAddress } from "viem";
import { z } from "zod";
import { type JsonObject } from "../../../core/canonicalJson";
import { readStrict, RefusedInputError } from "../../../core/strictJson";
import { UnreadableFileError, readOwnJson, setAside } from "../../../keeper/archive/jsonFile";
import { writeWhole } from "../../../keeper/archive/textFile";
import { type SigningDomain, type Form, type SignedMessage } from "../../../keeper/quorum/statements";

/** One signature, and what it rests on. */
export interface JournalEntry<T> extends SignedMessage<T> {
  /** The account whose key signed. */
  readonly signer: Address;
  readonly digest: Hex;
  /** The final block as of which the message was computed. */
  readonly block: bigint;
  readonly blockHash: Hex;
  /** The settlements before the epoch, in words. */
  readonly before: string;
  /** Why it was signed again; null for an epoch's first signature. */
  readonly because: string | null;
}

const hex = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-fA-F]*$/.test(text));
const schema = z.strictObject({
  entries: z.array(
    z.strictObject({
      signed: z.unknown(),
      signer: hex,
      digest: hex,
      block: z.string().regex(/^\d+$/).transform(BigInt),
      blockHash: hex,
      before: z.string(),
      because: z.string().nullable(),
    }),
  ),
});

/** Maximum size of a file in bytes: more signatures than anyone gives for an epoch. */
const mostBytes = 1 << 20;

/** Most epochs that are kept in memory, for clients that ask again and again. */
const rememberedEpochs = 32;

/** The signatures of one validator over messages of one kind. */
export class Journal<T extends { readonly epoch: bigint }> {
  readonly #remembered = new Map<number, readonly JournalEntry<T>[]>();

  /**
   * @param directory The deployment's data directory.
   * @param onSetAside Called with one sentence about a file that can't be used.
   */
  constructor(
    private readonly form: Form<T>,
    private readonly directory: string,
    private readonly validator: Address,
    private readonly domain: SigningDomain,
    private readonly onSetAside: (sentence: string) => void,
  ) {}

  /** Every signature for an epoch, the newest last. An unusable file is set aside. */
  async entries(epoch: number): Promise<readonly JournalEntry<T>[]> {
    const known = this.#remembered.get(epoch);
    if (known !== undefined) return known;
    const path = this.#fileOf(epoch);
    try {
      const json = readOwnJson(path, mostBytes);
      const entries = json === undefined ? [] : await this.#read(json, epoch);
      if (entries.length > 0) this.#remember(epoch, entries);
      return entries;
    } catch (error) {
      if (!(error instanceof UnreadableFileError) && !(error instanceof RefusedInputError)) throw error;
      this.onSetAside(
        setAside(path, error instanceof UnreadableFileError ? error.problem : "is not this validator's journal"),
      );
      return [];
    }
  }

  /** Appends a signature to those of its epoch, on the disk. */
  async add(entry: JournalEntry<T>): Promise<void> {
    const epoch = Number(entry.message.epoch);
    const entries = [...(await this.entries(epoch)), entry];
    const json = { entries: entries.map((one) => this.#write(one)) };
    await writeWhole(this.#fileOf(epoch), [`${JSON.stringify(json, null, 2)}\n`]);
    this.#remember(epoch, entries);
  }

  /** The newest signature for an epoch as others receive it; undefined if nothing was signed. */
  async served(epoch: number): Promise<JsonObject | undefined> {
    const newest = (await this.entries(epoch)).at(-1);
    return newest && this.form.write(signedPart(newest));
  }

  #fileOf(epoch: number): string {
    return join(this.directory, "signed", this.validator.toLowerCase(), `${this.form.what}-${epoch}.json`);
  }

  #remember(epoch: number, entries: readonly JournalEntry<T>[]): void {
    this.#remembered.delete(epoch);
    this.#remembered.set(epoch, entries);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > rememberedEpochs) this.#remembered.delete(oldest!);
  }

  #write(entry: JournalEntry<T>): JsonObject {
    const { signer, digest, block, blockHash, before, because } = entry;
    const signed = this.form.write(signedPart(entry));
    return { signed, signer, digest, block: block.toString(), blockHash, before, because };
  }

  /** Doesn't trust the disk: each signature must be its signer's, for this validator and epoch. */
  async #read(json: unknown, epoch: number): Promise<readonly JournalEntry<T>[]> {
    const { entries } = readStrict(schema, json, "");
    return Promise.all(
      entries.map(async ({ signed, ...rest }, i) => {
        const at = `entries[${i}].signed`;
        const entry = { ...rest, ...this.form.read(signed, at) };
        const { message, validator, digest, signature, signer } = entry;
        const isOwn = message.epoch === BigInt(epoch) && validator === this.validator;
        const isWhole = digest === hashTypedData(this.form.typedData(this.domain, message));
        const signedBy = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
        if (!isOwn || !isWhole || signedBy !== signer) throw new RefusedInputError(at, "differs from what was signed");
        return entry;
      }),
    );
  }
}

function signedPart<T>({ message, validator, signature }: SignedMessage<T>): SignedMessage<T> {
  return { message, validator, signature };
}

/** Signatures of one kind, as they are served to everyone. */
interface Served {
  served(epoch: number): Promise<JsonObject | undefined>;
  /** Why signing an epoch is refused; undefined if it is not. */
  refusalOf(epoch: number): string | undefined;
}

/**
 * `GET /v1/settlements/{epoch}` and `GET /v1/reposts/{epoch}`: 200 with the message that this validator signed and its
 * signature; 404 if it signed nothing, with `reason` if it refuses to; 400 if the epoch is not a whole number.
 * @param onFailure Called with errors of this node; strangers get only a 503.
 */
export function signedRoutes(settlements: Served, reposts: Served, onFailure: (error: unknown) => void): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    onFailure(error);
    return c.json({ error: "This node can't answer now: try again later." }, 503);
  });
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
