/** Trying out duties before anything is sent: what a contract refuses costs nothing, and what belongs together travels together. */
import { encodeFunctionData } from "viem";
import { type Connection } from "../../chain/connection";
import { addressOf, type Signer } from "../../chain/signer";
import { type Call, RefusedError, rehearse } from "../../chain/transact";
import { type NodeEvent } from "./nodeEvents";

/** Something that a node is to do on the chain, and that the chain does not show as done. */
export interface Duty {
  /** What it is, the same at every look, as "reveal the scores of epoch 7". */
  readonly name: string;
  readonly call: Call;
}

/** What rehearsing takes. */
export interface RehearsalOptions {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly tell: (event: NodeEvent) => void;
  /** Seconds on a clock that only goes forward. */
  readonly clock: () => number;
}

/** Calls that are ready to be sent: none is refused in the block to come. */
export interface Parcel {
  readonly duties: readonly string[];
  readonly call: Call;
  readonly gas: bigint;
}

/** A duty that a contract refuses is tried again after so many seconds. */
const refusedSeconds = 20;

/** So many calls travel in one transaction at most: with 4 KiB each, they still fit into one. */
const callsPerTransaction = 50;

/** Tries out what one account is to do, and leaves alone for a while what is refused. */
export class Rehearsals {
  /** Until when, on the node's clock. */
  readonly #refusedUntil = new Map<string, number>();

  constructor(private readonly options: RehearsalOptions) {}

  /** Those duties that were not refused a moment ago. */
  triable(duties: readonly Duty[]): readonly Duty[] {
    const now = this.options.clock();
    for (const [name, until] of this.#refusedUntil) if (until <= now) this.#refusedUntil.delete(name);
    return duties.filter(({ name }) => !this.#refusedUntil.has(name));
  }

  /** The first duty that no contract refuses, and with it all others of the TaskRegistry; undefined where all are refused. */
  async prepare(duties: readonly Duty[]): Promise<Parcel | undefined> {
    const { address: registry } = this.options.connection.contracts.taskRegistry;
    for (const duty of duties) {
      if (this.#refusedUntil.has(duty.name)) continue;
      const together = duties.filter(({ call }) => call.address === registry).slice(0, callsPerTransaction);
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

  /** The gas that a duty takes; undefined where a contract refuses it, which is told. */
  async #gasOf({ name, call }: Duty): Promise<bigint | undefined> {
    try {
      return await this.#rehearse(call, call.functionName);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#refusedUntil.set(name, this.options.clock() + refusedSeconds);
      this.options.tell({ kind: "refused", duty: name, reason: error.message });
      return undefined;
    }
  }

  #rehearse(call: Call, name: string): Promise<bigint> {
    const { connection, signer } = this.options;
    return rehearse(connection, addressOf(signer), call, "pending", name);
  }
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
