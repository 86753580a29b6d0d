import { type Address } from "viem";
import { type Connection } from "../../chain/connection";
import { holdsRole } from "../../chain/roles";
import { chooseSigners, type Quorum, signedWeiOf } from "./chooseSigners";
import { type Electorate, type EpochSigner, readElectorate } from "./electorate";
import { askingRulesOf, gather, type GatherOptions, type KnownAnswers, type Unsigned } from "./gather";
import { type Statement } from "./statement";

/** Why there is no quorum. */
export interface QuorumGap {
  readonly signedWei: bigint;
  /** Null where the epoch's whole stake is below the floor. */
  readonly neededWei: bigint | null;
  /** Who has not signed, the heaviest first. */
  readonly missing: readonly Unsigned[];
  /** From when a keeper may do without a quorum, unix seconds. */
  readonly soloFrom: number;
}

/** What came of asking validators for their signatures. */
export type Collected =
  | { readonly kind: "quorum"; readonly quorum: Quorum }
  /** With the signatures that are here, so that they need not be asked for again. */
  | { readonly kind: "gap"; readonly gap: QuorumGap; readonly known: KnownAnswers };

/** How signatures are collected. */
export interface CollectOptions extends Pick<GatherOptions, "known" | "stopping"> {
  /** Validators that are not asked: their contracts' word could not be relied on. */
  readonly leftOut?: ReadonlySet<Address>;
}

/** Collects signatures until there is a quorum, or everybody was asked. */
export async function collectQuorum(
  connection: Connection,
  { signers, neededWei, soloFrom }: Electorate,
  statement: Statement,
  { leftOut = new Set(), ...options }: CollectOptions,
): Promise<Collected> {
  if (neededWei === null) {
    return { kind: "gap", gap: { signedWei: 0n, neededWei, missing: [], soloFrom }, known: new Map() };
  }
  const rules = { ...askingRulesOf(connection), enoughWei: neededWei, ...options };
  const isAsked = ({ validator }: EpochSigner): boolean => !leftOut.has(validator);
  const { signed, unsigned } = await gather(connection, signers.filter(isAsked), statement, rules);
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

/** The sender needs nobody's signature, from a moment on that has come (unix seconds). */
interface Alone {
  readonly kind: "alone";
  readonly since: number;
}

/** Finds out whether a sender may do without signatures, and collects them where it may not. */
export async function seekLeave(
  connection: Connection,
  { account, epoch, now }: Sender,
  statement: Statement,
  options: CollectOptions,
): Promise<Alone | Collected> {
  const [electorate, isKeeper] = await Promise.all([
    readElectorate(connection, epoch),
    holdsRole(connection, "keeper", account),
  ]);
  if (isKeeper && now >= electorate.soloFrom) return { kind: "alone", since: electorate.soloFrom };
  return collectQuorum(connection, electorate, statement, options);
}
