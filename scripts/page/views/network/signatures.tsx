import { type QuorumAnswer } from "../../api/answers";
import { useApi } from "../../state/useReading";
import { Account, Amount, Moment } from "../../ui/values";

/** Who has signed the epoch that is due, who is missing, and from when a keeper needs nobody. */
export function Signatures({ now }: { readonly now: number }) {
  const reading = useApi<QuorumAnswer>("/v1/quorum");
  if (reading.kind === "loading") return <p class="muted">Asking validators for their signatures …</p>;
  if (reading.kind === "failed") return <p class="muted">The server can't read who has signed: {reading.trouble}</p>;
  const { neededWei, signedWei, soloFrom, validators } = reading.value;
  if (neededWei === null) {
    return <p class="muted">The active stake is below the quorum's floor: the keeper settles it alone.</p>;
  }
  // The server does not take it for due yet.
  if (signedWei === null) return null;
  const missing = validators.filter(({ hasSigned }) => !hasSigned);
  return (
    <>
      <p class="muted">
        <Amount wei={signedWei} /> of the <Amount wei={neededWei} /> that are needed have signed it.{" "}
        {now >= soloFrom ? (
          "The keeper may settle it alone."
        ) : (
          <>
            Without them the keeper may settle it from <Moment at={soloFrom} /> on.
          </>
        )}
      </p>
      {missing.length === 0 ? null : (
        <details>
          <summary>
            {missing.length} of {validators.length} validators have not signed
          </summary>
          <ul>
            {missing.map(({ validator, stakeWei, reason }) => (
              <li key={validator}>
                <Account address={validator} /> (<Amount wei={stakeWei} />) {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
