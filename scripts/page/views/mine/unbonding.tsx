import { useApp } from "../../context";
import { type Position } from "../../../views/positions";
import { epochStart } from "../../text/epochClock";
import { Account } from "../../ui/account";
import { Amount } from "../../ui/amount";
import { Moment } from "../../ui/moment";

/** Stake on its way out: what can be withdrawn, and from when the rest can. */
export function Unbonding({
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
                (epoch {withdrawableEpoch}, {withdrawableEpoch - epoch} from now; a slash until then takes its part)
              </span>
            </li>
          )),
        ])}
      </ul>
    </div>
  );
}
