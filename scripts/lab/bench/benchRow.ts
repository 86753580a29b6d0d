/** One measured figure. Null where there is no target, no peer, or the peer was not run at this size. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly size: number;
  readonly ours: number;
  readonly target: number | null;
  readonly peer: string | null;
  readonly peerValue: number | null;
}
