import { type ComponentChildren } from "preact";

/** A fact by its name. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** A list of named facts. @param look The classes that say how it is laid out. */
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
