import { type PageSettings } from "./buildPage";

/** An address that browsers could not use. */
export class PageUrlError extends Error {
  override readonly name = "PageUrlError";
}

const thisMachine: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * The page's settings.
 * @param given As typed; what is missing is left out.
 * @param serverEndpoint What the server itself reads from. The page gets it only if it is a node on this machine: any
 * other may hold a key in its address.
 * @throws PageUrlError where what was given is no http(s) address.
 */
export function pageSettingsOf(
  given: { readonly rpcUrl?: string | undefined; readonly explorerUrl?: string | undefined },
  serverEndpoint: string,
): PageSettings {
  const rpcUrl = given.rpcUrl ?? (isLocal(serverEndpoint) ? serverEndpoint : null);
  return {
    rpcUrl: rpcUrl && publicUrl("rpc-url", rpcUrl),
    explorerUrl: given.explorerUrl === undefined ? null : publicUrl("explorer-url", given.explorerUrl),
  };
}

function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && thisMachine.has(new URL(endpoint).hostname);
}

/** Without a slash at its end. */
function publicUrl(option: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, "");
  throw new PageUrlError(`--${option} must be an address that begins with http:// or https://, not "${url}".`);
}
