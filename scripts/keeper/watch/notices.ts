/**
 * What the watcher notices besides wrong settlements: roles that changed hands, an epoch that is overdue or lacks
 * signatures, changes to a stake, its own blindness.
 */
import { type Address, isAddressEqual } from "viem";
import { nextTimestamp, newestFinal } from "../../chain/blocks";
import { listRoles, type RoleHolders } from "../../chain/participants";
import { readStakeConcerns } from "../facts/validatorPast";
import { type EndpointQuorum } from "./endpointQuorum";
import { type Watcher } from "./memory";
import { type WatchEvent } from "./watchEvents";
import { type SettledEpoch } from "../facts/settledEpochs";
import { signedWeiOf } from "../quorum/chooseSigners";
import { readElectorate } from "../quorum/electorate";
import { gather } from "../quorum/gather";
import { domainOf, settlementForm, statementOf } from "../quorum/statements";

/** Reports roles whose holders are not what they should be. */
export async function noticeHolders(watcher: Watcher, quorum: EndpointQuorum): Promise<void> {
  const { connection, knownHolders, memory, tell } = watcher;
  const holders = await quorum.agree("who holds the roles", listRoles);
  const own = Object.values(connection.deployment.addresses);
  const known = knownHolders === null ? null : [...knownHolders, ...own];
  for (const event of changedHolders(memory.holders, holders, known)) tell(event);
  memory.holders = holders;
}

/**
 * Reports an epoch that nobody settled within a reveal window after it was due: the keeper is down, or someone holds it
 * back. Nothing can be settled while the Treasury is paused.
 */
export async function noticeOverdue({ connection, memory, tell }: Watcher, quorum: EndpointQuorum): Promise<void> {
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

/**
 * Reports to the staker what is new about the validators that it has stake with; after a restart, everything that still
 * holds.
 */
export async function noticeStake({ staker, memory, tell }: Watcher, quorum: EndpointQuorum): Promise<void> {
  if (staker === null) return;
  const concerns = await quorum.agree(`the validators of ${staker}`, (view) => readStakeConcerns(view, staker));
  for (const concern of concerns) {
    if (!memory.concerns.has(JSON.stringify(concern))) tell(concern);
  }
  memory.concerns = new Set(concerns.map((concern) => JSON.stringify(concern)));
}

/** Half a claim delay without a judgement leaves the other half for a human. Reported once, until it sees again. */
export function tellIfBlind({ connection, clock, memory, tell }: Watcher, reason: string): void {
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
 * @param known Who may hold roles; null if anyone who held them at the first look may.
 */
export function changedHolders(
  before: readonly RoleHolders[] | null,
  now: readonly RoleHolders[],
  known: readonly Address[] | null,
): readonly HoldersChanged[] {
  return now.flatMap(({ role, contract, holders }, index) => {
    const earlier = before?.[index]?.holders ?? (known === null ? holders : []);
    const added = holders.filter((holder) => !isIn(earlier, holder) && !isIn(known ?? [], holder));
    const removed = earlier.filter((holder) => !isIn(holders, holder));
    const isChange = added.length > 0 || removed.length > 0;
    return isChange ? [{ kind: "holdersChanged" as const, role, contract, added, removed }] : [];
  });
}

function isIn(list: readonly Address[], account: Address): boolean {
  return list.some((one) => isAddressEqual(one, account));
}

/**
 * One part in this many of the stake: if less has signed beyond what is needed, one more missing validator may break
 * the quorum.
 */
const leastSpare = 20n;

/** Epochs in a row without a signature after which a validator counts as silent. */
const silentAfterEpochs = 3;

/** Reports an epoch that a keeper settled alone although there was enough stake for a quorum. */
export async function tellIfAlone({ connection, tell }: Watcher, { settlement, signed }: SettledEpoch): Promise<void> {
  if (signed !== null || connection.deployment.config.quorum.soloAfterSeconds === 0) return;
  const epoch = Number(settlement.epoch);
  const { neededWei } = await readElectorate(connection, epoch);
  if (neededWei !== null) tell({ kind: "settledAlone", epoch, neededWei });
}

/**
 * Asks the validators of the newest final settlement what they signed: once, after late signatures have arrived too.
 */
export async function noticeTurnout(watcher: Watcher, { headBlock }: EndpointQuorum): Promise<void> {
  const { connection, memory, tell, stopping } = watcher;
  const { quorum, keeper } = connection.deployment.config;
  const newest = memory.settled.at(-1);
  const epoch = memory.settled.length - 1;
  if (newest === undefined || memory.turnoutOf === epoch || quorum.soloAfterSeconds === 0) return;
  if (newest.blockNumber > (await newestFinal(connection.reader, headBlock, keeper.confirmations))) return;
  memory.turnoutOf = epoch;
  const { signers, neededWei } = await readElectorate(connection, epoch);
  if (neededWei === null) return;
  const statement = statementOf(settlementForm, domainOf(connection), newest.settlement);
  const { signed, unsigned: missing } = await gather(connection, signers, statement, { stopping });
  stopping.throwIfAborted();
  for (const { validator } of signed) memory.unsignedEpochs.delete(validator);
  for (const { validator } of missing) {
    memory.unsignedEpochs.set(validator, (memory.unsignedEpochs.get(validator) ?? 0) + 1);
  }
  const silent = missing.filter(({ validator }) => memory.unsignedEpochs.get(validator)! >= silentAfterEpochs).length;
  const [signedWei, totalWei] = [signedWeiOf(signed), signedWeiOf(signers)];
  const isAtRisk = signedWei - neededWei < totalWei / leastSpare;
  const kind = isAtRisk ? "quorumAtRisk" : "signatures";
  tell({ kind, epoch, signedWei, neededWei, totalWei, missing, silent });
}
