import { type ComponentChildren } from "preact";

/** A status in a word or two; the word says it, the colour only repeats it. */
export function Badge({
  tone,
  children,
}: {
  readonly tone: "good" | "warn" | "bad" | "plain";
  readonly children: ComponentChildren;
}) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}
