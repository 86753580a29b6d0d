import { setTimeout as sleep } from "node:timers/promises";
import {
  afterAnswer,
  afterFault,
  EndpointFault,
  type EndpointState,
  healthy,
  isDue,
  type EndpointHealth,
  type PoolListener,
} from "./endpointState";
import { type HeadReport, agreedChain, type AgreedChain, judge } from "./heads";
import { openHttpLink, openSocketLink } from "./link";
import { type Answer, type Call, type Link } from "./jsonRpc";
import { type Bucket, fullBucket, type PoolSettings, take } from "./settings";

/** Where a pool gets the time and its randomness from. */
export interface Chance {
  /** Milliseconds on a clock that only goes forward, whatever is done to the machine's date. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

/** One endpoint of a pool: its link, its rate limit, and what the pool remembers about it. */
export class Endpoint {
  readonly origin: string;
  state: EndpointState = healthy;
  private headBlock: bigint | null = null;
  /** It recently refused logs of a range of this many blocks. */
  private refusedBlocks: bigint | null = null;
  private bucket: Bucket;
  private readonly link: Link;

  constructor(
    url: URL,
    private readonly settings: PoolSettings,
    private readonly chance: Chance,
    private readonly onEvent: PoolListener,
  ) {
    this.origin = url.origin;
    this.link = url.protocol.startsWith("ws") ? openSocketLink(url) : openHttpLink(url, settings.callsPerBatch);
    this.bucket = fullBucket(settings.rate, chance.now());
  }

  /** Asks, no faster than the rate allows. @throws EndpointFault, which is remembered. */
  async ask(calls: readonly Call[]): Promise<readonly Answer[]> {
    await this.waitForTurn(calls.length);
    try {
      const answers = await this.link.ask(calls, this.settings.timeoutMilliseconds);
      this.state = afterAnswer(this.state);
      return answers;
    } catch (error) {
      if (error instanceof EndpointFault) this.blame(error, calls[0]!.method);
      throw error;
    }
  }

  /** Asks the endpoint about itself. Only its head is remembered: the caller judges the rest. */
  async look(): Promise<HeadReport> {
    const { lookTimeoutMilliseconds: timeout } = this.settings;
    const [chainId, block0, head] = await this.link.ask(
      [
        { method: "eth_chainId", params: [] },
        { method: "eth_getBlockByNumber", params: ["0x0", false] },
        { method: "eth_blockNumber", params: [] },
      ],
      timeout,
    );
    const headHex = textOf(head!);
    const shown = await this.link.ask([{ method: "eth_getBlockByNumber", params: [headHex, false] }], timeout);
    const previousHead = this.headBlock;
    this.headBlock = BigInt(headHex);
    return {
      identity: { chainId: textOf(chainId!), genesis: textOf(block0!, "hash") },
      headBlock: this.headBlock,
      showsHead: shown[0]!.kind === "result" && isBlock(shown[0]!.result, headHex),
      previousHead,
    };
  }

  /** Remembers, until a look finds it healthy, how wide a range of logs it refused. */
  noteRefusal(blocks: bigint): void {
    this.refusedBlocks = blocks;
  }

  /** Whether it recently refused a range of logs that is no wider than this. */
  refuses(blocks: bigint): boolean {
    return this.refusedBlocks !== null && this.refusedBlocks <= blocks;
  }

  /** Remembers a fault, and reports it. */
  blame(fault: EndpointFault, method: string): void {
    this.onEvent({ kind: "rpcError", endpoint: this.origin, method, reason: fault.message });
    this.remember(fault);
  }

  /** Disables it because of what it answered. */
  accuse(reason: string): void {
    this.remember(new EndpointFault("contradicts", `contradicts itself: ${reason.replace(/\.$/, "")}`));
  }

  private remember(fault: EndpointFault): void {
    const before = this.state;
    this.state = afterFault(before, fault, this.chance.now(), this.chance.random());
    if (before.disabled === null && this.state.disabled !== null) {
      this.onEvent({ kind: "endpointDisabled", endpoint: this.origin, reason: fault.message });
    }
  }

  /** Forgets its faults, and enables it again. */
  markHealthy(): void {
    const wasDisabled = this.state.disabled !== null;
    this.state = healthy;
    this.refusedBlocks = null;
    if (wasDisabled) this.onEvent({ kind: "endpointEnabled", endpoint: this.origin });
  }

  health(): EndpointHealth {
    return { endpoint: this.origin, disabled: this.state.disabled?.reason ?? null, headBlock: this.headBlock };
  }

  close(): void {
    this.link.close();
  }

  private async waitForTurn(calls: number): Promise<void> {
    const { bucket, waitMilliseconds } = take(this.bucket, calls, this.settings.rate, this.chance.now());
    this.bucket = bucket;
    if (waitMilliseconds > 0) await sleep(waitMilliseconds);
  }
}

/** A hexadecimal text in an answer, or in a field of it. @throws EndpointFault if there is none. */
function textOf(answer: Answer, field?: string): string {
  const result = answer.kind === "result" ? answer.result : undefined;
  const value =
    field === undefined ? result : (result as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return value;
  throw new EndpointFault("malformed", "does not report its chain id and newest block");
}

function isBlock(block: unknown, numberHex: string): boolean {
  const { number } = (block ?? {}) as { readonly number?: unknown };
  return typeof number === "string" && /^0x[0-9a-f]+$/i.test(number) && BigInt(number) === BigInt(numberHex);
}

/** Looks at all endpoints together, from time to time and before a disabled one is used again. */
export class HeadTracker {
  private lookedAt: number | undefined;
  private looking: Promise<void> | undefined;
  private chain: AgreedChain | undefined;

  constructor(
    private readonly endpoints: readonly Endpoint[],
    private readonly settings: PoolSettings,
    private readonly chance: Chance,
  ) {}

  /**
   * Looks at the endpoints if a look is due. A caller waits for it only if it can't ask any endpoint before: the first
   * time, and while every endpoint is disabled.
   */
  async keepUp(): Promise<void> {
    const now = this.chance.now();
    const isOld = this.lookedAt === undefined || now - this.lookedAt > this.settings.lookEveryMilliseconds;
    if (isOld || this.endpoints.some(({ state }) => isDue(state, now))) this.look();
    const isAnyoneUsed = this.endpoints.some(({ state }) => state.disabled === null);
    if (this.chain === undefined || !isAnyoneUsed) await this.looking;
  }

  /** The id of the chain that the endpoints lead to; undefined if none has said it yet. */
  async chainId(): Promise<string | undefined> {
    await this.keepUp();
    return this.chain?.identity.chainId;
  }

  private look(): void {
    this.looking ??= this.lookAtAll().finally(() => {
      this.looking = undefined;
      this.lookedAt = this.chance.now();
    });
  }

  /** Looks at all endpoints, except those that must stay disabled for now. */
  private async lookAtAll(): Promise<void> {
    const now = this.chance.now();
    const wanted = this.endpoints.filter(({ state }) => state.disabled === null || isDue(state, now));
    const looks = wanted.map(async (endpoint) => {
      try {
        return [{ endpoint, report: await endpoint.look() }];
      } catch (error) {
        if (!(error instanceof EndpointFault)) throw error;
        endpoint.blame(error, "eth_blockNumber");
        return [];
      }
    });
    const seen = (await Promise.all(looks)).flat();
    const reports = seen.map(({ report }) => report);
    this.chain = agreedChain(
      this.chain,
      reports.map(({ identity }) => identity),
      this.endpoints.length,
    );
    if (this.chain === undefined) return;
    judge(reports, this.chain.identity, this.settings.lagBlocks).forEach((fault, i) => {
      const { endpoint } = seen[i]!;
      if (fault === null) endpoint.markHealthy();
      else endpoint.blame(fault, "eth_blockNumber");
    });
  }
}
