import { useEffect, useState } from "preact/hooks";
import { useApp } from "../context";
import { chainNow } from "./chainLink";

/** Counts up every so many milliseconds while somebody is looking at the page. */
export function useTick(milliseconds: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setCount((before) => before + 1);
    }, milliseconds);
    return () => {
      clearInterval(timer);
    };
  }, [milliseconds]);
  return count;
}

/** The part of the page's address from "#" on, as it changes. */
export function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = (): void => {
      setHash(location.hash);
    };
    addEventListener("hashchange", listener);
    return () => {
      removeEventListener("hashchange", listener);
    };
  }, []);
  return hash;
}

/** Names the browser's tab, and what a screen reader says on arrival. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ModernTensor`;
  }, [title]);
}

/** The chain's time in unix seconds, continuing every second; null while no block was seen. */
export function useChainNow(): number | null {
  const { chain } = useApp();
  useTick(1_000);
  return chain && chainNow(chain.head, Date.now());
}
