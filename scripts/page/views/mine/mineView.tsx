import { type Address, getAddress } from "viem";
import { useId, useState } from "preact/hooks";
import { addressProblem } from "../../../core/address";
import { useApp } from "../../context";
import { useDocumentTitle } from "../../state/hooks";
import { accountOf, signerOf } from "../../wallet/session";
import { AccountHistory } from "./accountHistory";
import { HoldingsPanel } from "./holdingsPanel";
import { MinerPanel } from "./minerPanel";
import { RewardsPanel } from "./rewardsPanel";
import { ValidatorPanel } from "./validatorPanel";

/** One account: what it has, what it staked, what it earns and why. @param rest The address in `#/mine/0x…`. */
export function MineView({ rest }: { readonly rest: readonly string[] }) {
  const { session } = useApp();
  const problem = rest[0] === undefined ? undefined : addressProblem(rest[0]);
  const linked = problem === undefined && rest[0] !== undefined ? getAddress(rest[0]) : undefined;
  const account = rest[0] === undefined ? accountOf(session) : linked;
  const isOwn = account !== undefined && account === signerOf(session);
  useDocumentTitle(isOwn || account === undefined ? "Mine" : `Account ${account}`);
  if (problem !== undefined) return <UnknownAccount problem={problem} />;
  return (
    <>
      <h1>{isOwn || account === undefined ? "Mine" : "Account"}</h1>
      {account === undefined ? (
        <p>Connect a wallet above to see your account, or look at any other. Looking needs no signature.</p>
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
      <MinerPanel account={account} isOwn={isOwn} />
      <ValidatorPanel account={account} isOwn={isOwn} />
      <AccountHistory account={account} />
    </>
  );
}

/** For a link to an account that nobody has; nobody else's is shown in its place. */
function UnknownAccount({ problem }: { readonly problem: string }) {
  return (
    <>
      <h1>Account</h1>
      <p class="problem">The address in this link {problem}.</p>
      <AccountForm />
    </>
  );
}

/** Looks at any account, without a wallet. */
function AccountForm() {
  const id = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const look = (event: Event): void => {
    event.preventDefault();
    const address = text.trim();
    const found = addressProblem(address);
    setProblem(found === undefined ? null : `It ${found}.`);
    if (found === undefined) location.hash = `#/mine/${address}`;
  };
  return (
    <form class="card account-form" onSubmit={look} noValidate>
      <label for={id}>Look at an account</label>
      <div class="row">
        <input
          id={id}
          value={text}
          placeholder="0x…"
          spellcheck={false}
          autocomplete="off"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <button type="submit">Look</button>
      </div>
      {problem === null ? null : (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
