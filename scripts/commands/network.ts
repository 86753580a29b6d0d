import { networkNames } from "../config/loadNetworkConfig";

/** Where a command runs. */
export interface Context {
  /** Every endpoint of the chain. */
  readonly endpoints: readonly string[];
  /** The network that --network names; undefined where it names none. */
  readonly network: string | undefined;
}

/** A command's arguments, with the network that its host read. */
export function contextOf(network: string | boolean | undefined): Context {
  return {
    endpoints: endpointsOf(process.env.MDT_RPC_URL),
    network: network === "localhost" ? "local" : typeof network === "string" ? network : undefined,
  };
}

/** Where a development node listens. */
const developmentEndpoint = "http://127.0.0.1:8545";

/** The endpoints that MDT_RPC_URL names, separated by commas, also ones that begin with ws; else the node on this machine. */
export function endpointsOf(rpcUrls: string | undefined): readonly string[] {
  const named = (rpcUrls ?? "")
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
  return named.length > 0 ? named : [developmentEndpoint];
}

/** The one endpoint for programs that take a single one, over HTTP. */
export function httpEndpointOf(rpcUrls: string | undefined): string {
  return endpointsOf(rpcUrls).find((url) => url.startsWith("http")) ?? developmentEndpoint;
}

/** What is wrong with the value of --network, in one sentence; undefined where nothing is. */
export function complaintAboutNetwork(name: string | boolean | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name === "boolean") return "--network needs a value after it.";
  const known = networkNames();
  if (name === "localhost" || known.includes(name)) return undefined;
  return `Unknown network "${name}". Networks in scripts/config: ${known.join(", ")}; localhost means local.`;
}
