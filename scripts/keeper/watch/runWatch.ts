import { setTimeout as sleep } from "node:timers/promises";
import { nextTimestamp } from "../../chain/blocks";
import { addressOf } from "../../chain/signer";
import { listRoles } from "../../chain/roles";
import { readLiveRoots } from "../facts/liveRoots";
import { reasonOf } from "../run/reasonOf";
import { retrySeconds } from "../run/retrySeconds";
import { applyRemedy } from "./applyRemedy";
import { changedHolders } from "./holders";
import { judgeSettlements } from "./judgeSettlements";
import { type Jury } from "./jury";
import { type Remedy, remedyFor, wrongRoots } from "./remedy";
import { saveCheckpoint } from "./saveCheckpoint";
import { summonJury } from "./summonJury";
import { newWatchMemory, type Watcher, type WatchMemory } from "./watcher";

/**
 * Watches until it is stopped: judges each settlement and repost as it appears, at the head of the chain because the claim
 * delay is short, and with a guardian's key vetoes every root that is proven wrong. Its own failures are told and tried
 * again, and never lead to a veto.
 * @throws whatever goes wrong, where it is to look once.
 */
export async function runWatch(watcher: Watcher): Promise<void> {
  const { connection, stopping, tell, clock } = watcher;
  const { pollSeconds } = connection.deployment.config.keeper;
  const hasStopped = (): boolean => stopping.aborted;
  const memory = newWatchMemory(clock());
  let failures = 0;
  while (!hasStopped()) {
    let pauseSeconds = pollSeconds;
    try {
      const remedy = await look(watcher, memory);
      failures = 0;
      if (watcher.once && (remedy.kind === "none" || watcher.guardian === null)) return;
    } catch (error) {
      if (hasStopped()) break;
      if (watcher.once) throw error;
      pauseSeconds = retrySeconds(pollSeconds, failures++, watcher.random());
      const reason = reasonOf(error);
      tell({ kind: "failed", during: memory.doing, reason, retryInSeconds: pauseSeconds });
      tellIfBlind(watcher, memory, reason);
    }
    await sleep(pauseSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
  }
  tell({ kind: "stopped", reason: String(stopping.reason) });
}

/** Judges what is new, and acts on it at once. @returns What it did or would have done. */
async function look(watcher: Watcher, memory: WatchMemory): Promise<Remedy> {
  const { connection, guardian, tell, clock } = watcher;
  memory.doing = "looking at the chain";
  const jury = await summonJury(watcher, memory);
  memory.doing = "judging settlements";
  await judgeSettlements(watcher, memory, jury);
  memory.doing = "vetoing a wrong root";
  // Judging may have taken long.
  const juryNow = await summonJury(watcher, memory);
  const remedy = await remedyNow(watcher, memory, juryNow);
  if (remedy.kind !== "none" && guardian !== null) await applyRemedy(watcher, memory, juryNow, guardian, remedy);
  memory.doing = "looking for what else should not be";
  await noticeHolders(watcher, memory, juryNow);
  await noticeOverdue(watcher, memory, juryNow);
  await saveCheckpoint(watcher, memory);
  memory.progressAt = clock();
  memory.isBlind = false;
  const guardianBalanceWei =
    guardian === null ? null : await connection.reader.getBalance({ address: addressOf(guardian) });
  const wrongRoots = memory.wrongRoots.size;
  const { headBlock } = jury;
  tell({ kind: "looked", headBlock, lastJudgedEpoch: memory.settled.length - 1, wrongRoots, guardianBalanceWei });
  return remedy;
}

/** What the wrong roots call for that are alive; tells of those that are gone. */
async function remedyNow({ connection, tell }: Watcher, memory: WatchMemory, jury: Jury): Promise<Remedy> {
  const { reader, deployment } = connection;
  const [live, isPaused] = await jury.agree("which roots are alive", (view) =>
    Promise.all([readLiveRoots(view), view.contracts.treasury.read.paused()]),
  );
  const now = await nextTimestamp(reader);
  const { judgements } = memory;
  const wrong = new Map(wrongRoots({ live, judgements }).map(({ root, epoch }) => [root, epoch]));
  for (const [root, epoch] of memory.wrongRoots) {
    if (!wrong.has(root)) tell({ kind: "wrongRootGone", epoch, root });
  }
  memory.wrongRoots = wrong;
  if (wrong.size === 0) memory.sent = null;
  const marginSeconds = deployment.config.keeper.replaceAfterSeconds;
  return remedyFor({ live, judgements, isPaused, now: Number(now), marginSeconds });
}

async function noticeHolders(watcher: Watcher, memory: WatchMemory, jury: Jury): Promise<void> {
  const { connection, knownHolders, tell } = watcher;
  const holders = await jury.agree("who holds the roles", listRoles);
  const own = Object.values(connection.deployment.addresses);
  const known = knownHolders === null ? null : [...knownHolders, ...own];
  for (const event of changedHolders(memory.holders, holders, known)) tell(event);
  memory.holders = holders;
}

/** An epoch that nobody settles within a reveal window after it was due: the keeper is down, or somebody holds it back. */
async function noticeOverdue({ connection, tell }: Watcher, memory: WatchMemory, jury: Jury): Promise<void> {
  const { reader, deployment } = connection;
  const { slotSeconds, revealSlots } = deployment.config.clock;
  const { epoch, dueAt } = await jury.agree("when the next epoch is due", async ({ contracts: { treasury } }) => {
    const next = await treasury.read.nextEpochToSettle();
    return { epoch: Number(next), dueAt: Number(await treasury.read.revealEnd([next])) };
  });
  const secondsOverdue = Number(await nextTimestamp(reader)) - dueAt;
  if (secondsOverdue <= slotSeconds * revealSlots || memory.overdueEpoch === epoch) return;
  memory.overdueEpoch = epoch;
  tell({ kind: "overdue", epoch, dueAt, secondsOverdue });
}

/** Half a claim delay without a judgement leaves the other half for a human. Told once, until it sees again. */
function tellIfBlind({ connection, clock, tell }: Watcher, memory: WatchMemory, reason: string): void {
  const { settlement, keeper } = connection.deployment.config;
  const secondsWithoutProgress = clock() - memory.progressAt;
  const patienceSeconds = Math.max(settlement.claimDelaySeconds / 2, 5 * keeper.pollSeconds);
  if (memory.isBlind || secondsWithoutProgress < patienceSeconds) return;
  memory.isBlind = true;
  tell({ kind: "blind", secondsWithoutProgress, reason });
}
