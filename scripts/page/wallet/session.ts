import { type Address, type EIP1193Provider } from "viem";

/** How a wallet introduces itself: EIP-6963's `EIP6963ProviderInfo`. */
interface WalletInfo {
  /** Unique for one page load. */
  readonly uuid: string;
  readonly name: string;
  /** A `data:` image, or empty if the wallet gave none that could be shown without asking a third party. */
  readonly icon: string;
  /** Reverse domain name, the same in every page load: used to remember a wallet. */
  readonly rdns: string;
}

/** A wallet on this page, and the EIP-1193 provider to talk to it. */
export interface AnnouncedWallet {
  readonly info: WalletInfo;
  readonly provider: EIP1193Provider;
}

/** Whose account the page shows, and whether it can sign. */
export type Session =
  | { readonly kind: "nobody"; readonly notice: string | null }
  | { readonly kind: "connecting"; readonly wallet: AnnouncedWallet }
  /** Read-only: any address can be looked at, and nothing signed. */
  | { readonly kind: "watching"; readonly account: Address }
  | {
      readonly kind: "connected";
      readonly wallet: AnnouncedWallet;
      readonly account: Address;
      /** The chain that the wallet is on, which may differ from the page's. */
      readonly chainId: number;
    };

/** What can happen to a session. */
export type SessionEvent =
  | { readonly kind: "askedToConnect"; readonly wallet: AnnouncedWallet }
  | Extract<Session, { readonly kind: "connected" }>
  | { readonly kind: "failed"; readonly sentence: string }
  | { readonly kind: "accountsChanged"; readonly accounts: readonly Address[] }
  | { readonly kind: "chainChanged"; readonly chainId: number }
  | { readonly kind: "disconnected" }
  | { readonly kind: "watched"; readonly account: Address };

/** Before anyone has connected. */
export const nobody: Session = { kind: "nobody", notice: null };

/** The session after an event. It ends if the wallet no longer shares an account (locked, or disconnected there). */
export function nextSession(session: Session, event: SessionEvent): Session {
  switch (event.kind) {
    case "askedToConnect":
      return { kind: "connecting", wallet: event.wallet };
    case "connected":
      return event;
    case "failed":
      return { kind: "nobody", notice: event.sentence };
    case "disconnected":
      return nobody;
    case "watched":
      return { kind: "watching", account: event.account };
    case "accountsChanged": {
      if (session.kind !== "connected") return session;
      const [account] = event.accounts;
      if (account !== undefined) return { ...session, account };
      return { kind: "nobody", notice: `${session.wallet.info.name} no longer shares an account. Connect again.` };
    }
    case "chainChanged":
      return session.kind === "connected" ? { ...session, chainId: event.chainId } : session;
  }
}

/** The connected wallet's account; `undefined` if nothing can be signed. */
export function signerOf(session: Session): Address | undefined {
  return session.kind === "connected" ? session.account : undefined;
}

/** The account whose page this is; `undefined` if there is none. */
export function accountOf(session: Session): Address | undefined {
  return session.kind === "connected" || session.kind === "watching" ? session.account : undefined;
}
