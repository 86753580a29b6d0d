/** How much of the stake signs: a settlement carries no more signatures than it takes, so that validators' nodes are asked. */
import { newestConfirmed } from "../../chain/blocks";
import { type SettledEpoch } from "../facts/settledEpochs";
import { signedWeiOf } from "../quorum/chooseSigners";
import { readElectorate } from "../quorum/electorate";
import { askingRulesOf, gather } from "../quorum/gather";
import { domainOf, settlementStatement } from "../quorum/statement";
import { type EndpointQuorum } from "./endpointQuorum";
import { type Watcher, type WatchMemory } from "./memory";

/** Where less than this part of the stake has signed beyond what is needed, a single validator may be missed. */
const leastSpare = 20n;

/** Anyone who signs none of this many epochs in a row is silent. */
const silentAfterEpochs = 3;

/** Reports an epoch that a keeper settled alone though there was enough stake for a quorum. */
export async function tellIfAlone({ connection, tell }: Watcher, { settlement, signed }: SettledEpoch): Promise<void> {
  if (signed !== null || connection.deployment.config.quorum.soloAfterSeconds === 0) return;
  const epoch = Number(settlement.epoch);
  const { neededWei } = await readElectorate(connection, epoch);
  if (neededWei !== null) tell({ kind: "settledAlone", epoch, neededWei });
}

/** Asks the validators of the newest confirmed settlement what they signed: once, when late signatures have come, too. */
export async function noticeTurnout(
  watcher: Watcher,
  memory: WatchMemory,
  { headBlock }: EndpointQuorum,
): Promise<void> {
  const { connection, tell, stopping } = watcher;
  const { quorum, keeper } = connection.deployment.config;
  const newest = memory.settled.at(-1);
  const epoch = memory.settled.length - 1;
  if (newest === undefined || memory.turnoutOf === epoch || quorum.soloAfterSeconds === 0) return;
  if (newest.blockNumber > (await newestConfirmed(connection.reader, headBlock, keeper.confirmations))) return;
  memory.turnoutOf = epoch;
  const { signers, neededWei } = await readElectorate(connection, epoch);
  if (neededWei === null) return;
  const statement = settlementStatement(domainOf(connection), newest.settlement);
  const rules = { ...askingRulesOf(connection), known: new Map(), stopping };
  const { signed, unsigned: missing } = await gather(connection, signers, statement, rules);
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
