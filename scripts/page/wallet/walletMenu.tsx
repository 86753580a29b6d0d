import { useApp } from "../context";
import { accountOf } from "./session";

/** Who is looking at the page. */
export function WalletMenu() {
  const account = accountOf(useApp().session);
  return <p class="muted">{account ?? "Not connected"}</p>;
}
