/** The keeper: it looks at the chain, decides, acts, and looks again. */
import { parseEventLogs } from "viem";
import { holdsRole } from "../../chain/participants";
import { addressOf, type KeySources, type Signer, signerOf } from "../../chain/signer";
import { requireNoOlderView, look, type Observation } from "./look";
import { acceptedEpochIn } from "./objections";
import { decide, type Decision, KeeperMemory } from "./decide";
import { type KeeperEvent } from "./keeperEvents";
import { openServiceArchive, type ServiceOptions, takeTurns, withService } from "./service";
import { abandonSettlement, type Keeper, replaceSettlement, settleDue } from "./settleDue";
import { receiptOf, Sender } from "./transactions";
import { type Connection } from "../../chain/connection";
import { figuresOf, type SettledEpoch } from "../facts/settledEpochs";

/** What a keeper runs with. */
interface KeeperService extends Omit<Keeper, "sender" | "memory"> {
  readonly signer: Signer;
}

/** How to run a keeper. */
export interface KeeperOptions extends ServiceOptions<KeeperEvent> {
  readonly keys: KeySources;
  /** Which of a development node's accounts signs if there is no key. */
  readonly from?: string | undefined;
}

/**
 * Runs a keeper until it is stopped: with the keeper role it settles alone once that is allowed; without it, it sends
 * what validators signed, as anyone may. Errors that can't pass by themselves are thrown here, before it begins.
 * @throws NotDeployedError, SignerError, KeystoreError
 */
export function startKeeper(options: KeeperOptions): Promise<void> {
  return withService<KeeperEvent>(options, async ({ service, directory, ready, started, begin }) => {
    const { connection } = service;
    const signer = await signerOf(connection.reader, options.from, options.keys);
    const archive = await openServiceArchive(service, options.dataRoot);
    const account = addressOf(signer);
    await options.onReady?.({ ...ready, account });
    begin({ ...started, keeper: account, mayBeAlone: await holdsRole(connection, "keeper", account) });
    await runKeeper({ ...service, archive, signer, acceptedEpoch: () => acceptedEpochIn(directory) });
  });
}

/**
 * Settles epoch after epoch until it is stopped. Whatever goes wrong is reported and tried again later. It can be
 * killed at any moment, because the chain holds everything that it remembers.
 */
export async function runKeeper({ signer, ...service }: KeeperService): Promise<void> {
  const { connection, singleEndpoints, clock, acceptedEpoch } = service;
  const { confirmations, replaceAfterSeconds } = connection.deployment.config.keeper;
  const memory = new KeeperMemory();
  const keeper: Keeper = { ...service, sender: new Sender(connection, signer), memory };
  const turn = async (): Promise<number> => {
    memory.doing = "looking at the chain";
    const seen = await look(connection, confirmations, addressOf(signer));
    await requireNoOlderView(seen.headBlock, memory.settled, singleEndpoints);
    await noticeChanges(keeper, seen);
    const decision = decide(seen, memory, { now: clock(), replaceAfterSeconds, acceptedEpoch: acceptedEpoch() });
    return act(keeper, seen, decision);
  };
  await takeTurns(keeper, { memory, turn, blamesEndpoint: true });
}

/** Does what was decided. @returns Seconds until the next look. */
async function act(keeper: Keeper, seen: Observation, decision: Decision): Promise<number> {
  const { memory } = keeper;
  const { pollSeconds } = keeper.connection.deployment.config.keeper;
  const isNews = memory.lastDecision?.kind !== decision.kind || memory.lastDecision.epoch !== decision.epoch;
  memory.lastDecision = decision;
  switch (decision.kind) {
    case "wait":
      if (isNews) keeper.tell({ ...decision, kind: "waiting" });
      return pollSeconds;
    case "paused":
      if (isNews) keeper.tell(decision);
      return pollSeconds;
    case "awaitMining":
    case "confirm":
    case "halted":
      return pollSeconds;
    case "abandon":
      await abandonSettlement(keeper, decision.sent);
      throw new Setback("another transaction used the nonce of the settlement, and the epoch is not settled");
    case "settle":
      return settleDue(keeper, seen);
    case "replace":
      return replaceSettlement(keeper, seen, decision.sent);
  }
}

/** Something that may pass by itself: it is reported, and tried again later. */
class Setback extends Error {
  override readonly name = "Setback";
}

/** Reports what changed since the last look, and remembers what was seen. */
async function noticeChanges(keeper: Keeper, seen: Observation): Promise<void> {
  const { memory, tell } = keeper;
  const { headBlock, headTimestamp, finalBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei } = seen;
  tell({
    kind: "looked",
    ...{ headBlock, headTimestamp, finalBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei },
  });
  const { vetoedEpoch } = seen;
  if (vetoedEpoch !== null && vetoedEpoch !== memory.vetoedEpoch) tell({ kind: "vetoed", epoch: vetoedEpoch });
  memory.vetoedEpoch = vetoedEpoch;
  const news = await settlementNews(keeper, seen.settled);
  for (const epoch of settledOnlyIn(memory.settled, seen.settled)) {
    tell({ kind: "reorganised", epoch });
    memory.reported = Math.min(memory.reported ?? 0, epoch);
  }
  news.forEach(tell);
  const expected = expectedEpoch(memory);
  if (expected !== null && seen.settled[expected] !== undefined) memory.sent = memory.outrunEpoch = null;
  memory.settled = seen.settled;
  // Epochs that were final before this keeper began are reported once, not one by one.
  const earlier = memory.reported === null ? Math.max(0, seen.finalEpochs - 1) : 0;
  const reported = memory.reported ?? earlier;
  for (const figures of figuresOf(seen.settled.slice(reported, seen.finalEpochs))) {
    tell({ kind: "final", figures, earlier, transactionHash: seen.settled[figures.epoch]!.transactionHash });
  }
  memory.reported = Math.max(reported, seen.finalEpochs);
}

/** The epoch whose settlement is pending, as far as the keeper knows. */
function expectedEpoch({ sent, outrunEpoch }: KeeperMemory): number | null {
  return sent?.epoch ?? outrunEpoch;
}

/** The epochs that `some` have settled, and `others` have not, or by another transaction. */
function settledOnlyIn(some: readonly SettledEpoch[], others: readonly SettledEpoch[]): readonly number[] {
  // If they share the block of a settlement, they share all settlements before it.
  const shared = some.findLastIndex(({ blockHash }, epoch) => others[epoch]?.blockHash === blockHash) + 1;
  return some
    .slice(shared)
    .flatMap(({ transactionHash }, i) => (others[shared + i]?.transactionHash === transactionHash ? [] : [shared + i]));
}

/**
 * What to report about settlements since the last look: those that this keeper signed, even if the node's answer to
 * them was lost, and someone else's of the epoch that this keeper was about to settle.
 * @param now Every settlement on the chain.
 */
async function settlementNews(
  { connection, sender, memory }: Keeper,
  now: readonly SettledEpoch[],
): Promise<readonly KeeperEvent[]> {
  const expected = expectedEpoch(memory);
  const news: KeeperEvent[] = [];
  const untold: number[] = [];
  for (const epoch of new Set([...memory.untold, ...settledOnlyIn(now, memory.settled)])) {
    const settled = now[epoch];
    if (settled === undefined) continue;
    if (sender.signed.has(settled.transactionHash)) {
      const mined = await minedEvent(connection, epoch, settled);
      if (mined === undefined) untold.push(epoch);
      else news.push(mined);
    } else if (epoch === expected) {
      news.push({ kind: "alreadySettled", epoch });
    }
  }
  memory.untold = untold;
  return news;
}

/** Undefined if the endpoint has no receipt: only the report needs it, and nothing waits for it. */
async function minedEvent(
  connection: Connection,
  epoch: number,
  { transactionHash }: SettledEpoch,
): Promise<KeeperEvent | undefined> {
  const receipt = await receiptOf(connection, transactionHash);
  if (receipt === undefined) return undefined;
  const { blockNumber, gasUsed, effectiveGasPrice, logs } = receipt;
  const feeWei = gasUsed * effectiveGasPrice;
  const { length: paid } = parseEventLogs({ abi: connection.contracts.treasury.abi, eventName: "Claimed", logs });
  return { kind: "mined", epoch, transactionHash, blockNumber, gasUsed, feeWei, paid };
}
