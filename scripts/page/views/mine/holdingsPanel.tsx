import { type Address, formatEther } from "viem";
import { type ValidatorsAnswer } from "../../api/answers";
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
          {(held) => <Balance holdings={held} />}
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

function Balance({ holdings }: { readonly holdings: Holdings }) {
  return (
    <dl class="tiles">
      <Tile name="Balance" because="free to stake, delegate or spend">
        <Amount wei={holdings.balanceWei} />
      </Tile>
      <Tile name="For gas" because="of the chain's own currency">
        <span title={formatEther(holdings.gasWei)}>{cutTo(formatEther(holdings.gasWei), 4)}</span>
      </Tile>
      <Tile
        name="Miner"
        because={holdings.minerId === null ? "register with npx hardhat miner register" : "its id in tasks and scores"}
      >
        {holdings.minerId === null ? "no" : `Miner ${holdings.minerId}`}
      </Tile>
    </dl>
  );
}

/** A decimal number without what follows so many digits: never rounded up. */
function cutTo(decimal: string, digits: number): string {
  const [whole, fraction = ""] = decimal.split(".");
  return fraction === "" ? whole! : `${whole!}.${fraction.slice(0, digits)}`;
}
