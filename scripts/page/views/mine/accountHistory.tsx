import { useState } from "preact/hooks";
import { type HistoryAnswer } from "../../api/answers";
import { mostAtOnce } from "../../api/pages";
import { useApp } from "../../context";
import { useApi } from "../../state/useApi";
import { Amount } from "../../ui/amount";
import { Section } from "../../ui/section";
import { Shown } from "../../ui/shown";
import { EarnedEpoch } from "./earnedEpoch";

/** So many epochs are asked for at first, and more each time one wants more. */
const epochsAtOnce = 20;

/** What an account earned in each epoch, and why; the newest first. */
export function AccountHistory({ account }: { readonly account: string }) {
  const { version } = useApp();
  const [wanted, setWanted] = useState(epochsAtOnce);
  const history = useApi<HistoryAnswer>(`/v1/accounts/${account}/history?limit=${wanted}`, version);
  return (
    <Section title="What was earned, and why">
      <Shown reading={history} what="the history">
        {({ epochs }) => (
          <>
            <EarnedEpochs epochs={epochs} />
            {epochs.length < wanted || wanted >= mostAtOnce ? null : (
              <button
                type="button"
                onClick={() => {
                  setWanted(Math.min(mostAtOnce, wanted + epochsAtOnce));
                }}
              >
                Show earlier epochs
              </button>
            )}
          </>
        )}
      </Shown>
    </Section>
  );
}

function hadNoPart(one: HistoryAnswer["epochs"][number]): boolean {
  return one.kind === "known" && one.miner === null && one.stakes.length === 0;
}

function EarnedEpochs({ epochs }: { readonly epochs: HistoryAnswer["epochs"] }) {
  if (epochs.length === 0) return <p class="card muted">No epoch is settled yet.</p>;
  if (epochs.every(hadNoPart)) {
    return (
      <p class="card muted">
        Nothing in the last {epochs.length === 1 ? "epoch" : `${epochs.length} epochs`}: no work that validators agreed
        on, and no stake that counted.
      </p>
    );
  }
  return (
    <ol class="card earned">
      {epochs.map((one) => (
        <li key={one.epoch}>
          {one.kind === "missing" ? (
            <p class="muted">
              The server has not computed epoch {one.epoch} yet: <a href={`#/network/${one.epoch}`}>open it</a> to have
              that done.
            </p>
          ) : (
            <details>
              <summary>
                Epoch {one.epoch} <Amount wei={one.earnedWei} />
              </summary>
              <EarnedEpoch earned={one} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
