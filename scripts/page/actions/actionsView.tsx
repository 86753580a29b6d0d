/** What one can do: one action per part of the address, as in `#/do/stake`. */
export function ActionsView({ rest }: { readonly rest: readonly string[] }) {
  return <h1>{rest[0] ?? "Do"}</h1>;
}
