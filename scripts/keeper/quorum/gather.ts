/**
 * Asks validators' nodes for their signatures until there is a quorum. A node is believed only as far as its signature
 * goes.
 */
import { type Address } from "viem";
import { z } from "zod";
import { type AskingRules, askEndpoint, askingProblem, withEitherSignal } from "../../chain/askEndpoint";
import { validatorEndpoint, holdsRole } from "../../chain/participants";
import { type Connection } from "../../chain/connection";
import { parseJson, RefusedInputError } from "../../core/strictJson";
import { type Signature, signedWeiOf, chooseSigners, type Quorum } from "./chooseSigners";
import { type EpochSigner, signedBy, type Electorate, readElectorate } from "./electorate";
import { maxSignedBytes, type OtherStatement, type Statement } from "./statements";

/** A validator that has not signed what was computed here. */
export interface Unsigned extends EpochSigner {
  /** Whether it signed something else. */
  readonly differs: boolean;
  /** What it did instead, as the rest of a sentence that begins with its address. */
  readonly reason: string;
}

/** What validators answered. */
export interface Gathered {
  readonly signed: readonly Signature[];
  readonly unsigned: readonly Unsigned[];
}

/** Signed statements from validators' nodes, as JSON values. */
export type KnownAnswers = ReadonlyMap<Address, unknown>;

/** How validators are asked. */
export interface GatherOptions extends Partial<AskingRules> {
  /** Earlier answers, by validator: validators with a valid signature among them are not asked again. */
  readonly known?: KnownAnswers;
  /** Once this much stake has signed, gathering ends after a short grace period. Missing: it waits for everyone. */
  readonly enoughWei?: bigint;
  readonly stopping?: AbortSignal;
}

/** Outside a local network, strangers may not name private addresses, such as this machine's. */
export const askingRulesOf = ({ deployment }: Pick<Connection, "deployment">): AskingRules => ({
  allowPrivate: deployment.choices.network === "local",
});

/** Long enough for some kilobytes from anywhere. */
const answerMilliseconds = 5_000;

/** Heavier validators may answer a little later, and make the transaction cheaper. */
const graceMilliseconds = 300;

/** Asks all of an epoch's validators at the same time, and checks each signature. */
export function gather(
  connection: Connection,
  signers: readonly EpochSigner[],
  statement: Statement,
  { known, enoughWei, stopping, ...changed }: GatherOptions = {},
): Promise<Gathered> {
  const rules = { ...askingRulesOf(connection), ...changed };
  const ending = new AbortController();
  return withEitherSignal([ending.signal, ...(stopping === undefined ? [] : [stopping])], async (signal) => {
    const signed: Signature[] = [];
    const unsigned: Unsigned[] = [];
    let grace: NodeJS.Timeout | undefined;
    const ask = async (signer: EpochSigner): Promise<void> => {
      const answer = await answerOf(connection, signer, statement, known?.get(signer.validator), rules, signal);
      if (!("signature" in answer)) return void unsigned.push(answer);
      signed.push(answer);
      if (enoughWei === undefined || signedWeiOf(signed) < enoughWei) return;
      grace ??= setTimeout(() => {
        ending.abort();
      }, graceMilliseconds);
    };
    try {
      await Promise.all(signers.map(ask));
    } finally {
      clearTimeout(grace);
      ending.abort();
    }
    return { signed, unsigned };
  });
}

async function answerOf(
  connection: Connection,
  signer: EpochSigner,
  statement: Statement,
  known: unknown,
  rules: AskingRules,
  stopping: AbortSignal,
): Promise<Signature | Unsigned> {
  const judge = (answer: unknown) => judgementOn(connection, signer, statement, answer);
  const before = known === undefined ? undefined : await judge(known);
  if (before !== undefined && "signature" in before) return before;
  const asked = await ask(connection, signer.validator, statement.path, rules, stopping);
  const now = asked.kind === "answer" ? await judge(asked.json) : { ...signer, differs: false, reason: asked.reason };
  return "signature" in now ? now : (before ?? now);
}

/** Judges an answer. If its signature is valid, what else it says does not matter. */
export async function judgementOn(
  connection: Connection,
  signer: EpochSigner,
  { digest, read }: Statement,
  answer: unknown,
): Promise<Signature | Unsigned> {
  const operator = await connection.contracts.staking.read.operatorOf([signer.validator]);
  const without = (reason: string, differs = false): Unsigned => ({ ...signer, differs, reason });
  let other: OtherStatement;
  try {
    other = read(answer);
  } catch (error) {
    if (error instanceof RefusedInputError)
      return without(`did not send a valid signed statement: ${plain(error.message)}`);
    throw error;
  }
  const { signature, difference } = other;
  const by = await signedBy(connection, operator, digest, signature);
  if (by !== undefined) return { ...signer, signature, by, answer };
  const isOfOther = difference !== undefined && (await signedBy(connection, operator, other.digest, signature));
  return isOfOther
    ? without(`signed something else: ${difference}`, true)
    : without("sent a signature that is not its operator's");
}

/** What a validator's node sent, or why it sent nothing, as the rest of a sentence that begins with the validator. */
type Asked =
  { readonly kind: "answer"; readonly json: unknown } | { readonly kind: "nothing"; readonly reason: string };

/** Asks a validator's node for what it signed, within limits of time and size. */
export async function ask(
  connection: Connection,
  validator: Address,
  path: string,
  rules: AskingRules,
  stopping: AbortSignal,
): Promise<Asked> {
  const nothing = (reason: string): Asked => ({ kind: "nothing", reason });
  const endpoint = await validatorEndpoint(connection, validator);
  if (endpoint === undefined) return nothing("has published no endpoint");
  const bounds = { timeoutMilliseconds: answerMilliseconds, ...rules };
  try {
    const { status, bytes } = await askEndpoint(endpoint, { path, mostBytes: maxSignedBytes }, bounds, stopping);
    const text = new TextDecoder().decode(bytes);
    if (status !== 200) return nothing(`answers ${status}${wordsIn(text)}`);
    return { kind: "answer", json: parseJson(text) };
  } catch (error) {
    const isNoJson = error instanceof SyntaxError || error instanceof RefusedInputError;
    return nothing(isNoJson ? "did not send JSON" : askingProblem(error));
  }
}

const refusal = z.object({ error: z.string(), reason: z.string().optional() });

/** Why a node has nothing to show, in its own words. */
function wordsIn(text: string): string {
  try {
    const { error, reason = error } = refusal.parse(JSON.parse(text));
    return `: ${plain(reason)}`;
  } catch {
    return "";
  }
}

const mostWords = 200;

/** A stranger's words, without characters that move a terminal's cursor, and shortened. */
function plain(words: string): string {
  return words.replaceAll(/[\p{C}\s]+/gu, " ").slice(0, mostWords);
}

/** Why there is no quorum. */
export interface QuorumGap {
  readonly signedWei: bigint;
  /** Null if the epoch's whole stake is below the floor. */
  readonly neededWei: bigint | null;
  /** Validators that have not signed, the heaviest first. */
  readonly missing: readonly Unsigned[];
  /** From when a keeper may settle or repost without a quorum, unix seconds. */
  readonly soloFrom: number;
}

/** The outcome of asking validators for their signatures. */
export type Collected =
  | { readonly kind: "quorum"; readonly quorum: Quorum }
  /** With the signatures so far, so that their validators need not be asked again. */
  | { readonly kind: "gap"; readonly gap: QuorumGap; readonly known: KnownAnswers };

/** How signatures are collected. */
export interface CollectOptions extends Pick<GatherOptions, "known" | "stopping"> {
  /** Validators that are not asked, because their contracts withdrew an approval. */
  readonly leftOut?: ReadonlySet<Address>;
}

/** Collects signatures until there is a quorum, or everyone was asked. */
export async function collectQuorum(
  connection: Connection,
  { signers, neededWei, soloFrom }: Electorate,
  statement: Statement,
  { leftOut = new Set(), ...options }: CollectOptions,
): Promise<Collected> {
  if (neededWei === null) {
    return { kind: "gap", gap: { signedWei: 0n, neededWei, missing: [], soloFrom }, known: new Map() };
  }
  const isAsked = ({ validator }: EpochSigner): boolean => !leftOut.has(validator);
  const { signed, unsigned } = await gather(connection, signers.filter(isAsked), statement, {
    enoughWei: neededWei,
    ...options,
  });
  const quorum = chooseSigners(signed, neededWei);
  if (quorum !== undefined) return { kind: "quorum", quorum };
  const reason = "has an operator contract that withdrew its approval when the settlement was sent";
  const unreliable = signers.filter((one) => !isAsked(one)).map((one) => ({ ...one, differs: false, reason }));
  const missing = [...unsigned, ...unreliable].toSorted((a, b) => (a.stakeWei > b.stakeWei ? -1 : 1));
  const known = new Map(signed.map(({ validator, answer }) => [validator, answer]));
  return { kind: "gap", gap: { signedWei: signedWeiOf(signed), neededWei, missing, soloFrom }, known };
}

/** Anyone who wants to send a statement. */
export interface Sender {
  readonly account: Address;
  readonly epoch: number;
  /** Unix seconds. */
  readonly now: number;
}

/** The sender needs no signatures: `since` is when that began, unix seconds. */
interface Alone {
  readonly kind: "alone";
  readonly since: number;
}

/** Finds out whether a sender may do without signatures, and collects them if it may not. */
export async function seekLeave(
  connection: Connection,
  { account, epoch, now }: Sender,
  statement: Statement,
  options: CollectOptions = {},
): Promise<Alone | Collected> {
  const [electorate, isKeeper] = await Promise.all([
    readElectorate(connection, epoch),
    holdsRole(connection, "keeper", account),
  ]);
  if (isKeeper && now >= electorate.soloFrom) return { kind: "alone", since: electorate.soloFrom };
  return collectQuorum(connection, electorate, statement, options);
}
