import { getAddress } from "viem";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatMdt } from "../../show/amounts";
import { useApp } from "../context";
import { momentOf } from "../../show/moments";
import { transactionUrl } from "../wallet/requests";
import { signerOf } from "../wallet/session";
import { questionTo } from "../models/untrusted";

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
  const url = transactionUrl(useApp().settings, hash);
  return url === null ? (
    <code>{hash}</code>
  ) : (
    <a href={url} title={hash}>
      {shortHex(hash)}
    </a>
  );
}

/** Where a node is reached, as its people published it, with a way to see whether it answers. */
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
