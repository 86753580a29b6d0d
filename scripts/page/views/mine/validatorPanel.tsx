import { type Address, zeroAddress } from "viem";
import { useApp } from "../../context";
import { scoringDuty } from "../../../actions/validators";
import { validatorEndpoints } from "../../../chain/participants";
import { type EpochDuties, readDuties, readValidatorNow } from "../../../views/validatorDuties";
import { placeInTime } from "../../models/epochClock";
import { chainNow } from "../../state/chainLink";
import { useApi, useReading } from "../../state/useReading";
import { type ValidatorsAnswer } from "../../api/answers";
import { type Column, DataTable } from "../../ui/dataTable";
import { Badge, Section, Shown } from "../../ui/blocks";
import { Account } from "../../ui/values";
import { Standing } from "./validatorStanding";

/** The duties of this many epochs are shown: as many as those in which misses add up. */
const epochsShown = 8;

/** A validator's own view, for its owner and its operator: how it stands, and its duties of the last epochs. */
export function ValidatorPanel({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  const { chain, version } = useApp();
  const found = useReading(account, version, chain && (() => chain.contracts.staking.read.validatorOf([account])));
  if (found.kind !== "ready" || found.value === zeroAddress) return null;
  return <KnownValidator account={account} validator={found.value} isOwn={isOwn} />;
}

interface KnownValidatorProps {
  readonly account: Address;
  readonly validator: Address;
  readonly isOwn: boolean;
}

function KnownValidator({ account, validator, isOwn }: KnownValidatorProps) {
  const { chain, version, deployment } = useApp();
  const { slotsPerEpoch } = deployment.clock;
  const place = chain && placeInTime(deployment.clock, chainNow(chain.head, Date.now()));
  const epoch = place?.kind === "running" ? place.epoch : -1;
  const lastJudged = place?.kind === "running" && place.revealUntil !== null ? epoch - 2 : epoch - 1;
  const now = useReading(validator, version, chain && (() => readValidatorNow(chain.contracts, validator, lastJudged)));
  const endpoint = useReading(
    validator,
    version,
    chain && (() => validatorEndpoints({ contracts: chain.contracts }, [validator])),
  );
  const listed = useApi<ValidatorsAnswer>("/v1/validators");
  const record =
    listed.kind === "ready" ? listed.value.validators.find((one) => one.validator === validator)?.record : undefined;
  // What can still change is read at each block, the rest once an epoch.
  const recent = epochsBack(epoch, 2);
  const older = epochsBack(epoch - 2, epochsShown - 2);
  const read = (epochs: readonly number[]) =>
    chain && (() => readDuties(chain.contracts, validator, epochs, slotsPerEpoch));
  const newDuties = useReading(validator, version, read(recent));
  const oldDuties = useReading(validator, epoch, read(older));
  return (
    <Section title="Validator">
      {validator === account ? null : (
        <p>
          This account is the operator of <Account address={validator} />.
        </p>
      )}
      <Shown reading={now} what="the validator">
        {(standing) => (
          <Standing
            now={standing}
            endpoint={endpoint.kind === "ready" ? endpoint.value[0] : undefined}
            isOwn={isOwn}
            nextEpoch={epoch + 1}
            record={record}
          />
        )}
      </Shown>
      <Shown reading={newDuties} what="its duties">
        {(duties) => (
          <DataTable
            caption="Duties of the last epochs"
            columns={columnsFor(epoch, lastJudged)}
            rows={[...duties, ...(oldDuties.kind === "ready" ? oldDuties.value : [])]}
            keyOf={(one) => one.epoch}
          />
        )}
      </Shown>
      {isOwn ? <p class="muted">{scoringDuty}</p> : null}
    </Section>
  );
}

/** `count` epochs back from the last one, as far as there are so many. */
function epochsBack(last: number, count: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(count, last + 1)) }, (_, i) => last - i);
}

function columnsFor(running: number, lastJudged: number): readonly Column<EpochDuties>[] {
  return [
    { title: "Epoch", cell: ({ epoch }) => (epoch === running ? `Epoch ${epoch}, running` : `Epoch ${epoch}`) },
    { title: "Scores", cell: (one) => <Scores duties={one} running={running} lastJudged={lastJudged} /> },
    { title: "Slots led", kind: "number", cell: ({ led }) => led },
    { title: "Produced", kind: "number", cell: ({ produced }) => produced },
  ];
}

function Scores({
  duties: { epoch, isActive, scores },
  running,
  lastJudged,
}: {
  readonly duties: EpochDuties;
  readonly running: number;
  readonly lastJudged: number;
}) {
  if (scores === "revealed") return <Badge tone="good">revealed</Badge>;
  if (scores === "committed") {
    return epoch > lastJudged ? <Badge tone="plain">committed</Badge> : <Badge tone="bad">not revealed</Badge>;
  }
  if (!isActive) return <span class="muted">not active</span>;
  return epoch === running ? <Badge tone="plain">not yet</Badge> : <Badge tone="bad">none committed</Badge>;
}
