import { EndpointFault } from "./endpointState";
import { descending } from "../../core/fixedPoint";

/** Which chain an endpoint leads to. */
interface Identity {
  readonly chainId: string;
  /** Hash of block 0. */
  readonly genesis: string;
}

/** What an endpoint reports when it is looked at. */
export interface HeadReport {
  readonly identity: Identity;
  readonly headBlock: bigint;
  /** Whether it could show the block that it claims as its head. */
  readonly showsHead: boolean;
  /** The head that it claimed before; null at the first look. */
  readonly previousHead: bigint | null;
}

/** The chain that a pool's endpoints must lead to. */
export interface AgreedChain {
  readonly identity: Identity;
  /** Whether more than half of all endpoints reported it at once: then it never changes. */
  readonly isCertain: boolean;
}

/**
 * The chain that most endpoints lead to; in a draw, the first of them. While few answer, it is believed only until more
 * do, so that one liar that answers first does not mislead the pool for ever.
 * @param before The agreement so far.
 * @param identities Those that the answering endpoints report now.
 * @param endpoints How many endpoints there are.
 */
export function agreedChain(
  before: AgreedChain | undefined,
  identities: readonly Identity[],
  endpoints: number,
): AgreedChain | undefined {
  if (before?.isCertain === true) return before;
  const votes = (candidate: Identity) => identities.filter((other) => isSame(candidate, other)).length;
  const [first, ...others] = identities;
  if (first === undefined) return before;
  const identity = others.reduce((best, next) => (votes(next) > votes(best) ? next : best), first);
  return { identity, isCertain: 2 * votes(identity) > endpoints };
}

/**
 * What is wrong with each endpoint compared to the others; null if nothing is. An endpoint lies if it can't show its
 * head, or if two others or more are far behind it and none is near: a majority is believed over one. It lags if it is
 * far behind a head that is not a lie.
 * @param lagBlocks How far apart honest heads may be; a reorganisation moves an honest head back by no more.
 */
export function judge(
  reports: readonly HeadReport[],
  chain: Identity,
  lagBlocks: number,
): readonly (EndpointFault | null)[] {
  const believable = reports.filter((one) => isSame(one.identity, chain) && one.showsHead);
  const heads = believable.map(({ headBlock }) => headBlock).sort(descending);
  const isConfirmed = (head: bigint) => {
    const farBehind = heads.filter((other) => head - other > BigInt(lagBlocks)).length;
    const isAlone = farBehind === heads.length - 1;
    return !isAlone || farBehind < 2;
  };
  const best = heads.find(isConfirmed) ?? 0n;
  return reports.map((report) => faultOf(report, chain, BigInt(lagBlocks), best));
}

function faultOf(
  { identity, headBlock, showsHead, previousHead }: HeadReport,
  chain: Identity,
  lagBlocks: bigint,
  best: bigint,
): EndpointFault | null {
  if (identity.chainId !== chain.chainId) {
    return new EndpointFault("otherChain", `is on chain ${BigInt(identity.chainId)}, not ${BigInt(chain.chainId)}`);
  }
  if (identity.genesis !== chain.genesis) {
    return new EndpointFault("otherChain", `has a different block 0, ${identity.genesis.slice(0, 10)}…`);
  }
  if (!showsHead)
    return new EndpointFault("unconfirmed", `reports block ${headBlock} as its newest but can't return it`);
  if (headBlock - best > lagBlocks) {
    return new EndpointFault(
      "unconfirmed",
      `reports block ${headBlock} as its newest, but no other endpoint is past ${best}`,
    );
  }
  if (previousHead !== null && previousHead - headBlock > lagBlocks) {
    return new EndpointFault("wentBackwards", `went back from block ${previousHead} to ${headBlock}`);
  }
  if (best - headBlock > lagBlocks) {
    return new EndpointFault("lags", `is at block ${headBlock}, ${best - headBlock} behind`);
  }
  return null;
}

function isSame(a: Identity, b: Identity): boolean {
  return a.chainId === b.chainId && a.genesis === b.genesis;
}
