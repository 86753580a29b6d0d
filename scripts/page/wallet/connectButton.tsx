/** The popover in which a wallet is chosen; it is in the page's header. */
export const walletChooserId = "wallet-chooser";

/** Opens the list of wallets, from anywhere on the page. */
export function ConnectButton() {
  return (
    <button type="button" class="primary" popovertarget={walletChooserId}>
      Connect
    </button>
  );
}
