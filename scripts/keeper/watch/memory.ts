/** What the watcher works with, and what it carries from one look to the next. */
import { type Address, type Hex } from "viem";
import { type RoleHolders } from "../../chain/roles";
import { type Signer } from "../../chain/signer";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type Service } from "../run/service";
import { type SentTransaction } from "../run/transactions";
import { type StartingPoint } from "../verify/verifyEpochs";
import { type Judgement } from "./remedy";
import { type WatchEvent } from "./watchEvents";

/** What a watcher works with. Its connection is for whatever is no judgement: the time, and what its account has. */
export interface Watcher extends Service<WatchEvent> {
  /** Whose key vetoes; null where differences are only told. */
  readonly guardian: Signer | null;
  /** Where it keeps the point from which it continues after a restart. */
  readonly checkpointFile: string;
  /** Who may hold roles; null where anyone who held them at the first look may. */
  readonly knownHolders: readonly Address[] | null;
  /** Whose validators are watched too; null where nobody's are. */
  readonly staker: Address | null;
  /** Whether to end once everything there is was judged and no veto is due any more. */
  readonly once: boolean;
}

/** What the epochs before `nextEpoch` left, and the root that they call for. */
export interface JudgedPoint extends StartingPoint {
  readonly root: Hex;
}

/** A veto that was sent and is not mined as far as is known. */
export interface SentVeto extends SentTransaction {
  readonly fromEpoch: number;
  readonly pauses: boolean;
}

/** What the watcher carries from one look to the next; when it is killed, the chain and the checkpoint give it back. */
export interface WatchMemory {
  /** The settlements that are judged, as they were. */
  settled: readonly SettledEpoch[];
  readonly judgements: Map<number, Judgement>;
  /**
   * After the newest judged epoch and after the one before it: the newest may be reposted, or be dropped by a
   * reorganisation.
   */
  points: readonly JudgedPoint[];
  /** The epochs of wrong roots that were alive at the last look. */
  wrongRoots: ReadonlyMap<Hex, number>;
  sent: SentVeto | null;
  /** How many attempts there were to veto; the next one takes the next endpoint. */
  remediesTried: number;
  /** On the watcher's clock. */
  sentAt: number;
  holders: readonly RoleHolders[] | null;
  /** The epoch that was reported as overdue. */
  overdueEpoch: number | null;
  /** The newest epoch whose validators were asked what they signed. */
  turnoutOf: number;
  /** Of how many epochs in a row, of those that were asked about, a validator has signed nothing. */
  readonly unsignedEpochs: Map<Address, number>;
  /** What was reported to the staker and still holds, as JSON. */
  concerns: ReadonlySet<string>;
  /** When the Treasury was last seen paused, by the chain's time; zero where it never was. */
  pausedAt: number;
  /** When an epoch was last judged or a look ended well, on the watcher's clock. */
  progressAt: number;
  isBlind: boolean;
  /** Which endpoints were reported to disagree, and on what. */
  readonly dissenting: Set<string>;
  /** What it is about, for telling what failed. */
  doing: string;
}

/** The memory of a watcher that was just started. */
export function newWatchMemory(now: number): WatchMemory {
  return {
    settled: [],
    judgements: new Map(),
    points: [],
    wrongRoots: new Map(),
    sent: null,
    remediesTried: 0,
    sentAt: 0,
    holders: null,
    overdueEpoch: null,
    turnoutOf: -1,
    unsignedEpochs: new Map(),
    concerns: new Set(),
    pausedAt: 0,
    progressAt: now,
    isBlind: false,
    dissenting: new Set(),
    doing: "looking at the chain",
  };
}
