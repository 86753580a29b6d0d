import { momentOf } from "../../show/moments";

/** A moment where the viewer is; UTC in `datetime`. @param at Unix seconds. */
export function Moment({ at }: { readonly at: number }) {
  const { iso, text } = momentOf(at);
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace("T", " ")} UTC`}>
      {text}
    </time>
  );
}
