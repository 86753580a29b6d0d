/** The watcher: it looks at what is settled, judges it, decides what the wrong roots call for, and acts. */
import { join } from "node:path";
import { type Address } from "viem";
import { nextTimestamp } from "../../chain/blocks";
import { holdsRole } from "../../chain/participants";
import { addressOf, type KeySources, signerOf } from "../../chain/signer";
import { readLiveRoots } from "../facts/rewardRoots";
import { type ServiceOptions, takeTurns, withService } from "../run/service";
import { judgeSettlements, saveCheckpoint } from "./judge";
import { type EndpointQuorum, openEndpointQuorum } from "./endpointQuorum";
import { type Watcher, WatchMemory } from "./memory";
import { noticeHolders, noticeOverdue, noticeStake, tellIfBlind, noticeTurnout } from "./notices";
import { type Remedy, remedyFor, wrongRoots, applyRemedy } from "./veto";
import { isAlert, type WatchEvent } from "./watchEvents";

/** How to run a watcher. */
export interface WatchOptions extends ServiceOptions<WatchEvent> {
  /** Where the guardian's key is; null if differences are only reported. */
  readonly veto: { readonly keys: KeySources; readonly from?: string | undefined } | null;
  readonly knownHolders: readonly Address[] | null;
  /** Whose validators are watched too; null if nobody's are. */
  readonly staker: Address | null;
  readonly once: boolean;
}

/** The account that is to veto is not a guardian. */
export class MissingRoleError extends Error {
  override readonly name = "MissingRoleError";
}

/**
 * Watches until it is stopped, or once. Errors that can't pass by themselves are thrown here, before it begins.
 * @returns Number of alerts.
 * @throws NotDeployedError, SignerError, KeystoreError, MissingRoleError; with `once`, whatever goes wrong.
 */
export async function startWatch(options: WatchOptions): Promise<number> {
  const { veto, knownHolders, staker, once } = options;
  let alerts = 0;
  const count = (event: WatchEvent): void => {
    if (isAlert(event)) alerts++;
  };
  const listeners = [count, ...options.listeners];
  await withService<WatchEvent>({ ...options, listeners }, async ({ service, directory, ready, started, begin }) => {
    const { connection } = service;
    const guardian = veto === null ? null : await signerOf(connection.reader, veto.from, veto.keys);
    const account = guardian === null ? null : addressOf(guardian);
    if (account !== null && !(await holdsRole(connection, "guardian", account))) {
      throw new MissingRoleError(
        `${account} may not veto: have an admin grant it the guardian role with "npx mdt roles grant --role guardian", or omit --veto.`,
      );
    }
    await options.onReady?.({ ...ready, account });
    begin({ ...started, guardian: account });
    const checkpointFile = join(directory, "watch.json");
    await runWatch({ ...service, guardian, checkpointFile, knownHolders, staker, once });
  });
  return alerts;
}

/**
 * Watches until it is stopped: judges each settlement and repost as it appears, at the head of the chain because the
 * claim delay is short, and, with a guardian's key, vetoes every root that is proven wrong. Its own failures are
 * reported and tried again, and never lead to a veto.
 * @throws whatever goes wrong, with `once`.
 */
export async function runWatch(service: Omit<Watcher, "memory">): Promise<void> {
  const { connection, guardian, once, clock } = service;
  const { pollSeconds } = connection.deployment.config.keeper;
  const memory = new WatchMemory(clock());
  const watcher: Watcher = { ...service, memory };
  const turn = async (): Promise<number | null> => {
    memory.doing = "looking at the chain";
    const quorum = await openEndpointQuorum(watcher);
    memory.doing = "checking settlements";
    await judgeSettlements(watcher, quorum);
    memory.doing = "vetoing a wrong root";
    // Judging may have taken long.
    const quorumNow = await openEndpointQuorum(watcher);
    const remedy = await remedyNow(watcher, quorumNow);
    if (remedy.kind !== "none" && guardian !== null) await applyRemedy(watcher, quorumNow, guardian, remedy);
    memory.doing = "checking roles, validators and due epochs";
    await noticeHolders(watcher, quorumNow);
    await noticeOverdue(watcher, quorumNow);
    await noticeTurnout(watcher, quorumNow);
    await noticeStake(watcher, quorumNow);
    await saveCheckpoint(watcher);
    await tellLooked(watcher, quorum);
    return once && (remedy.kind === "none" || guardian === null) ? null : pollSeconds;
  };
  const onFailure = (reason: string): void => {
    tellIfBlind(watcher, reason);
  };
  await takeTurns(watcher, { memory, turn, endsOnFailure: once, onFailure });
}

/** What the wrong roots that are alive call for; reports those that are gone. */
async function remedyNow({ connection, memory, tell }: Watcher, quorum: EndpointQuorum): Promise<Remedy> {
  const { reader, deployment } = connection;
  const [live, isPaused] = await quorum.agree("which roots can be claimed against", (view) =>
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

/** Reports that one look is over, and everything on the chain is judged. */
async function tellLooked(watcher: Watcher, { headBlock }: EndpointQuorum): Promise<void> {
  const { connection, guardian, memory, tell, clock } = watcher;
  memory.progressAt = clock();
  memory.isBlind = false;
  const guardianBalanceWei =
    guardian === null ? null : await connection.reader.getBalance({ address: addressOf(guardian) });
  const lastJudgedEpoch = memory.settled.length - 1;
  tell({ kind: "looked", headBlock, lastJudgedEpoch, wrongRoots: memory.wrongRoots.size, guardianBalanceWei });
}
