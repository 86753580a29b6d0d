import { useApp } from "../context";
import { chainNow } from "./chainTime";
import { useTick } from "./useTick";

/** The chain's time in unix seconds, going on every second; null while no block was seen. */
export function useChainNow(): number | null {
  const { chain } = useApp();
  useTick(1_000);
  return chain && chainNow(chain.head, Date.now());
}
