/** The network: where it stands, what it emits, who works in it. */
export function NetworkView({ rest }: { readonly rest: readonly string[] }) {
  return <h1>{rest[0] === undefined ? "Network" : `Epoch ${rest[0]}`}</h1>;
}
