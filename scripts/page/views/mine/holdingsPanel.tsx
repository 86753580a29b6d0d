import { type Address, formatEther, type PublicClient } from "viem";
import { type Contracts } from "../../../chain/contracts";
import { type ValidatorsAnswer } from "../../api/answers";
import { briefDecimal } from "../../../show/amounts";
import { useApp } from "../../context";
import { useApi, useReading } from "../../state/useReading";
import { Amount } from "../../ui/values";
import { Loading, Section, Shown, Tile } from "../../ui/blocks";
import { Stakes } from "./stakes";

/** What an account holds and is, besides its stake. */
interface Holdings {
  readonly balanceWei: bigint;
  /** What it can pay for gas with, in wei of the chain's own currency. */
  readonly gasWei: bigint;
  /** Its id as a miner; null where it is none. */
  readonly minerId: number | null;
  /** Where its rewards are paid. */
  readonly recipient: Address;
  /** Transactions it has sent. */
  readonly nonce: number;
}

async function readHoldings(reader: PublicClient, contracts: Contracts, account: Address): Promise<Holdings> {
  const { token, taskRegistry, treasury } = contracts;
  const [balanceWei, gasWei, minerId, recipient, nonce] = await Promise.all([
    token.read.balanceOf([account]),
    reader.getBalance({ address: account }),
    taskRegistry.read.minerIdOf([account]),
    treasury.read.claimRecipientOf([account]),
    reader.getTransactionCount({ address: account }),
  ]);
  return { balanceWei, gasWei, minerId: minerId === 0 ? null : minerId, recipient, nonce };
}

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
              <Stakes
                account={account}
                isOwn={isOwn}
                held={`${holdings.value.balanceWei}-${holdings.value.nonce}`}
                validators={known.validators}
              />
            )}
          </Shown>
        ) : (
          <Loading what="the stake" />
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
      <Tile name="Balance" because="available to stake, delegate or spend">
        <Amount wei={holdings.balanceWei} />
      </Tile>
      <Tile name="For gas" because="pays for transactions">
        <span title={`${formatEther(holdings.gasWei)} ${symbol}`}>
          {briefDecimal(holdings.gasWei)}
          <span class="unit"> {symbol}</span>
        </span>
      </Tile>
      {minerId === null && !isOwn ? null : (
        <Tile
          name="Miner"
          because={
            minerId === null ? <a href="#/do/register-miner">register as one</a> : "its number in tasks and scores"
          }
        >
          {minerId === null ? "not registered" : `Miner ${minerId}`}
        </Tile>
      )}
    </dl>
  );
}
