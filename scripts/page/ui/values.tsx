import { getAddress } from "viem";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatMdt } from "../../show/amounts";
import { useApp } from "../context";
import { momentOf } from "../../show/moments";
import { signerOf } from "../wallet/session";

/**
 * An address, short and with its checksum, as a link to what the page knows of it; "you" where it is one's own. What the account
 * calls itself is unverified, so the address stays beside it.
 */
export function Account({ address: given }: { readonly address: string }) {
  const { nameOf, session } = useApp();
  const address = getAddress(given);
  const name = nameOf(address);
  return (
    <a class="account" href={`#/mine/${address}`} title={address}>
      {name === "" ? null : <bdi>{name} </bdi>}
      <span aria-hidden="true">{shortHex(address)}</span>
      <span class="hidden">{address}</span>
      {signerOf(session) === address ? <span class="badge badge-good">you</span> : null}
    </a>
  );
}

/**
 * An amount of MDT, cut after a few digits and never rounded up; the whole of it is in the title, and behind "every digit".
 * @param isAligned Always as many decimals, for a column.
 */
export function Amount({ wei, isAligned = false }: { readonly wei: bigint | string; readonly isAligned?: boolean }) {
  const { everyDigit } = useApp();
  const amountWei = BigInt(wei);
  const exact = formatMdt(amountWei, 18);
  const short = isAligned ? formatMdt(amountWei) : briefDecimal(amountWei);
  return (
    <data class="amount" value={String(wei)} title={`${exact} MDT`}>
      {everyDigit ? exact : short}
      <span class="unit"> MDT</span>
    </data>
  );
}

/** A moment where the viewer is; UTC in `datetime`. @param at Unix seconds. */
export function Moment({ at }: { readonly at: number }) {
  const { iso, text } = momentOf(at);
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace("T", " ")} UTC`}>
      {text}
    </time>
  );
}

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
