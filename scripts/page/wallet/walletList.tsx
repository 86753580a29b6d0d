import { type AnnouncedWallet } from "./announcedWallets";

/** Every wallet in this browser, to choose one. */
export function WalletList({
  wallets,
  onChoose,
}: {
  readonly wallets: readonly AnnouncedWallet[];
  readonly onChoose: (wallet: AnnouncedWallet) => void;
}) {
  if (wallets.length === 0) {
    return (
      <p>
        There is no wallet in this browser. Install one (MetaMask, Rabby or any other for Ethereum) and reload this
        page, or look without one.
      </p>
    );
  }
  return (
    <ul class="wallets">
      {wallets.map((wallet) => (
        <li key={wallet.info.uuid}>
          <button
            type="button"
            onClick={() => {
              onChoose(wallet);
            }}
          >
            {wallet.info.icon === "" ? null : <img src={wallet.info.icon} alt="" width={28} height={28} />}
            {wallet.info.name}
          </button>
        </li>
      ))}
    </ul>
  );
}
