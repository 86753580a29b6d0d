import { type Fault, faultsByChance } from "../faults";
import { type Plan } from "../faultyLink";

/** Everything that a line does to a request, each as likely as the others. */
const lineFaults: readonly Fault[] = [
  { kind: "dropCall" },
  { kind: "dropAnswer" },
  { kind: "delay", milliseconds: 80 },
  { kind: "delayAnswer", milliseconds: 80 },
  { kind: "duplicate" },
  { kind: "truncate" },
  { kind: "garble" },
  { kind: "wrongId" },
  { kind: "reorder" },
  { kind: "status", status: 429, retryAfter: "1" },
  { kind: "status", status: 503 },
  { kind: "hang" },
  { kind: "claim", method: "eth_chainId", result: "0x1" },
  { kind: "refuse", method: "eth_call", code: -32005, message: "request limit reached" },
  { kind: "refuse", method: "eth_getLogs", code: -32000, message: "header not found" },
  { kind: "shiftHead", blocks: -20n },
  { kind: "shiftHead", blocks: 20n },
  { kind: "stale", blocks: 4n },
];

/** How often something happened, by its name. */
export type Tally = Map<string, number>;

/** Notes that something happened. */
export function count(tally: Tally, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

/**
 * A plan by which a part of all requests meets a fault, and every fault is counted.
 * @param rate From 0 to 1.
 */
export function countedFaults(seed: number, rate: number, tally: Tally): Plan {
  const next = faultsByChance(seed, { rate, faults: lineFaults });
  return () => {
    const fault = next();
    if (fault.kind !== "pass") count(tally, nameOf(fault));
    return fault;
  };
}

function nameOf(fault: Fault): string {
  if (fault.kind === "status") return String(fault.status);
  if (fault.kind === "shiftHead") return fault.blocks > 0n ? "futureHead" : "oldHead";
  return fault.kind === "claim" || fault.kind === "refuse" ? `${fault.kind} ${fault.method}` : fault.kind;
}
