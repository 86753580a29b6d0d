import { useApp } from "../../context";
import { Section } from "../../ui/blocks";
import { EpochView } from "./epochView";
import { Figures } from "./figures";
import { FirstSteps } from "./firstSteps";
import { MinerTable } from "./minerTable";
import { SettledEpochs } from "./settledEpochs";
import { Summary, Ways } from "./summary";
import { TimePanel } from "./timePanel";
import { UtilityPanel } from "./utilityPanel";
import { ValidatorTable } from "./validatorTable";

/** The network, or one of its settled epochs. @param rest The epoch's number in `#/network/12`. */
export function NetworkView({ rest }: { readonly rest: readonly string[] }) {
  const epoch = rest[0];
  return epoch !== undefined && /^\d{1,12}$/.test(epoch) ? <EpochView epoch={Number(epoch)} /> : <Overview />;
}

/** Where the network stands, what it emits, and who works in it. */
function Overview() {
  const { status } = useApp();
  const settledEpochs = status?.nextEpochToSettle ?? null;
  return (
    <>
      <h1>Network</h1>
      <Summary status={status} />
      <TimePanel status={status} />
      <Section title="What you can do">
        <Ways />
      </Section>
      {settledEpochs === 0 ? <FirstSteps /> : null}
      <Section title="Validators">
        <ValidatorTable />
      </Section>
      {settledEpochs === 0 ? null : <SettledEpochs settledEpochs={settledEpochs} />}
      <Section title="Utility">
        <UtilityPanel settledEpochs={settledEpochs} />
      </Section>
      <Section title="Miners">
        <MinerTable />
      </Section>
      <Section title="Supply and schedule">
        <Figures status={status} />
      </Section>
    </>
  );
}
