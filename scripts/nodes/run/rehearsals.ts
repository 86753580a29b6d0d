/**
 * Rehearses duties before anything is sent: refused calls cost nothing, and calls that belong together travel together.
 */
import { encodeFunctionData } from "viem";
import { type Connection } from "../../chain/connection";
import { addressOf, type Signer } from "../../chain/signer";
import { type Call, RefusedError, rehearse } from "../../chain/transact";
import { type NodeEvent } from "./nodeEvents";

/** Something that a node must do on chain, and that the chain does not show as done. */
export interface Duty {
  /** Describes it, with the same words at every look: "reveal the scores of epoch 7". */
  readonly name: string;
  readonly call: Call;
  /** How many ordinary calls it counts as if several travel in one transaction; if missing, one. */
  readonly weight?: number;
}

/** What rehearsing takes. */
export interface RehearsalOptions {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly tell: (event: NodeEvent) => void;
  /** Seconds on a clock that only goes forward. */
  readonly clock: () => number;
}

/** Calls that are ready to be sent: no contract would refuse one in the next block. */
export interface Parcel {
  readonly duties: readonly string[];
  readonly call: Call;
  readonly gas: bigint;
}

/**
 * A refused duty is tried again each second, and once per slot after the refusal was reported. Most refusals pass:
 * someone else was quicker and the next block shows it, or an endpoint lags. So a refusal is reported only if it lasts
 * longer than a block of Ethereum (12 s), and then at most every 20 s.
 */
const refusedSeconds = { untold: 15, untilToldAgain: 20 } as const;

/** A duty that was refused; moments of the node's clock. */
interface Refusal {
  readonly since: number;
  readonly until: number;
  readonly toldAt: number | null;
}

/** Most ordinary calls in one transaction: with 4 KiB each, they still fit, and so does their gas. */
const callsPerTransaction = 50;

/** Rehearses one account's duties, and skips refused ones for a while. */
export class Rehearsals {
  readonly #refused = new Map<string, Refusal>();

  constructor(private readonly options: RehearsalOptions) {}

  /** The duties that were not refused a moment ago. */
  triable(duties: readonly Duty[]): readonly Duty[] {
    const names = new Set(duties.map(({ name }) => name));
    for (const name of this.#refused.keys()) if (!names.has(name)) this.#refused.delete(name);
    return duties.filter(({ name }) => !this.#isLeftAlone(name));
  }

  /** Whether some of these duties have a refusal that may pass in a moment. */
  isUndecided(duties: readonly Duty[]): boolean {
    return duties.some(({ name }) => this.#refused.get(name)?.toldAt === null);
  }

  #isLeftAlone(name: string): boolean {
    return (this.#refused.get(name)?.until ?? -Infinity) > this.options.clock();
  }

  /**
   * The first duty that no contract refuses, with the others of the TaskRegistry if it is one of those; undefined if
   * all are refused.
   */
  async prepare(duties: readonly Duty[]): Promise<Parcel | undefined> {
    const { address: registry } = this.options.connection.contracts.taskRegistry;
    for (const duty of duties) {
      if (this.#isLeftAlone(duty.name)) continue;
      const together = firstThatFit(duties.filter(({ call }) => call.address === registry));
      if (duty.call.address === registry && together.length > 1) {
        const parcel = await this.#batch(together);
        if (parcel !== undefined) return parcel;
        continue;
      }
      const gas = await this.#gasOf(duty);
      if (gas !== undefined) return { duties: [duty.name], call: duty.call, gas };
    }
    return undefined;
  }

  /** Several calls of the TaskRegistry as one transaction, without those that it refuses. */
  async #batch(duties: readonly Duty[]): Promise<Parcel | undefined> {
    const all = batchOf(duties);
    try {
      return { ...all, gas: await this.#rehearse(all.call, "multicall") };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
    const accepted: Duty[] = [];
    for (const duty of duties) if ((await this.#gasOf(duty)) !== undefined) accepted.push(duty);
    if (accepted.length === 0) return undefined;
    const rest = batchOf(accepted);
    return { ...rest, gas: await this.#rehearse(rest.call, "multicall") };
  }

  /** The gas that a duty takes; undefined if a contract refuses it, which is reported. */
  async #gasOf({ name, call }: Duty): Promise<bigint | undefined> {
    try {
      return await this.#rehearse(call, call.functionName);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#refuse(name, error.message);
      return undefined;
    }
  }

  #refuse(name: string, reason: string): void {
    const { clock, connection, tell } = this.options;
    const now = clock();
    const { since, toldAt } = this.#refused.get(name) ?? { since: now, toldAt: null };
    const isNews = now - (toldAt ?? since) >= (toldAt === null ? refusedSeconds.untold : refusedSeconds.untilToldAgain);
    const isUntold = toldAt === null && !isNews;
    const pauseSeconds = isUntold ? 1 : connection.deployment.config.clock.slotSeconds;
    this.#refused.set(name, { since, until: now + pauseSeconds, toldAt: isNews ? now : toldAt });
    if (isNews) tell({ kind: "refused", duty: name, reason });
  }

  #rehearse(call: Call, name: string): Promise<bigint> {
    const { connection, signer } = this.options;
    return rehearse(connection, addressOf(signer), call, "pending", name);
  }
}

/** The first duties, as many as one transaction holds. */
function firstThatFit(duties: readonly Duty[]): readonly Duty[] {
  let weighed = 0;
  const tooMany = duties.findIndex(({ weight = 1 }) => (weighed += weight) > callsPerTransaction);
  return tooMany === -1 ? duties : duties.slice(0, tooMany);
}

function batchOf(duties: readonly Duty[]): Omit<Parcel, "gas"> {
  const [
    {
      call: { address, abi },
    },
  ] = duties as readonly [Duty, ...Duty[]];
  const data = duties.map(({ call }) => encodeFunctionData(call));
  const call = { address, abi, functionName: "multicall", args: [data] };
  return { duties: duties.map(({ name }) => name), call };
}
