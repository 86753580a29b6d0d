import { type ComponentChildren } from "preact";
import { Notice } from "../layout/notice";
import { type Reading } from "../state/useReading";

/** What was read, once it is; why it can't be, where it can't; and what holds it up, where it is the last that could be read. */
export function Shown<T>({
  reading,
  what,
  children,
}: {
  readonly reading: Reading<T>;
  /** What is being read, to go after "Reading": "the validators". */
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}) {
  switch (reading.kind) {
    case "loading":
      return <p class="muted">Reading {what} …</p>;
    case "failed":
      return <Notice tone="warn">{`Can't show ${what}: ${reading.trouble}`}</Notice>;
    case "ready":
      return (
        <>
          {reading.trouble === null ? null : (
            <Notice tone="warn">{`This is what was last known of ${what}. ${reading.trouble}`}</Notice>
          )}
          {children(reading.value)}
        </>
      );
  }
}
