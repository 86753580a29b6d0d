import { type Address } from "viem";
import { type ValidatorsAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { type Holdings } from "../../reads/holdings";
import { type Position, readPositions } from "../../../views/positions";
import { chainNow } from "../../state/chainTime";
import { useReading } from "../../state/useReading";
import { placeInTime } from "../../text/epochClock";
import { Account } from "../../ui/account";
import { type Column, DataTable } from "../../ui/dataTable";
import { Shown } from "../../ui/shown";
import { Unbonding } from "./unbonding";

type Validator = ValidatorsAnswer["validators"][number];

/** Where an account's stake is, validator by validator, and what is leaving. */
export function Stakes({
  account,
  isOwn,
  holdings,
  validators,
}: {
  readonly account: Address;
  readonly isOwn: boolean;
  readonly holdings: Holdings;
  readonly validators: readonly Validator[];
}) {
  const { chain, deployment } = useApp();
  const place = chain && placeInTime(deployment.clock, chainNow(chain.head, Date.now()));
  const epoch = place?.kind === "running" ? place.epoch : 0;
  // Staking moves the account's tokens or its nonce, so that a hundred validators need not be asked at each block.
  const version = `${epoch}-${validators.length}-${holdings.balanceWei}-${holdings.nonce}`;
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
            {staked.length === 0 ? (
              <p class="card muted">Nothing is staked. {isOwn ? <a href="#/do">Stake or delegate</a> : null}</p>
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

function columnsFor(account: Address, validators: readonly Validator[], epoch: number): readonly Column<Position>[] {
  const statusOf = new Map(validators.map(({ validator, status }) => [validator, status]));
  return [
    {
      title: "Validator",
      cell: ({ validator }) => (validator === account ? "own stake" : <Account address={validator} />),
    },
    { title: "Status", cell: ({ validator }) => statusOf.get(validator) ?? "–" },
    { title: "Counts now", kind: "amount", wei: ({ countsWei }) => countsWei },
    { title: `From epoch ${epoch + 2}`, kind: "amount", wei: ({ willCountWei }) => willCountWei },
  ];
}
