import { contentOf, shortened } from "../models/taskContent";

const side = 7;

/**
 * A task's input or result.
 * @param bytes Null where they travel off chain.
 * @param what Whose it is, for who does not see the picture: "input of task 3".
 * @param most Longer texts are cut off after this many characters.
 */
export function TaskContent({
  bytes,
  what,
  most = Infinity,
}: {
  readonly bytes: string | null;
  readonly what: string;
  readonly most?: number;
}) {
  const content = contentOf(bytes);
  switch (content.kind) {
    case "offChain":
      return <span class="muted">off chain</span>;
    case "empty":
      return <span class="muted">empty</span>;
    case "image":
      return <Picture greys={content.greys} name={`Picture of ${side} by ${side} grey squares, the ${what}`} />;
    case "digit":
      return <span class="digit">{content.text}</span>;
    case "text":
      return <span class="given">{shortened(content.text, most)}</span>;
    case "hex":
      return <code class="given">{shortened(content.text, most)}</code>;
  }
}

function Picture({ greys, name }: { readonly greys: readonly number[]; readonly name: string }) {
  return (
    <svg class="picture" role="img" aria-label={name} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      {greys.map((ink, i) => {
        const light = 255 - ink;
        return (
          <rect
            key={i}
            x={i % side}
            y={Math.floor(i / side)}
            width="1"
            height="1"
            fill={`rgb(${light} ${light} ${light})`}
          />
        );
      })}
    </svg>
  );
}
