/** A long time in the life of nodes. */
export interface NodePlan {
  readonly epochs: number;
  readonly seed: number;
  /** The parts of all calls to the chain, of all requests for blobs and of all questions to experts that meet a fault. */
  readonly faultRate: number;
  readonly blobFaultRate: number;
  readonly expertFaultRate: number;
  /** Out of every thousand blocks: after so many a node is killed, a second copy of one is started, a task is wanted. */
  readonly killsPerThousand: number;
  readonly copiesPerThousand: number;
  readonly ordersPerThousand: number;
}

/** The owners of nodes, as indices among the validators or miners of a world. */
export const nodesOf = { validators: [0, 1, 2], miners: [0, 1] } as const;

/** The first epoch in which everyone counts. */
export const firstEpoch = 2;
