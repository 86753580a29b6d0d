import { useEffect, useState } from "preact/hooks";

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
