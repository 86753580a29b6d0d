import { useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../../show/refusalSentences";
import { getJson } from "../api/getJson";
import { useApp } from "../context";

/** Something that is read from elsewhere, and read again as time continues. */
export type Reading<T> =
  | { readonly kind: "loading" }
  /** `trouble` says why the value could not be read again: it is the last that could. */
  | { readonly kind: "ready"; readonly value: T; readonly trouble: string | null }
  | { readonly kind: "failed"; readonly trouble: string };

/**
 * Reads whenever `subject` or `version` changes. A new version of the same subject is read behind the old one, so that
 * nothing flickers; another subject starts from nothing. Answers that come late are dropped.
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
 * What the API answers at `path`, asked again as time continues.
 * @param path Null while it is not known what to ask.
 * @param version Asked again only when this changes; by default every few seconds and at every new block.
 */
export function useApi<T>(path: string | null, version?: string | number): Reading<T> {
  const { version: newest } = useApp();
  return useReading(path ?? "nothing", version ?? newest, path === null ? null : () => getJson<T>(path));
}
