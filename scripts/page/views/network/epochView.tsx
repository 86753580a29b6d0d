import { type EpochAnswer, type ReportAnswer, type StatusAnswer } from "../../api/answers";
import { useApi } from "../../state/useApi";
import { useDocumentTitle } from "../../state/useDocumentTitle";
import { FactList } from "../../ui/factList";
import { Section } from "../../ui/section";
import { Shown } from "../../ui/shown";
import { EpochFacts } from "./epochFacts";
import { EpochRewards } from "./epochRewards";

/** So many of those who were paid are shown, those with most first. */
const peopleShown = 50;

/** One settled epoch: its story, its amounts to the wei, and who was paid. */
export function EpochView({ epoch }: { readonly epoch: number }) {
  useDocumentTitle(`Epoch ${epoch}`);
  const status = useApi<StatusAnswer>("/v1/status");
  const settledEpochs = status.kind === "ready" ? status.value.nextEpochToSettle : null;
  const isThere = settledEpochs === null || epoch < settledEpochs;
  return (
    <>
      <nav aria-label="Epochs" class="steps">
        {epoch === 0 || !isThere ? null : <a href={`#/network/${epoch - 1}`}>← Epoch {epoch - 1}</a>}
        <a href="#/network">All epochs</a>
        {settledEpochs === null || epoch + 1 >= settledEpochs ? null : (
          <a href={`#/network/${epoch + 1}`}>Epoch {epoch + 1} →</a>
        )}
      </nav>
      <h1>Epoch {epoch}</h1>
      {isThere ? <SettledEpoch epoch={epoch} /> : <NotSettled settledEpochs={settledEpochs} />}
    </>
  );
}

function NotSettled({ settledEpochs }: { readonly settledEpochs: number }) {
  return (
    <p class="card">
      This epoch is not settled yet; the page shows it as soon as it is.{" "}
      {settledEpochs === 0 ? (
        "No epoch is."
      ) : (
        <>
          The newest that is settled is <a href={`#/network/${settledEpochs - 1}`}>epoch {settledEpochs - 1}</a>.
        </>
      )}
    </p>
  );
}

function SettledEpoch({ epoch }: { readonly epoch: number }) {
  const settled = useApi<EpochAnswer>(`/v1/epochs/${epoch}`);
  const report = useApi<ReportAnswer>(
    settled.kind === "ready" ? `/v1/epochs/${epoch}/report?limit=${peopleShown}` : null,
    epoch,
  );
  return (
    <Shown reading={settled} what={`epoch ${epoch}`}>
      {(answer) => (
        <>
          <Section title="What happened">
            <Shown reading={report} what="its report">
              {({ story }) => (
                <FactList facts={story.map(({ question, answer: words }) => [question, words])} look="card story" />
              )}
            </Shown>
          </Section>
          <Section title="Settlement">
            <EpochFacts answer={answer} />
          </Section>
          {report.kind === "ready" ? <EpochRewards report={report.value} /> : null}
        </>
      )}
    </Shown>
  );
}
