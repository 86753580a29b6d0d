import { useApp } from "../context";
import { shortHex } from "../../show/addresses";

/** A transaction's hash, with a link where the chain has an explorer. */
export function TransactionLink({ hash }: { readonly hash: string }) {
  const { explorerUrl } = useApp().settings;
  return explorerUrl === null ? (
    <code>{hash}</code>
  ) : (
    <a href={`${explorerUrl}/tx/${hash}`} title={hash}>
      {shortHex(hash)}
    </a>
  );
}
