/** A long time in the life of keepers. */
export interface CampaignPlan {
  readonly epochs: number;
  readonly seed: number;
  /** Each keeper's account, as an index among the node's. */
  readonly keepers: readonly number[];
  readonly confirmations: number;
  /** The part of all requests that meets a fault. */
  readonly faultRate: number;
  /** Whether reorganisations reach below the block from which on the newest epoch is due. */
  readonly inputsMayBeLost: boolean;
  /** Out of every thousand blocks: after so many a keeper is killed, and people do something. */
  readonly killsPerThousand: number;
  readonly livesPerThousand: number;
}
