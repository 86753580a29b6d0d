/** Chains as wallets know them, by chain id. */
const names: Readonly<Record<number, string>> = {
  1: "Ethereum",
  10: "OP Mainnet",
  56: "BNB Smart Chain",
  100: "Gnosis",
  137: "Polygon",
  324: "ZKsync Era",
  8453: "Base",
  42161: "Arbitrum One",
  43114: "Avalanche",
  59144: "Linea",
  84532: "Base Sepolia",
  421614: "Arbitrum Sepolia",
  534352: "Scroll",
  11155111: "Sepolia",
  11155420: "OP Sepolia",
};

/**
 * What a chain is called: as wallets know it, else as configured. A configuration that was made for another chain and tried on
 * this one gives it no name: no wallet must learn of a development node as of "Ethereum".
 */
export function chainNameOf(chainId: number, configured: string): string {
  const isAnothers = Object.values(names).some((name) => name.toLowerCase() === configured.toLowerCase());
  return names[chainId] ?? (isAnothers ? `Chain ${chainId}` : configured);
}
