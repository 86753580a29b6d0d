import { getAddress } from "viem";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatMdt } from "../../show/amounts";
import { useApp } from "../context";
import { momentOf } from "../../show/moments";
import { transactionUrl } from "../wallet/requests";
import { signerOf } from "../wallet/session";
import { questionTo } from "../models/untrusted";

/**
 * An address, short and with its checksum, as a link to its account; with "you" if it is the connected one. Names are
 * self-declared and unverified, so the address stays beside them.
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
 * An amount of MDT, truncated to a few digits and never rounded up; the title has all digits, and so has "every digit".
 * @param isAligned Whether the number of decimals is always the same, for a column.
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

/** A moment in the viewer's time zone; UTC in `datetime`. @param at Unix seconds. */
export function Moment({ at }: { readonly at: number }) {
  const { iso, text } = momentOf(at);
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace("T", " ")} UTC`}>
      {text}
    </time>
  );
}

/** A transaction's hash, with a link if the chain has an explorer. */
export function TransactionLink({ hash }: { readonly hash: string }) {
  const url = transactionUrl(useApp().settings, hash);
  return url === null ? (
    <code>{hash}</code>
  ) : (
    <a href={url} title={hash}>
      {shortHex(hash)}
    </a>
  );
}

/** A node's published endpoint, with a link that shows whether it answers. */
export function Endpoint({
  endpoint = "",
  isOwn,
}: {
  readonly endpoint?: string | undefined;
  readonly isOwn: boolean;
}) {
  const question = questionTo(endpoint);
  if (endpoint === "") {
    return (
      <>
        none published
        {isOwn ? (
          <>
            : <a href="#/do/endpoint">publish it</a>
          </>
        ) : null}
      </>
    );
  }
  return (
    <>
      <code>{endpoint}</code>{" "}
      {question === undefined ? null : (
        <a href={question} target="_blank" rel="noreferrer">
          Does it answer?
        </a>
      )}{" "}
      <span class="muted">
        {question === undefined
          ? "not reachable from a browser"
          : "A running node answers “This node does not have the blob.”"}
      </span>
    </>
  );
}
