import { formatMdt } from "../../text/amounts";
import { useApp } from "../context";

/** So many digits after the point are shown where nobody asked for all. */
const usualDecimals = 4;

/** An amount of MDT, cut after a few digits and never rounded up; the whole of it is in the title, and behind "every digit". */
export function Amount({ wei }: { readonly wei: bigint | string }) {
  const { everyDigit } = useApp();
  const exact = formatMdt(BigInt(wei), 18);
  return (
    <data class="amount" value={String(wei)} title={`${exact} MDT`}>
      {everyDigit ? exact : formatMdt(BigInt(wei), usualDecimals)}
      <span class="unit"> MDT</span>
    </data>
  );
}
