import { useRef } from "preact/hooks";
import { type Address } from "viem";
import { Notice } from "../layout/notice";

/** Says so where the wallet has gone to another account since this action was opened. */
export function SwitchedAccount({ account }: { readonly account: Address | undefined }) {
  const first = useRef(account);
  first.current ??= account;
  if (account === undefined || account === first.current) return null;
  return (
    <Notice tone="warn">
      {`Your wallet has switched to ${account}. What was begun with ${first.current!} and not sent yet is left: fill in the form again.`}
    </Notice>
  );
}
