/** Why a wallet did not do what it was asked. */
export type WalletRefusal =
  /** The person said no. */
  | "rejected"
  /** A question of this page is open in the wallet already. */
  | "busy"
  /** The wallet does not know the chain: it can be added. */
  | "unknownChain"
  /** The wallet has no such method. */
  | "unsupported"
  /** The wallet does not let this page use the account. */
  | "unauthorized"
  /** The wallet has lost its connection to the chain. */
  | "offline";

/** Codes of EIP-1193, EIP-1474 and EIP-3326, and the one that MetaMask gives while a question is open. */
const refusalByCode: Readonly<Record<number, WalletRefusal>> = {
  4001: "rejected",
  5000: "rejected",
  4100: "unauthorized",
  4200: "unsupported",
  4900: "offline",
  4901: "offline",
  4902: "unknownChain",
  [-32002]: "busy",
  [-32004]: "unsupported",
  [-32601]: "unsupported",
};

/** The sentence for a refusal, with what can be done about it. */
const sentences: Readonly<Record<WalletRefusal, string>> = {
  rejected: "You declined in your wallet; nothing was sent. You can try again at any time.",
  busy: "Your wallet is still waiting for an earlier answer: open it and answer that request first.",
  unknownChain: "Your wallet does not know this network: add it first.",
  unsupported: "Your wallet can't do this: use another wallet.",
  unauthorized: "Your wallet no longer lets this page use the account: connect again.",
  offline: "Your wallet has no connection to the chain: check its network, then try again.",
};

/**
 * The refusal inside whatever a provider or viem threw; `undefined` where the wallet is not to blame.
 * Wallets wrap their errors, and viem wraps them again: the outermost code that is known decides.
 */
export function walletRefusalOf(error: unknown): WalletRefusal | undefined {
  for (let cause = error, depth = 0; isObject(cause) && depth < 10; depth += 1) {
    const refusal = typeof cause.code === "number" ? refusalByCode[cause.code] : undefined;
    if (refusal !== undefined) return refusal;
    cause = cause.cause ?? (isObject(cause.data) ? cause.data.originalError : undefined);
  }
  return undefined;
}

/** What to say to the person. */
export function walletSentence(refusal: WalletRefusal): string {
  return sentences[refusal];
}

function isObject(
  value: unknown,
): value is { code?: unknown; cause?: unknown; data?: unknown; originalError?: unknown } {
  return typeof value === "object" && value !== null;
}
