import { type Address, formatEther } from "viem";
import { type ValidatorsAnswer } from "../../api";
import { briefDecimal } from "../../../show/amounts";
import { type Chain, useApp } from "../../context";
import { useApi, useChain, usePlaceInTime } from "../../state/reading";
import { Account, Amount, Moment } from "../../ui/values";
import { Badge, Loading, Notice, Section, Shown, Tiles, type Figure } from "../../ui/blocks";
import { type Position, readPositions } from "../../../views/accounts";
import { epochStart } from "../../models/networkNow";
import { type Column, DataTable } from "../../ui/dataTable";
import { returnText, statusTones } from "../../models/tables";
import { concernsOf } from "../../../core/staking";
import { describeConcerns } from "../../../show/describeConcern";

type Validator = ValidatorsAnswer["validators"][number];

/** An account's balances, miner id (0 if it is not a miner) and nonce; gas in wei of the chain's own currency. */
async function readHoldings({ reader, contracts: { token, taskRegistry } }: Chain, account: Address) {
  const [balanceWei, gasWei, minerId, nonce] = await Promise.all([
    token.read.balanceOf([account]),
    reader.getBalance({ address: account }),
    taskRegistry.read.minerIdOf([account]),
    reader.getTransactionCount({ address: account }),
  ]);
  return { balanceWei, gasWei, minerId, nonce };
}

/** What an account holds, and where its stake is. It is read from the chain itself. */
export function HoldingsPanel({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  const validators = useApi<ValidatorsAnswer>("/v1/validators");
  const holdings = useChain(account, (chain) => readHoldings(chain, account));
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

function Balance({
  holdings: { balanceWei, gasWei, minerId },
  isOwn,
}: {
  readonly holdings: Awaited<ReturnType<typeof readHoldings>>;
  readonly isOwn: boolean;
}) {
  const { symbol } = useApp().deployment.chain.currency;
  const miner: Figure =
    minerId === 0
      ? ["Miner", "not registered", <a href="#/do/register-miner">register as one</a>]
      : ["Miner", `Miner ${minerId}`, "its number in tasks and scores"];
  const gas = (
    <span title={`${formatEther(gasWei)} ${symbol}`}>
      {briefDecimal(gasWei)}
      <span class="unit"> {symbol}</span>
    </span>
  );
  return (
    <Tiles
      figures={[
        ["Balance", <Amount wei={balanceWei} />, "available to stake, delegate or spend"],
        ["For gas", gas, "pays for transactions"],
        ...(minerId === 0 && !isOwn ? [] : [miner]),
      ]}
    />
  );
}

/** Where an account's stake is, validator by validator, and what is leaving. */
function Stakes({
  account,
  isOwn,
  held,
  validators,
}: {
  readonly account: Address;
  readonly isOwn: boolean;
  /** Changes whenever the account's tokens move or it sends a transaction, and so whenever it stakes. */
  readonly held: string;
  readonly validators: readonly Validator[];
}) {
  const place = usePlaceInTime();
  const epoch = place?.kind === "running" ? place.epoch : 0;
  const addresses = validators.map(({ validator }) => validator as Address);
  const positions = useChain(
    account,
    ({ contracts }) => readPositions(contracts, account, addresses, epoch),
    // A hundred validators need not be asked at each block.
    `${epoch}-${validators.length}-${held}`,
  );
  return (
    <Shown reading={positions} what="the stake">
      {(known) => {
        const staked = known.filter(({ countsWei, willCountWei }) => countsWei + willCountWei > 0n);
        return (
          <>
            <Concerns staked={staked} validators={validators} epoch={epoch} isOwn={isOwn} />
            {staked.length === 0 ? (
              <p class="card muted">No stake. {isOwn ? <a href="#/do">Stake or delegate</a> : null}</p>
            ) : (
              <DataTable
                caption="Stake by validator"
                columns={columnsFor(account, validators, epoch)}
                rows={staked}
                keyOf={({ validator }) => validator}
              />
            )}
            <Unbonding positions={known} epoch={epoch} isOwn={isOwn} />
          </>
        );
      }}
    </Shown>
  );
}

/** Recent concerns about the validators with the account's stake. */
function Concerns({
  staked,
  validators,
  epoch,
  isOwn,
}: {
  readonly staked: readonly Position[];
  readonly validators: readonly Validator[];
  readonly epoch: number;
  readonly isOwn: boolean;
}) {
  const concerned = validators
    .filter(({ validator }) => staked.some((position) => position.validator === validator))
    .map(({ validator: address, status, record: { commissions, missedEpochs } }) => {
      const validator = address as Address;
      const concerns = concernsOf({ validator, isJailed: status === "jailed", commissions, missedEpochs }, epoch);
      return { validator, concerns };
    })
    .filter(({ concerns }) => concerns.length > 0);
  if (concerned.length === 0) return null;
  return (
    <Notice tone="warn">
      {concerned.map(({ validator, concerns }) => (
        <span key={validator} class="line">
          <Account address={validator} /> {describeConcerns(concerns)}.
        </span>
      ))}
      {isOwn ? <a href="#/do/redelegate">Move stake to another validator</a> : null}
    </Notice>
  );
}

function columnsFor(account: Address, validators: readonly Validator[], epoch: number): readonly Column<Position>[] {
  const known = new Map(validators.map((one) => [one.validator, one]));
  return [
    {
      title: "Validator",
      cell: ({ validator }) => (validator === account ? "own stake" : <Account address={validator} />),
    },
    {
      title: "Status",
      cell: ({ validator }) => {
        const status = known.get(validator)?.status;
        return status === undefined ? "–" : <Badge tone={statusTones[status]}>{status}</Badge>;
      },
    },
    { title: "Yearly return", kind: "number", cell: ({ validator }) => returnText(known.get(validator)?.record) },
    { title: "Counts now", kind: "amount", wei: ({ countsWei }) => countsWei },
    { title: `From epoch ${epoch + 2}`, kind: "amount", wei: ({ willCountWei }) => willCountWei },
  ];
}

/** Leaving stake: what can be withdrawn now, and when the rest can. */
function Unbonding({
  positions,
  epoch,
  isOwn,
}: {
  readonly positions: readonly Position[];
  readonly epoch: number;
  readonly isOwn: boolean;
}) {
  const { clock } = useApp().deployment;
  const leaving = positions.filter(({ withdrawableWei, exits }) => withdrawableWei > 0n || exits.length > 0);
  if (leaving.length === 0) return null;
  return (
    <div class="card">
      <h3>Unbonding</h3>
      <ul class="lines">
        {leaving.flatMap(({ validator, withdrawableWei, exits }) => [
          ...(withdrawableWei === 0n
            ? []
            : [
                <li key={validator}>
                  <Amount wei={withdrawableWei} /> from <Account address={validator} /> can be withdrawn
                  {isOwn ? (
                    <>
                      : <a href="#/do/withdraw">withdraw it</a>
                    </>
                  ) : null}
                </li>,
              ]),
          ...exits.map(({ withdrawableEpoch, amountWei }) => (
            <li key={`${validator}-${withdrawableEpoch}`}>
              <Amount wei={amountWei} /> from <Account address={validator} /> can be withdrawn from{" "}
              <Moment at={epochStart(clock, withdrawableEpoch)} />
              <span class="muted">
                {" "}
                (epoch {withdrawableEpoch}, {withdrawableEpoch - epoch} from now; until then it can be slashed)
              </span>
            </li>
          )),
        ])}
      </ul>
    </div>
  );
}
