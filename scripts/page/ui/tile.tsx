import { type ComponentChildren } from "preact";

/** One figure with its name, and below it what it is made of. Stands in a `<dl class="tiles">`. */
export function Tile({
  name,
  children,
  because,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly because?: ComponentChildren;
}) {
  return (
    <div class="card tile">
      <dt>{name}</dt>
      <dd>{children}</dd>
      {because === undefined ? null : <dd class="because">{because}</dd>}
    </div>
  );
}
