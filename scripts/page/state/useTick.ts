import { useEffect, useState } from "preact/hooks";

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
