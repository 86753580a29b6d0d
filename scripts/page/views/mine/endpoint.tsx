import { questionTo } from "../../models/nodeQuestion";

/** Where a node is reached, as its people published it, with a way to see whether it answers. */
export function Endpoint({ endpoint, isOwn }: { readonly endpoint: string | undefined; readonly isOwn: boolean }) {
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
  return (
    <>
      <code>{endpoint}</code>{" "}
      {question === undefined ? (
        <span class="muted">not reachable from a browser</span>
      ) : (
        <>
          <a href={question} target="_blank" rel="noreferrer">
            Does it answer?
          </a>{" "}
          <span class="muted">A running node answers “This node does not have the blob.”</span>
        </>
      )}
    </>
  );
}
