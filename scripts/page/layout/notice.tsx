import { type ComponentChildren } from "preact";

/** A sentence that must not be missed; it is read aloud when it appears. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: "good" | "warn" | "bad";
  readonly children: ComponentChildren;
}) {
  return (
    <p class={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </p>
  );
}
