/** The keeper: it looks at the chain, decides, acts, and looks again. */
import { dataDirectory } from "../../chain/deployment";
import { holdsRole } from "../../chain/roles";
import { originOf } from "../../chain/rpc/poolEvents";
import { addressOf, type KeySources, signerOf } from "../../chain/signer";
import { requireNoOlderView } from "../facts/olderView";
import { acceptedEpochIn } from "./acceptance";
import { decide, type Decision, type Intentions } from "./decide";
import { type KeeperEvent } from "./keeperEvents";
import { leaveOutReverted } from "./leftOut";
import { look, type Observation } from "./look";
import { haltedEpochAt, type Keeper, type KeeperMemory, newMemory } from "./memory";
import { noticeChanges } from "./noticeChanges";
import { openServiceArchive, type ServiceOptions, takeTurns, withService } from "./service";
import { replaceSettlement, settleDue } from "./settleDue";

/** How to run a keeper. */
export interface KeeperOptions extends ServiceOptions<KeeperEvent> {
  readonly keys: KeySources;
  /** Which of a development node's accounts signs where there is no key. */
  readonly from?: string | undefined;
}

/**
 * Runs a keeper until it is stopped: with its role it settles alone where that is allowed, without it, as anybody may, it sends what
 * validators signed. What can't pass by itself ends it right here, before it has begun.
 * @throws NotDeployedError, SignerError, KeystoreError
 */
export function startKeeper(options: KeeperOptions): Promise<void> {
  return withService<KeeperEvent>(options, async ({ service, begin, endpoints }) => {
    const { connection } = service;
    const signer = await signerOf(connection.reader, options.from, options.keys);
    const archive = await openServiceArchive(service, options.dataRoot);
    const account = addressOf(signer);
    await options.onReady?.({ connection, account, endpoints, tell: service.tell });
    const { id: deployment, chainId } = connection.deployment;
    const mayBeAlone = await holdsRole(connection, "keeper", account);
    const where = { chainId, deployment, endpoints: options.endpoints.map(originOf) };
    begin({ kind: "started", ...where, keeper: account, mayBeAlone });
    const directory = dataDirectory(deployment, options.dataRoot);
    await runKeeper({ ...service, archive, signer, acceptedEpoch: () => acceptedEpochIn(directory) });
  });
}

/**
 * Settles epoch after epoch until it is stopped. Whatever goes wrong is reported and tried again later. It remembers
 * nothing that the chain does not say, so it can be killed at any moment.
 */
export async function runKeeper(keeper: Keeper): Promise<void> {
  const { connection, signer, singleEndpoints, tell, accuse } = keeper;
  const { confirmations } = connection.deployment.config.keeper;
  const memory = newMemory();
  const turn = async (): Promise<number> => {
    memory.doing = "looking at the chain";
    const seen = await look(connection, confirmations, addressOf(signer));
    await requireNoOlderView(seen.headBlock, memory.settled, singleEndpoints);
    await noticeChanges(connection, memory, seen, tell);
    const decision = decide(seen, intentionsOf(keeper, memory));
    return act(keeper, memory, seen, decision);
  };
  const onContradiction = (reason: string, inARow: number): boolean => {
    connection.events.distrust();
    // The first time the events stay that once seemed right; where those are wrong, too, the next endpoint is not to blame.
    return inARow % 2 === 0 || accuse(reason);
  };
  await takeTurns(keeper, { memory, turn, onContradiction });
}

function intentionsOf({ connection, clock, acceptedEpoch }: Keeper, memory: KeeperMemory): Intentions {
  return {
    sent: memory.sent,
    outrunEpoch: memory.outrunEpoch,
    secondsSinceSent: clock() - memory.sentAt,
    replaceAfterSeconds: connection.deployment.config.keeper.replaceAfterSeconds,
    haltedEpoch: haltedEpochAt(memory, clock(), acceptedEpoch()),
  };
}

/** Does what was decided. @returns How many seconds later to look again. */
async function act(keeper: Keeper, memory: KeeperMemory, seen: Observation, decision: Decision): Promise<number> {
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
      await leaveOutReverted(keeper.connection, memory.leftOut, decision.sent, keeper.tell);
      memory.sent = null;
      throw new Setback("another transaction used the nonce of the settlement, and the epoch is not settled");
    case "settle":
      return settleDue(keeper, memory, seen);
    case "replace":
      return replaceSettlement(keeper, memory, seen, decision.sent);
  }
}

/** Something that may pass by itself: it is reported, and tried again later. */
class Setback extends Error {
  override readonly name = "Setback";
}
