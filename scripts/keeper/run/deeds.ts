import { parseEventLogs } from "viem";
import { type Connection } from "../../chain/connection";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type KeeperEvent } from "./keeperEvents";
import { type KeeperMemory } from "./keeperMemory";

/** The epoch whose settlement is on its way, as far as is known. */
export function expectedEpoch({ sent, outrunEpoch }: Pick<KeeperMemory, "sent" | "outrunEpoch">): number | null {
  return sent?.epoch ?? outrunEpoch;
}

/** The epochs that `some` have settled and `others` have not, or by another transaction. */
export function settledOnlyIn(some: readonly SettledEpoch[], others: readonly SettledEpoch[]): readonly number[] {
  return some.flatMap(({ transactionHash }, epoch) =>
    others[epoch]?.transactionHash === transactionHash ? [] : [epoch],
  );
}

/**
 * Who settled what was settled since the last look, as far as it is this keeper's business. What it has signed is its own
 * deed, also where the answer of the node that took it was lost.
 * @param now Every settlement on the chain.
 */
export async function deedsSince(
  connection: Connection,
  memory: Pick<KeeperMemory, "settled" | "signed" | "sent" | "outrunEpoch">,
  now: readonly SettledEpoch[],
): Promise<readonly KeeperEvent[]> {
  const expected = expectedEpoch(memory);
  const deeds: KeeperEvent[] = [];
  for (const epoch of settledOnlyIn(now, memory.settled)) {
    const settled = now[epoch]!;
    if (memory.signed.has(settled.transactionHash)) deeds.push(await minedEvent(connection, epoch, settled));
    else if (epoch === expected) deeds.push({ kind: "alreadySettled", epoch });
  }
  return deeds;
}

async function minedEvent(
  { reader, contracts }: Connection,
  epoch: number,
  { transactionHash }: SettledEpoch,
): Promise<KeeperEvent> {
  const receipt = await reader.getTransactionReceipt({ hash: transactionHash });
  const { blockNumber, gasUsed, effectiveGasPrice, logs } = receipt;
  const feeWei = gasUsed * effectiveGasPrice;
  const { length: paid } = parseEventLogs({ abi: contracts.treasury.abi, eventName: "Claimed", logs });
  return { kind: "mined", epoch, transactionHash, blockNumber, gasUsed, feeWei, paid };
}
