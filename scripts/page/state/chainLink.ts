import { type Head } from "./chainTime";

/** Why the chain that answers can't be shown. */
export type Misfit =
  | { readonly kind: "wrongChain"; readonly chainId: number }
  /** The right chain id, but no contracts: a development node that was started anew. */
  | { readonly kind: "empty" };

/** What one look at the chain found. */
export type Look =
  | Misfit
  | { readonly kind: "unreachable" }
  | { readonly kind: "block"; readonly number: bigint; readonly timestamp: bigint };

/** How the page hears of the chain. */
export type ChainLink =
  /** The page has no endpoint, and no wallet is connected that could read for it. */
  | { readonly kind: "noEndpoint" }
  | { readonly kind: "asking" }
  | { readonly kind: "unreachable" }
  | Misfit
  | { readonly kind: "following"; readonly head: Head }
  /** Nothing has answered since `head`. */
  | { readonly kind: "lost"; readonly head: Head };

/**
 * The link after another look at the chain. The same block seen again changes nothing, so that time goes on from when it
 * was first seen.
 */
export function linkAfter(before: ChainLink, look: Look, nowMs: number): ChainLink {
  switch (look.kind) {
    case "wrongChain":
    case "empty":
      return look;
    case "unreachable":
      return before.kind === "following" || before.kind === "lost" ? { kind: "lost", head: before.head } : look;
    case "block": {
      const { number, timestamp } = look;
      if (before.kind === "following" && before.head.blockNumber === number) return before;
      return { kind: "following", head: { blockNumber: number, timestamp: Number(timestamp), seenAtMs: nowMs } };
    }
  }
}
