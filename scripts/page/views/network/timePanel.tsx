import { type QuorumAnswer, type StatusAnswer } from "../../api";
import { useApp } from "../../context";
import { useApi, useChainNow } from "../../state/reading";
import { epochSeconds, placeInTime, type PlaceInTime } from "../../models/networkNow";
import { durationText } from "../../../show/moments";
import { Loading } from "../../ui/blocks";
import { Account, Amount, Moment } from "../../ui/values";

/** The network's place in time: by the chain's newest block, otherwise by the server's last status. */
export function TimePanel({ status }: { readonly status: StatusAnswer | null }) {
  const { deployment, trouble } = useApp();
  const now = useChainNow() ?? status?.timestamp;
  if (now === undefined) return trouble === null ? <Loading what="the chain's time" rows={2} /> : null;
  const place = placeInTime(deployment.clock, now);
  return (
    <div class="card now">
      {place.kind === "beforeGenesis" ? (
        <p>
          <span class="now-epoch">Epoch 0</span> begins in <Timer seconds={place.beginsAt - now} />, on{" "}
          <Moment at={place.beginsAt} />. Stake and miners registered before then count from epoch 0.
        </p>
      ) : (
        <Running place={place} now={now} />
      )}
      {status === null ? null : <Settling status={status} now={now} />}
    </div>
  );
}

type RunningPlace = Extract<PlaceInTime, { readonly kind: "running" }>;

function Running({ place, now }: { readonly place: RunningPlace; readonly now: number }) {
  const { clock } = useApp().deployment;
  const { epoch, slotInEpoch, endsAt, revealUntil } = place;
  return (
    <>
      <p>
        <span class="now-epoch">Epoch {epoch}</span> ends in <Timer seconds={endsAt - now} />
        <span class="muted">
          {" "}
          on <Moment at={endsAt} />
        </span>
      </p>
      <progress max={clock.slotsPerEpoch} value={slotInEpoch} aria-label={`Slots of epoch ${epoch} that have passed`} />
      <p class="muted">
        Slot {slotInEpoch + 1} of {clock.slotsPerEpoch}.{" "}
        {revealUntil === null
          ? "Validators commit to their scores until then."
          : `Scores of epoch ${epoch - 1} can be revealed for another ${durationText(revealUntil - now)}.`}
      </p>
    </>
  );
}

function Settling({ status, now }: { readonly status: StatusAnswer; readonly now: number }) {
  const { nextEpochToSettle, dueAt, paused, pauseEndsAt } = status;
  const { clock } = useApp().deployment;
  const isLate = !paused && now - dueAt > epochSeconds(clock);
  return (
    <>
      <p class={isLate ? "notice notice-warn" : "muted"}>
        {now < dueAt
          ? `Epoch ${nextEpochToSettle} can be settled in ${durationText(dueAt - now)}.`
          : isLate
            ? 'If no signatures are missing, the keeper has halted (its log says why) or none is running: start one with "npx mdt keeper start".'
            : `Epoch ${nextEpochToSettle} has been due for ${durationText(now - dueAt)}.`}
      </p>
      {now < dueAt || paused ? null : <Signatures now={now} />}
      {paused ? (
        <p class="paused">
          The Treasury is paused: nobody can settle or claim until{" "}
          {pauseEndsAt === null ? "the admin ends the pause" : <Moment at={pauseEndsAt} />}.
        </p>
      ) : null}
    </>
  );
}

/** Not read aloud every second: the moment beside it says when. */
function Timer({ seconds }: { readonly seconds: number }) {
  return (
    <span role="timer" aria-live="off" class="now-timer">
      {durationText(seconds)}
    </span>
  );
}

/** Who has signed the epoch that is due, who is missing, and from when the keeper may settle alone. */
function Signatures({ now }: { readonly now: number }) {
  const reading = useApi<QuorumAnswer>("/v1/quorum");
  if (reading.kind === "loading") return <p class="muted">Asking validators for their signatures …</p>;
  if (reading.kind === "failed") return <p class="muted">The server can't read who has signed: {reading.trouble}</p>;
  const { neededWei, signedWei, soloFrom, validators } = reading.value;
  if (neededWei === null) {
    return <p class="muted">The active stake is below the quorum's floor: the keeper settles it alone.</p>;
  }
  // For the server, the epoch is not due yet.
  if (signedWei === null) return null;
  const missing = validators.filter(({ hasSigned }) => !hasSigned);
  return (
    <>
      <p class="muted">
        Validators with <Amount wei={signedWei} /> of the required <Amount wei={neededWei} /> have signed it.{" "}
        {now >= soloFrom ? (
          "The keeper may settle it alone."
        ) : (
          <>
            Without the rest, the keeper may settle it alone from <Moment at={soloFrom} />.
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
