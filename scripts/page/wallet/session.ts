import { type Address, type EIP1193Provider } from "viem";

/** How a wallet introduces itself: EIP-6963's `EIP6963ProviderInfo`. */
interface WalletInfo {
  /** Unique for one page load. */
  readonly uuid: string;
  readonly name: string;
  /** A `data:` image, or empty if the wallet gave none that could be shown without asking a third party. */
  readonly icon: string;
  /** Reverse domain name, the same in every page load: by it a wallet is remembered. */
  readonly rdns: string;
}

/** A wallet on this page, and the EIP-1193 provider by which one talks to it. */
export interface AnnouncedWallet {
  readonly info: WalletInfo;
  readonly provider: EIP1193Provider;
}

/** Through whose eyes the page is seen, and whether it can sign. */
export type Session =
  | { readonly kind: "nobody"; readonly notice: string | null }
  | { readonly kind: "connecting"; readonly wallet: AnnouncedWallet }
  /** Read-only: any address can be looked at, and nothing signed. */
  | { readonly kind: "watching"; readonly account: Address }
  | {
      readonly kind: "connected";
      readonly wallet: AnnouncedWallet;
      readonly account: Address;
      /** The chain that the wallet is on, whatever the page's is. */
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

/** The session after an event. A wallet that takes its accounts away (locks itself, or is disconnected there) ends it. */
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

/** Whose wallet is connected; `undefined` where nothing could be signed. */
export function signerOf(session: Session): Address | undefined {
  return session.kind === "connected" ? session.account : undefined;
}

/** Whose page this is; `undefined` while it is nobody's. */
export function accountOf(session: Session): Address | undefined {
  return session.kind === "connected" || session.kind === "watching" ? session.account : undefined;
}
