import { type Chance, type Endpoint } from "./endpoint";
import { EndpointFault, isDue } from "./endpointState";
import { agreedChain, type AgreedChain, judge, type HeadReport } from "./heads";
import { type PoolSettings } from "./settings";

/** Looks at the endpoints beside each other, from time to time and before one that was disabled is used again. */
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
   * Looks where a look is wanted. A caller waits for it only where it has nobody to ask before: at the very first, and
   * while every endpoint is disabled.
   */
  async keepUp(): Promise<void> {
    const now = this.chance.now();
    const isOld = this.lookedAt === undefined || now - this.lookedAt > this.settings.lookEveryMilliseconds;
    if (isOld || this.endpoints.some(({ state }) => isDue(state, now))) this.look();
    const isAnyoneUsed = this.endpoints.some(({ state }) => state.disabled === null);
    if (this.chain === undefined || !isAnyoneUsed) await this.looking;
  }

  /** The id of the chain that the endpoints lead to; undefined where none has said it yet. */
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

  /** Everybody but those whose time aside is not over. */
  private async lookAtAll(): Promise<void> {
    const now = this.chance.now();
    const wanted = this.endpoints.filter(({ state }) => state.disabled === null || isDue(state, now));
    const seen: { readonly endpoint: Endpoint; readonly report: HeadReport }[] = [];
    await Promise.all(
      wanted.map(async (endpoint) => {
        try {
          seen.push({ endpoint, report: await endpoint.look() });
        } catch (error) {
          if (!(error instanceof EndpointFault)) throw error;
          endpoint.blame(error, "eth_blockNumber");
        }
      }),
    );
    seen.sort((a, b) => this.endpoints.indexOf(a.endpoint) - this.endpoints.indexOf(b.endpoint));
    const reports = seen.map(({ report }) => report);
    const identities = reports.map(({ identity }) => identity);
    this.chain = agreedChain(this.chain, identities, this.endpoints.length);
    if (this.chain === undefined) return;
    judge(reports, this.chain.identity, this.settings.lagBlocks).forEach((fault, i) => {
      const { endpoint } = seen[i]!;
      if (fault === null) endpoint.markHealthy();
      else endpoint.blame(fault, "eth_blockNumber");
    });
  }
}
