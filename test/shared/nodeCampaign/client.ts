/** A client that keeps working whatever happens to the chain, and hands over the inputs that the chain doesn't carry. */
import { bytesToHex, type Hex, keccak256, maxUint256 } from "viem";
import { type HDAccount } from "viem/accounts";
import { type Connection } from "../../../scripts/chain/connection";
import { transact } from "../../../scripts/chain/transact";
import { type BlobStore } from "../../../scripts/nodes/blobs/store";
import { handOver } from "../../../scripts/nodes/clients/inputsAndResults";
import { Outbox } from "../../../scripts/nodes/run/outbox";
import { viewChain } from "../../../scripts/nodes/run/nodeView";
import { type Duty } from "../../../scripts/nodes/run/rehearsals";
import { machineSpeed } from "./speeds";

/** A task that the client wants. */
export interface Order {
  readonly minerId: number;
  readonly input: Uint8Array;
  readonly inputHash: Hex;
  readonly isInline: boolean;
  /** Unix seconds. */
  readonly deadline: number;
}

/** Seconds from an order to its deadline, in the chain's time. */
const orderSeconds = 150;

/** Deadlines that are nearer make no sense. */
const leastSeconds = 60;

const feeWei = 6n * 10n ** 18n;

/** The type for images; its meaning doesn't matter here. */
const typeId = 1;

/** What the client works with. */
export interface ClientOptions {
  readonly connection: Connection;
  readonly signer: HDAccount;
  /** What it serves at the endpoint that it has published. */
  readonly blobs: BlobStore;
  readonly random: () => number;
}

export class Client {
  readonly orders: Order[] = [];
  readonly #outbox: Outbox;
  readonly #stopping = new AbortController();
  readonly #handed = new Set<Hex>();

  constructor(private readonly options: ClientOptions) {
    const { connection, signer } = options;
    const clock = (): number => (performance.now() / 1_000) * machineSpeed;
    const tell = (): void => undefined;
    this.#outbox = new Outbox({ connection, signer, tell, clock, dryRun: false, stopping: this.#stopping.signal });
  }

  /** Has the registry take its fees, while blocks are mined at once. */
  async prepare(): Promise<void> {
    const { connection, signer } = this.options;
    const { token, taskRegistry } = connection.contracts;
    const args = [taskRegistry.address, maxUint256] as const;
    await transact(connection, signer.address, { ...token, functionName: "approve", args });
  }

  /** Wants one more task of a miner. @param now The chain's time. */
  order(minerId: number, now: number): void {
    const { random } = this.options;
    const isInline = random() < 0.5;
    const length = 8 + Math.floor(random() * (isInline ? 400 : 6_000));
    const input = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    this.orders.push({ minerId, input, inputHash: keccak256(input), isInline, deadline: now + orderSeconds });
  }

  /** Submits what the chain does not have, and hands over what it does not carry. */
  async turn(): Promise<void> {
    const { connection, signer } = this.options;
    const view = await viewChain(connection, signer.address);
    const submitted = await view.chain.events.select(["TaskSubmitted"]);
    const onChain = new Set(submitted.map(({ args }) => args.inputHash));
    for (const order of this.orders) if (onChain.has(order.inputHash) && !order.isInline) this.#handOver(order);
    const wanted = this.orders.filter(
      ({ inputHash, deadline }) => !onChain.has(inputHash) && deadline > view.now + leastSeconds,
    );
    await this.#outbox.advance(
      view,
      wanted.map((order) => this.#duty(order)),
    );
  }

  close(): void {
    this.#stopping.abort("the campaign is over");
  }

  #duty({ minerId, input, inputHash, isInline, deadline }: Order): Duty {
    const { taskRegistry } = this.options.connection.contracts;
    const bytes = isInline ? bytesToHex(input) : "0x";
    const args = [minerId, typeId, feeWei, BigInt(deadline), inputHash, bytes];
    return { name: `submit ${inputHash}`, call: { ...taskRegistry, functionName: "submitTask", args } };
  }

  #handOver({ minerId, input, inputHash }: Order): void {
    if (this.#handed.has(inputHash)) return;
    this.#handed.add(inputHash);
    const { connection, blobs } = this.options;
    const stopping = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(20_000)]);
    void blobs
      .put(input)
      .then(() => handOver(connection, minerId, input, stopping))
      .catch(() => this.#handed.delete(inputHash));
  }
}
