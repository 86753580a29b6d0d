import { getAddress } from "viem";
import { shortHex } from "../../show/addresses";

/** An address, short and with its checksum, as a link to what the page knows of it; "you" where it is one's own. */
export function Account({ address: given, isOwn = false }: { readonly address: string; readonly isOwn?: boolean }) {
  const address = getAddress(given);
  return (
    <a class="account" href={`#/mine/${address}`} title={address}>
      <span aria-hidden="true">{shortHex(address)}</span>
      <span class="hidden">{address}</span>
      {isOwn ? <span class="badge badge-good">you</span> : null}
    </a>
  );
}
