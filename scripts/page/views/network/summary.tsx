import { type ComponentChildren } from "preact";
import { type EpochsAnswer, type StatusAnswer, type SupplyAnswer, type ValidatorsAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { epochSeconds } from "../../models/epochClock";
import { healthOf } from "../../models/health";
import { bestReturn, returnText } from "../../models/validators";
import { useChainNow } from "../../state/hooks";
import { type Reading, useApi } from "../../state/useReading";
import { durationText } from "../../../show/moments";
import { percentOfWad, shareWad } from "../../../show/amounts";
import { Badge, Tile } from "../../ui/blocks";
import { Amount } from "../../ui/values";

/** What this network is, whether it is healthy, and the figures that say so. */
export function Summary({ status }: { readonly status: StatusAnswer | null }) {
  const { deployment, trouble } = useApp();
  const { clock, schedule } = deployment;
  return (
    <>
      <p class="lead">
        Miners do tasks, validators score their work, and MDT holders stake with validators. Every{" "}
        {durationText(epochSeconds(clock))} an epoch ends and pays all of them rewards: at first at most{" "}
        <Amount wei={schedule.baseRewardWei} />, half as much after every{" "}
        {schedule.halvingIntervalEpochs.toLocaleString("en")} epochs.
      </p>
      <p>
        {status === null || trouble !== null ? <Badge tone="plain">not known now</Badge> : <Healthy status={status} />}
      </p>
      <KeyFigures settledEpochs={status?.nextEpochToSettle ?? 0} />
    </>
  );
}

function Healthy({ status }: { readonly status: StatusAnswer }) {
  const { clock } = useApp().deployment;
  const now = useChainNow() ?? status.timestamp;
  const { tone, word, sentence } = healthOf(status, now, epochSeconds(clock));
  return (
    <>
      <Badge tone={tone}>{word}</Badge> {sentence}
    </>
  );
}

function KeyFigures({ settledEpochs }: { readonly settledEpochs: number }) {
  const last = useApi<EpochsAnswer>("/v1/epochs?limit=1", settledEpochs);
  const supply = known(useApi<SupplyAnswer>("/v1/supply"));
  const validators = known(useApi<ValidatorsAnswer>("/v1/validators"))?.validators;
  const epoch = known(last)?.epochs[0];
  const active = validators?.filter(({ status }) => status === "active");
  const best = bestReturn(active ?? []);
  return (
    <dl class="tiles key-figures">
      <Tile
        name="Last emission"
        because={
          last.kind !== "ready"
            ? "…"
            : epoch === undefined
              ? "no epoch is settled yet"
              : `epoch ${epoch.epoch}, utility ${percentOfWad(BigInt(epoch.utilityWad))}`
        }
      >
        {epoch === undefined ? "–" : <Amount wei={epoch.emissionWei} />}
      </Tile>
      <Tile
        name="At stake"
        because={
          supply === null || active === undefined
            ? "…"
            : `${percentOfWad(shareWad(BigInt(supply.stakedWei), BigInt(supply.totalSupplyWei)))} of all MDT, with ${active.length} active validators`
        }
      >
        {supply === null ? "–" : <Amount wei={supply.stakedWei} />}
      </Tile>
      <Tile name="Best yearly return" because="for delegators of an active validator, measured recently">
        {returnText(best?.record)}
      </Tile>
    </dl>
  );
}

function known<T>(reading: Reading<T>): T | null {
  return reading.kind === "ready" ? reading.value : null;
}

/** What one can do here, each with the way to it. */
export function Ways() {
  const { minimumStakeWei } = useApp().deployment;
  return (
    <ul class="ways">
      <Way href="#/do/delegate" title="Earn with MDT">
        Stake with a validator from the list below: no hardware needed, and you can leave at any time.
      </Way>
      <Way href="#/do/task" title="Have work done">
        Submit a task to a miner; if it misses the deadline, you get the fee back.
      </Way>
      <Way href="#/do/register-miner" title="Become a miner">
        Register, publish an endpoint, and get paid for work that validators score well.
      </Way>
      <Way href="#/do/register" title="Validate">
        Stake at least <Amount wei={minimumStakeWei} />, run a node, and score miners' work each epoch.
      </Way>
    </ul>
  );
}

function Way({
  href,
  title,
  children,
}: {
  readonly href: string;
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <li class="card">
      <h3>
        <a href={href}>{title}</a>
      </h3>
      <p class="muted">{children}</p>
    </li>
  );
}
