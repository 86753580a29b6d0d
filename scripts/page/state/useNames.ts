import { useCallback, useRef, useState } from "preact/hooks";
import { getNames } from "../api/lists";
import { useReading } from "./useReading";

/**
 * What accounts call themselves, unverified; empty where that is not known. Those whose names were looked up once are asked for
 * together, and again with each version.
 */
export function useNames(version: string): (address: string) => string {
  const wanted = useRef(new Set<string>());
  const [count, setCount] = useState(0);
  const reading = useReading("names", `${version}-${count}`, () => getNames([...wanted.current]));
  const names = reading.kind === "ready" ? reading.value : none;
  return useCallback(
    (address) => {
      const account = address.toLowerCase();
      if (!wanted.current.has(account)) {
        wanted.current.add(account);
        setTimeout(() => {
          setCount(wanted.current.size);
        });
      }
      return names.get(account) ?? "";
    },
    [names],
  );
}

const none: ReadonlyMap<string, string> = new Map();
