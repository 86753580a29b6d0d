/** An address or hash short enough for a table: its ends, by which people distinguish them. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** Bytes as text; undefined if they are no text, or hold characters that can't be seen: control, format, unassigned. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  return /^[\P{C}\s]*$/u.test(text) && !text.includes("\uFFFD") ? text : undefined;
}
