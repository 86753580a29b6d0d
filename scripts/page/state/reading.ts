import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Chain, useApp } from "../context";
import { placeInTime, type PlaceInTime } from "../models/networkNow";
import { type ChainLink, chainNow, createReader, followChain, linkAfter, type ReadSource } from "./chainLink";
import { sentenceOf } from "../../show/refusalSentences";
import { type DeploymentFacts, getJson, getNames } from "../api";

/** Counts up every `milliseconds` while the page is visible. */
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

/** The chain's time in unix seconds, continuing every second; null until a block was seen. */
export function useChainNow(): number | null {
  const { chain } = useApp();
  useTick(1_000);
  return chain && chainNow(chain.head, Date.now());
}

/** Something that is read from elsewhere, and read again as time passes. */
export type Reading<T> =
  | { readonly kind: "loading" }
  /** `trouble` says why the value could not be read again, so that it is the last known one; null if it is current. */
  | { readonly kind: "ready"; readonly value: T; readonly trouble: string | null }
  | { readonly kind: "failed"; readonly trouble: string };

/**
 * Reads whenever `subject` or `version` changes. While a new version of the same subject is read, the old one stays, so
 * that nothing flickers; another subject starts from nothing. Answers that come late are dropped.
 * @param read Null while it can't be read yet.
 */
export function useReading<T>(
  subject: string,
  version: string | number | bigint,
  read: (() => Promise<T>) | null,
): Reading<T> {
  const [state, setState] = useState<{ readonly subject: string; readonly reading: Reading<T> }>();
  const newestAccepted = useRef(0);
  const asked = useRef(0);
  const isReadable = read !== null;
  useEffect(() => {
    if (read === null) return;
    asked.current += 1;
    const turn = asked.current;
    const accept = (change: (before: Reading<T>) => Reading<T>): void => {
      if (turn < newestAccepted.current) return;
      newestAccepted.current = turn;
      setState((before) => ({ subject, reading: change(before?.subject === subject ? before.reading : loading) }));
    };
    read().then(
      (value) => {
        accept(() => ({ kind: "ready", value, trouble: null }));
      },
      (error: unknown) => {
        const trouble = sentenceOf(error);
        accept((before) => (before.kind === "ready" ? { ...before, trouble } : { kind: "failed", trouble }));
      },
    );
  }, [subject, version, isReadable]);
  return state?.subject === subject ? state.reading : loading;
}

const loading = { kind: "loading" } as const;

/**
 * A reading of the chain, repeated at every new block.
 * @param version If given, it is repeated only when this changes.
 */
export function useChain<T>(
  subject: string,
  read: (chain: Chain) => Promise<T>,
  version?: string | number,
): Reading<T> {
  const { chain, version: newest } = useApp();
  return useReading(subject, version ?? newest, chain && (() => read(chain)));
}

/** The place of the chain's newest block in the network's time; null until a block was seen. */
export function usePlaceInTime(): PlaceInTime | null {
  const { chain, deployment } = useApp();
  return chain && placeInTime(deployment.clock, chainNow(chain.head, Date.now()));
}

/**
 * The API's answer at `path`, requested again as time passes.
 * @param path Null while it is not known what to ask.
 * @param version Requested again only when this changes; by default every few seconds and at every new block.
 */
export function useApi<T>(path: string | null, version?: string | number): Reading<T> {
  const { version: newest } = useApp();
  return useReading(path ?? "nothing", version ?? newest, path === null ? null : () => getJson<T>(path));
}

/**
 * The self-declared names of accounts, unverified; empty if unknown. All accounts that were ever looked up are
 * requested together, and again with each version.
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

/** Follows the chain while the component is mounted. @returns The state of the link, and the client behind it. */
export function useChainLink(source: ReadSource | null, deployment: DeploymentFacts) {
  const [link, setLink] = useState<ChainLink>({ kind: "asking" });
  const reader = useMemo(() => source && createReader(source), [source]);
  useEffect(() => {
    if (reader === null) {
      setLink({ kind: "noEndpoint" });
      return;
    }
    setLink({ kind: "asking" });
    return followChain(reader, deployment, (look) => {
      setLink((before) => linkAfter(before, look, Date.now()));
    });
  }, [reader, deployment]);
  return { link, reader };
}
