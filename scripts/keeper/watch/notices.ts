/** What the watcher notices besides settlements: roles that changed hands, an epoch that is overdue, what befell a stake, its own blindness. */
import { type Address } from "viem";
import { nextTimestamp } from "../../chain/blocks";
import { listRoles, type RoleHolders } from "../../chain/roles";
import { readStakeConcerns } from "../facts/validatorPast";
import { type EndpointQuorum } from "./endpointQuorum";
import { type Watcher, type WatchMemory } from "./memory";
import { type WatchEvent } from "./watchEvents";

/** Reports roles whose holders are not what they should be. */
export async function noticeHolders(watcher: Watcher, memory: WatchMemory, quorum: EndpointQuorum): Promise<void> {
  const { connection, knownHolders, tell } = watcher;
  const holders = await quorum.agree("who holds the roles", listRoles);
  const own = Object.values(connection.deployment.addresses);
  const known = knownHolders === null ? null : [...knownHolders, ...own];
  for (const event of changedHolders(memory.holders, holders, known)) tell(event);
  memory.holders = holders;
}

/**
 * An epoch that nobody settles within a reveal window after it could have been settled: the keeper is down, or somebody holds it
 * back. Nothing can be settled while the Treasury is paused.
 */
export async function noticeOverdue(
  { connection, tell }: Watcher,
  memory: WatchMemory,
  quorum: EndpointQuorum,
): Promise<void> {
  const { reader, deployment } = connection;
  const { slotSeconds, revealSlots } = deployment.config.clock;
  const next = await quorum.agree("when the next epoch is due", async ({ contracts: { treasury } }) => {
    const [epoch, paused] = await Promise.all([treasury.read.nextEpochToSettle(), treasury.read.paused()]);
    return { epoch: Number(epoch), paused, dueAt: Number(await treasury.read.revealEnd([epoch])) };
  });
  const now = Number(await nextTimestamp(reader));
  if (next.paused) memory.pausedAt = now;
  const { epoch, dueAt } = next;
  const secondsOverdue = now - Math.max(dueAt, memory.pausedAt);
  if (secondsOverdue <= slotSeconds * revealSlots || memory.overdueEpoch === epoch) return;
  memory.overdueEpoch = epoch;
  tell({ kind: "overdue", epoch, dueAt, secondsOverdue });
}

/** Reports to the staker what is new of the validators with which it has stake; after a restart, all that holds. */
export async function noticeStake(
  { staker, tell }: Watcher,
  memory: WatchMemory,
  quorum: EndpointQuorum,
): Promise<void> {
  if (staker === null) return;
  const concerns = await quorum.agree(`the validators of ${staker}`, (view) => readStakeConcerns(view, staker));
  for (const concern of concerns) {
    if (!memory.concerns.has(JSON.stringify(concern))) tell(concern);
  }
  memory.concerns = new Set(concerns.map((concern) => JSON.stringify(concern)));
}

/** Half a claim delay without a judgement leaves the other half for a human. Reported once, until it sees again. */
export function tellIfBlind({ connection, clock, tell }: Watcher, memory: WatchMemory, reason: string): void {
  const { settlement, keeper } = connection.deployment.config;
  const secondsWithoutProgress = clock() - memory.progressAt;
  const patienceSeconds = Math.max(settlement.claimDelaySeconds / 2, 5 * keeper.pollSeconds);
  if (memory.isBlind || secondsWithoutProgress < patienceSeconds) return;
  memory.isBlind = true;
  tell({ kind: "blind", secondsWithoutProgress, reason });
}

type HoldersChanged = Extract<WatchEvent, { kind: "holdersChanged" }>;

/**
 * Roles whose holders are not what they should be.
 * @param before The holders at the last look; null at the first.
 * @param known Who may hold roles; null where anyone who held them at the first look may.
 */
export function changedHolders(
  before: readonly RoleHolders[] | null,
  now: readonly RoleHolders[],
  known: readonly Address[] | null,
): readonly HoldersChanged[] {
  const isKnown = (holder: Address): boolean => known?.some((one) => same(one, holder)) ?? false;
  return now.flatMap(({ role, contract, holders }, index) => {
    const earlier = before?.[index]?.holders ?? (known === null ? holders : []);
    const added = holders.filter((holder) => !isIn(earlier, holder) && !isKnown(holder));
    const removed = earlier.filter((holder) => !isIn(holders, holder));
    const isChange = added.length > 0 || removed.length > 0;
    return isChange ? [{ kind: "holdersChanged" as const, role, contract, added, removed }] : [];
  });
}

function isIn(list: readonly Address[], account: Address): boolean {
  return list.some((one) => same(one, account));
}

function same(one: Address, other: Address): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
