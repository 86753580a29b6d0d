import { briefDecimal, formatMdt } from "../../show/amounts";
import { useApp } from "../context";

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
