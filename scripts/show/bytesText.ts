/** Bytes as text; undefined where they are none, or hold characters that can't be seen: control, format, unassigned. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  return /^[\P{C}\s]*$/u.test(text) && !text.includes("\uFFFD") ? text : undefined;
}
