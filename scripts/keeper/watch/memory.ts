/** What the watcher works with, and what it carries from one look to the next. */
import { type Address, type Hex } from "viem";
import { type RoleHolders } from "../../chain/participants";
import { type Signer } from "../../chain/signer";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type Service } from "../run/service";
import { type SentTransaction } from "../run/transactions";
import { type EpochFinding, type StartingPoint } from "../verify/verifyEpochs";
import { type WatchEvent } from "./watchEvents";

/** What a watcher works with. Its connection isn't for judgements, only for things like the time and a balance. */
export interface Watcher extends Service<WatchEvent> {
  /** Whose key vetoes; null if differences are only reported. */
  readonly guardian: Signer | null;
  /** Where it keeps the point from which it continues after a restart. */
  readonly checkpointFile: string;
  /** Who may hold roles; null if anyone who held them at the first look may. */
  readonly knownHolders: readonly Address[] | null;
  /** Whose validators are watched too; null if nobody's are. */
  readonly staker: Address | null;
  /** Whether to end once everything is judged and no veto is due any more. */
  readonly once: boolean;
  readonly memory: WatchMemory;
}

/** What the epochs before `nextEpoch` left, and the root that they call for. */
export interface JudgedPoint extends StartingPoint {
  readonly root: Hex;
}

/** A veto that was sent and is not known to be mined. */
export interface SentVeto extends SentTransaction {
  readonly fromEpoch: number;
  readonly pauses: boolean;
}

/** The finding on a settled epoch, with the root that the epochs before it call for. */
export interface Judgement {
  readonly finding: EpochFinding;
  readonly rightRootBefore: Hex;
}

/**
 * Whether the root that an epoch posted last divides its rewards incorrectly. One that repeats the root before it
 * withholds an epoch's rewards and steals nothing: vetoing it would take away what people already have.
 */
export function isRootWrong({ finding: { root, rightRoot }, rightRootBefore }: Judgement): boolean {
  return root !== rightRoot && root !== rightRootBefore;
}

/** What the watcher carries from one look to the next; after a restart, the chain and the checkpoint restore it. */
export class WatchMemory {
  /** The judged settlements, as they were when judged. */
  settled: readonly SettledEpoch[] = [];
  readonly judgements = new Map<number, Judgement>();
  /**
   * After the newest judged epoch and after the one before it: the newest may be reposted, or be dropped by a
   * reorganisation.
   */
  points: readonly JudgedPoint[] = [];
  /** The epochs of wrong roots that were alive at the last look. */
  wrongRoots: ReadonlyMap<Hex, number> = new Map();
  sent: SentVeto | null = null;
  /** Number of attempts to veto so far; the next one uses the next endpoint. */
  remediesTried = 0;
  /** On the watcher's clock. */
  sentAt = 0;
  holders: readonly RoleHolders[] | null = null;
  /** The epoch that was reported as overdue. */
  overdueEpoch: number | null = null;
  /** The newest epoch whose validators were asked what they signed. */
  turnoutOf = -1;
  /** For how many epochs in a row, of those that were asked about, each validator has signed nothing. */
  readonly unsignedEpochs = new Map<Address, number>();
  /** What was reported to the staker and still holds, as JSON. */
  concerns: ReadonlySet<string> = new Set();
  /** When the Treasury was last seen paused, by the chain's time; zero if it never was. */
  pausedAt = 0;
  isBlind = false;
  /** Which endpoints were reported to disagree, and on what. */
  readonly dissenting = new Set<string>();
  /** What the watcher is doing, for reporting what failed. */
  doing = "looking at the chain";

  /** @param progressAt When an epoch was last judged or a look ended well, on the watcher's clock. */
  constructor(public progressAt: number) {}
}
