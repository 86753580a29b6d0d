import { type Address } from "viem";
import { type ValidatorsAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { type Position, readPositions } from "../../../views/accounts";
import { chainNow } from "../../state/chainLink";
import { useReading } from "../../state/useReading";
import { epochStart, placeInTime } from "../../models/epochClock";
import { Account, Amount, Moment } from "../../ui/values";
import { type Column, DataTable } from "../../ui/dataTable";
import { Badge, Notice, Shown } from "../../ui/blocks";
import { returnText, statusTones } from "../../models/validators";
import { concernsOf } from "../../../core/staking";
import { describeConcerns } from "../../../show/describeConcern";

type Validator = ValidatorsAnswer["validators"][number];

/** Where an account's stake is, validator by validator, and what is leaving. */
export function Stakes({
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
  const { chain, deployment } = useApp();
  const place = chain && placeInTime(deployment.clock, chainNow(chain.head, Date.now()));
  const epoch = place?.kind === "running" ? place.epoch : 0;
  // A hundred validators need not be asked at each block.
  const version = `${epoch}-${validators.length}-${held}`;
  const positions = useReading(
    account,
    version,
    chain &&
      (() =>
        readPositions(
          chain.contracts,
          account,
          validators.map(({ validator }) => validator as Address),
          epoch,
        )),
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

/** What recently the account should know of the validators with its stake. */
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

/** Stake leaving: what can be withdrawn, and from when the rest can. */
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
