const key = "moderntensor.wallet";

/** The wallet that was connected last, by its reverse domain name; null where none was, or nothing can be stored. */
export function rememberedWallet(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a wallet for the next visit, or none. A browser that stores nothing just asks again then. */
export function rememberWallet(rdns: string | null): void {
  try {
    if (rdns === null) localStorage.removeItem(key);
    else localStorage.setItem(key, rdns);
  } catch {
    return;
  }
}
