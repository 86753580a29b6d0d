/** Who asks, and how much each may ask. */
import { isIPv6 } from "node:net";

/** Who counts as one client: an IPv4 address, also where it is written as an IPv6 one; or the /64 that one line is given. */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 6).join() === "0,0,0,0,0,65535";
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [head, tail] = address
    .replace(/%.*/, "")
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
      const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number];
      return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    })
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)))) as [
    number[],
    number[]?,
  ];
  if (tail === undefined) return head;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** More clients at a time than these are not told apart from new ones: about 10 MB. */
const mostClients = 50_000;

/** What each client may still ask: a whole minute's worth at once, and then as much as time brings back. */
export class Budgets {
  /** What each client has left, and when that was; who asked last comes last. */
  readonly #left = new Map<string, { readonly questions: number; readonly at: number }>();

  /**
   * @param perMinute What a client may ask in a minute.
   * @param now A clock that only moves forward, in milliseconds.
   */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /**
   * Lets a client ask, if it may.
   * @param cost How many ordinary questions this one counts as; one that costs more than everything costs everything.
   * @returns How many seconds later it may; 0 where it may now.
   */
  spend(client: string, cost: number): number {
    const now = this.now();
    this.#forget(now);
    const { questions, at } = this.#left.get(client) ?? { questions: this.perMinute, at: now };
    const left = Math.min(this.perMinute, questions + ((now - at) * this.perMinute) / 60_000);
    const missing = Math.min(cost, this.perMinute) - left;
    this.#left.delete(client);
    this.#left.set(client, { questions: missing > 0 ? left : -missing, at: now });
    return missing > 0 ? Math.ceil((missing * 60) / this.perMinute) : 0;
  }

  /** How many clients are remembered. */
  get clients(): number {
    return this.#left.size;
  }

  /** Forgets who may ask everything again, and of too many those who asked first. */
  #forget(now: number): void {
    for (const [client, { at }] of this.#left) {
      if (now - at < 60_000 && this.#left.size <= mostClients) return;
      this.#left.delete(client);
    }
  }
}
