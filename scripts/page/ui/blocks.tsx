import { type ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useApp } from "../context";
import { type Reading } from "../state/reading";
import { type ChartData } from "../../show/charts/chartData";
import { drawChart } from "../charts/drawChart";

/** A view's heading, which also names the browser's tab. @param tab The tab's name, if it says more. */
export function Heading({ title, tab = title }: { readonly title: string; readonly tab?: string }) {
  useEffect(() => {
    document.title = `${tab} · ModernTensor`;
  }, [tab]);
  return <h1>{title}</h1>;
}

/** A part of a view with its heading, by which screen readers find it. */
export function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** A figure with its name, and an explanation. */
export type Figure = readonly [name: string, value: ComponentChildren, because: ComponentChildren];

/** Figures beside each other. @param look CSS classes for their layout. */
export function Tiles({ figures, look = "" }: { readonly figures: readonly Figure[]; readonly look?: string }) {
  return (
    <dl class={`tiles ${look}`}>
      {figures.map(([name, value, because]) => (
        <div key={name} class="card tile">
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd class="because">{because}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A list to choose one from. @param options Values and their labels. */
export function Select({
  label,
  value,
  options,
  onSelect,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onSelect: (value: string) => void;
}) {
  return (
    <label class="find">
      {label}{" "}
      <select
        value={value}
        onInput={({ currentTarget }) => {
          onSelect(currentTarget.value);
        }}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A fact with its name. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** A list of named facts. @param look CSS classes for its layout. */
export function FactList({ facts, look }: { readonly facts: readonly Fact[]; readonly look: string }) {
  return (
    <dl class={look}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Toned<Other = never> {
  readonly tone: "good" | "warn" | "bad" | Other;
  readonly children: ComponentChildren;
}

/** A status in a word or two; the word says it, the colour only repeats it. */
export function Badge({ tone, children }: Toned<"plain">) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

/** A value once it is read, or why it can't be read; also why it is not current, if it is the last known one. */
export function Shown<T>({
  reading,
  what,
  rows,
  children,
}: {
  readonly reading: Reading<T>;
  /** What is being read, to go after "Reading": "the validators". */
  readonly what: string;
  /** Expected height while loading, in rows of a table. */
  readonly rows?: number | undefined;
  readonly children: (value: T) => ComponentChildren;
}) {
  // The layout already reports trouble with the server or the chain: each answer need not repeat it.
  const isSaid = useApp().trouble !== null;
  switch (reading.kind) {
    case "loading":
      return <Loading what={what} rows={rows} />;
    case "failed":
      return isSaid ? <Loading what={what} /> : <Notice tone="warn">{`Can't show ${what}: ${reading.trouble}`}</Notice>;
    case "ready":
      return (
        <>
          {reading.trouble === null || isSaid ? null : (
            <Notice tone="warn">{`Showing the last known state of ${what}. ${reading.trouble}`}</Notice>
          )}
          {children(reading.value)}
        </>
      );
  }
}

/** A placeholder for something that can't be shown yet: grey rows to see, a sentence for screen readers. */
export function Loading({ what, rows = 3 }: { readonly what: string; readonly rows?: number | undefined }) {
  // If the layout already reports trouble, there is nothing to wait for.
  if (useApp().trouble !== null) return <p class="card muted">Can't show {what} now.</p>;
  return (
    <p class="card loading" style={`--rows: ${rows}`}>
      <span class="hidden">Loading {what} …</span>
    </p>
  );
}

/** A sentence that must not be missed; it is read aloud when it appears. */
export function Notice({ tone, children }: Toned) {
  return (
    <p class={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </p>
  );
}

/** A chart, drawn again when `chart` changes. */
export function Chart({ chart }: { readonly chart: ChartData }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawn = drawChart(container.current!, chart);
    return () => {
      drawn.destroy();
    };
  }, [chart]);
  return <div class="card" ref={container} />;
}
