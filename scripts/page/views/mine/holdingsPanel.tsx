import { type Address, formatEther } from "viem";
import { type ValidatorsAnswer } from "../../api/answers";
import { briefDecimal } from "../../../show/amounts";
import { useApp } from "../../context";
import { type Holdings, readHoldings } from "../../reads/holdings";
import { useApi } from "../../state/useApi";
import { useReading } from "../../state/useReading";
import { Amount } from "../../ui/amount";
import { Section } from "../../ui/section";
import { Shown } from "../../ui/shown";
import { Tile } from "../../ui/tile";
import { Stakes } from "./stakes";

/** What an account holds, and where its stake is. It is read from the chain itself. */
export function HoldingsPanel({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  const { chain, version } = useApp();
  const validators = useApi<ValidatorsAnswer>("/v1/validators");
  const holdings = useReading(account, version, chain && (() => readHoldings(chain.reader, chain.contracts, account)));
  return (
    <>
      <Section title="Balance">
        <Shown reading={holdings} what="the balance">
          {(held) => <Balance holdings={held} isOwn={isOwn} />}
        </Shown>
      </Section>
      <Section title="Stake">
        {holdings.kind === "ready" ? (
          <Shown reading={validators} what="the validators">
            {(known) => (
              <Stakes account={account} isOwn={isOwn} holdings={holdings.value} validators={known.validators} />
            )}
          </Shown>
        ) : (
          <p class="muted">Reading the stake …</p>
        )}
      </Section>
    </>
  );
}

function Balance({ holdings, isOwn }: { readonly holdings: Holdings; readonly isOwn: boolean }) {
  const { symbol } = useApp().deployment.chain.currency;
  const { minerId } = holdings;
  return (
    <dl class="tiles">
      <Tile name="Balance" because="free to stake, delegate or spend">
        <Amount wei={holdings.balanceWei} />
      </Tile>
      <Tile name="For gas" because="pays for transactions">
        <span title={`${formatEther(holdings.gasWei)} ${symbol}`}>
          {briefDecimal(holdings.gasWei)}
          <span class="unit"> {symbol}</span>
        </span>
      </Tile>
      {minerId === null && !isOwn ? null : (
        <Tile name="Miner" because={minerId === null ? becomeMiner : "its number in tasks and scores"}>
          {minerId === null ? "not registered" : `Miner ${minerId}`}
        </Tile>
      )}
    </dl>
  );
}

/** A miner runs a machine with a command line anyway, so the page has no form for it. */
const becomeMiner = (
  <>
    on the command line: <code>npx hardhat miner register</code>
  </>
);
