import { type EpochAnswer, type ReportAnswer } from "../../api/answers";
import { useApi } from "../../state/useApi";
import { useDocumentTitle } from "../../state/useDocumentTitle";
import { Section } from "../../ui/section";
import { Shown } from "../../ui/shown";
import { EpochFacts } from "./epochFacts";
import { EpochRewards } from "./epochRewards";

/** One settled epoch: its story, its amounts to the wei, and who was paid. */
export function EpochView({ epoch }: { readonly epoch: number }) {
  useDocumentTitle(`Epoch ${epoch}`);
  const settled = useApi<EpochAnswer>(`/v1/epochs/${epoch}`);
  const report = useApi<ReportAnswer>(settled.kind === "ready" ? `/v1/epochs/${epoch}/report` : null, epoch);
  return (
    <>
      <nav aria-label="Epochs" class="steps">
        {epoch === 0 ? null : <a href={`#/network/${epoch - 1}`}>← Epoch {epoch - 1}</a>}
        <a href="#/network">All epochs</a>
        <a href={`#/network/${epoch + 1}`}>Epoch {epoch + 1} →</a>
      </nav>
      <h1>Epoch {epoch}</h1>
      <Shown reading={settled} what={`epoch ${epoch}`}>
        {(answer) => (
          <>
            <Section title="What happened">
              <Shown reading={report} what="its report">
                {({ story }) => (
                  <dl class="card story">
                    {story.map(({ question, answer: words }) => (
                      <div key={question}>
                        <dt>{question}</dt>
                        <dd>{words}</dd>
                      </div>
                    ))}
                  </dl>
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
    </>
  );
}
