/** The parameters of the script in the page. */
interface Announcement {
  /** The function on `window` that asks the test's process. */
  readonly binding: string;
  readonly name: string;
  readonly way: "announced" | "legacy";
}

type Listener = (value: unknown) => void;

interface Reply {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Runs inside the page, before its own scripts: an EIP-1193 provider that passes everything on to the test's process. */
export function announceTestWallet({ binding, name, way }: Announcement): void {
  const page = globalThis as unknown as EventTarget & Record<string, unknown>;
  const listeners = new Map<string, Set<Listener>>();
  const listenersOf = (event: string): Set<Listener> => {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known);
    return known;
  };
  const provider = {
    async request({ method, params = [] }: { readonly method: string; readonly params?: unknown }): Promise<unknown> {
      const ask = page[binding] as (request: object) => Promise<Reply>;
      const { result, error } = await ask({ method, params: Array.isArray(params) ? params : [params] });
      if (error === undefined) return result;
      throw Object.assign(new Error(error.message), { code: error.code, data: error.data });
    },
    on: (event: string, listener: Listener) => listenersOf(event).add(listener),
    removeListener: (event: string, listener: Listener) => listenersOf(event).delete(listener),
  };
  page.addEventListener("test-wallet", (event) => {
    const detail = (event as CustomEvent<{ wallet: string; event: string; value: unknown }>).detail;
    if (detail.wallet === name)
      listenersOf(detail.event).forEach((listener) => {
        listener(detail.value);
      });
  });
  if (way === "legacy") {
    page.ethereum = provider;
    return;
  }
  const icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='4' fill='%232f55c8'/%3E%3C/svg%3E";
  const info = Object.freeze({ uuid: `uuid of ${name}`, name, icon, rdns: `test.${name.replaceAll(" ", "")}` });
  const announce = (): void => {
    page.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  };
  page.addEventListener("eip6963:requestProvider", announce);
  announce();
}
