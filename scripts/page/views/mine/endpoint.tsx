import { useState } from "preact/hooks";
import { askNode, type NodeAnswer, questionTo } from "../../models/nodeAnswer";
import { Badge } from "../../ui/blocks";

/** Where a node is reached, as its people published it, and on a click whether it answers. */
export function Endpoint({ endpoint, isOwn }: { readonly endpoint: string | undefined; readonly isOwn: boolean }) {
  const [answer, setAnswer] = useState<NodeAnswer | "asking" | null>(null);
  if (endpoint === undefined || endpoint === "") {
    return (
      <>
        none published
        {isOwn ? (
          <>
            : <a href="#/do/endpoint">publish it</a>
          </>
        ) : null}
      </>
    );
  }
  const question = questionTo(endpoint);
  const ask = async (asked: string): Promise<void> => {
    setAnswer("asking");
    setAnswer(await askNode(asked));
  };
  return (
    <>
      <code>{endpoint}</code>{" "}
      {question === undefined ? (
        <span class="muted">no address that a browser can ask</span>
      ) : (
        <button type="button" class="small" onClick={() => void ask(question)}>
          Does it answer?
        </button>
      )}{" "}
      <span role="status">
        {answer === null ? null : answer === "asking" ? (
          "Asking …"
        ) : (
          <Badge tone={answer.tone}>{answer.sentence}</Badge>
        )}
      </span>
    </>
  );
}
