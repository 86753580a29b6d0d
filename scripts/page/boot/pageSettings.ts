/** What the server wrote into the page, on its `<html>` element: see `pageHtml` in scripts/page/serve. */
export interface PageSettings {
  /** Endpoint through which the page reads the chain; null where only a connected wallet can. */
  readonly rpcUrl: string | null;
  /** A block explorer's address without a slash at its end; null where the chain has none. */
  readonly explorerUrl: string | null;
}

/** Reads the settings from `document.documentElement`. */
export function readPageSettings({ dataset }: HTMLElement): PageSettings {
  return { rpcUrl: dataset.rpcUrl ?? null, explorerUrl: dataset.explorerUrl ?? null };
}
