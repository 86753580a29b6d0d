/** What an x axis shows: from the first point to the last, half a step more where bars need it, a single point in the middle. */
export function xRange(xs: readonly number[], hasBars: boolean): [number, number] {
  const [from, to] = [xs[0] ?? 0, xs.at(-1) ?? 1];
  const margin = hasBars ? stepOf(xs) / 2 : 0;
  return from === to ? [from - 1, to + 1] : [from - margin, to + margin];
}

/** What a y axis shows: zero, because lengths are compared, unless it is `zoomed` to the values; some air above. */
export function yRange(low: number | null, high: number | null, zoomed = false): [number, number] {
  if (zoomed && low !== null && high !== null && low < high) {
    const air = (high - low) * 0.08;
    return [low - air, high + air];
  }
  const bottom = Math.min(low ?? 0, 0);
  const top = Math.max(high ?? 0, 0);
  return bottom === 0 && top === 0 ? [0, 1] : [bottom * 1.08, top * 1.08];
}

function stepOf(xs: readonly number[]): number {
  return xs.length < 2 ? 1 : (xs.at(-1)! - xs[0]!) / (xs.length - 1);
}
