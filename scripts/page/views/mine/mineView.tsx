import { type Address, getAddress, isAddress } from "viem";
import { useApp } from "../../context";
import { useDocumentTitle } from "../../state/useDocumentTitle";
import { accountOf, signerOf } from "../../wallet/session";
import { AccountForm } from "./accountForm";
import { AccountHistory } from "./accountHistory";
import { HoldingsPanel } from "./holdingsPanel";
import { RewardsPanel } from "./rewardsPanel";

/** One account: what it has, what it staked, what it earns and why. @param rest The address in `#/mine/0x…`. */
export function MineView({ rest }: { readonly rest: readonly string[] }) {
  const { session } = useApp();
  const account = addressIn(rest[0]) ?? accountOf(session);
  const isOwn = account !== undefined && account === signerOf(session);
  useDocumentTitle(isOwn || account === undefined ? "Mine" : `Account ${account}`);
  return (
    <>
      <h1>{isOwn || account === undefined ? "Mine" : "Account"}</h1>
      {account === undefined ? (
        <p>Connect a wallet above to see what is yours, or look at any account: nothing is signed for that.</p>
      ) : (
        <p class="whose">
          <code>{account}</code>
          {isOwn ? null : <span class="badge badge-plain">read-only</span>}
        </p>
      )}
      {account === undefined ? null : <AccountPanels key={account} account={account} isOwn={isOwn} />}
      <AccountForm />
    </>
  );
}

function AccountPanels({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  return (
    <>
      <RewardsPanel account={account} isOwn={isOwn} />
      <HoldingsPanel account={account} isOwn={isOwn} />
      <AccountHistory account={account} />
    </>
  );
}

function addressIn(text: string | undefined): Address | undefined {
  return text !== undefined && isAddress(text, { strict: false }) ? getAddress(text) : undefined;
}
