import { type Hex } from "viem";
import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { type OnProgress } from "../../core/progress";
import { type Settlement } from "../../core/settlement";
import { type EpochArchive } from "../archive/epochArchive";
import { readSettledEpochs, type SettledBy } from "../facts/settledEpochs";
import { type Electorate, readElectorate } from "../quorum/electorate";
import { gather, type Gathered } from "../quorum/gather";
import { domainOf, settlementStatement } from "../quorum/statement";
import { prepareSettlement } from "./prepareSettlement";

/** How an epoch's settlement stands. */
export type SettlementStanding =
  | { readonly kind: "notDue"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "settledAlone"; readonly epoch: number }
  | ({ readonly kind: "settledSigned"; readonly epoch: number; readonly transactionHash: Hex } & SettledBy)
  /** Due, and this is what its validators say of what was computed here. */
  | {
      readonly kind: "due";
      readonly epoch: number;
      readonly settlement: Settlement;
      readonly electorate: Electorate;
      readonly gathered: Gathered;
    };

/**
 * Who signed an epoch's settlement; of one that is due all its validators are asked.
 * @throws EarlierEpochOpenError where it is due, and an epoch before it is not settled.
 */
export async function settlementStanding(
  connection: Connection,
  archive: EpochArchive,
  epoch: number,
  onProgress?: OnProgress,
): Promise<SettlementStanding> {
  const { reader, contracts, deployment } = connection;
  const [next, dueAt, now] = await Promise.all([
    contracts.treasury.read.nextEpochToSettle().then(Number),
    contracts.treasury.read.revealEnd([BigInt(epoch)]).then(Number),
    nextTimestamp(reader).then(Number),
  ]);
  if (epoch < next) {
    const { signed, transactionHash } = (await readSettledEpochs(connection))[epoch]!;
    return signed === null
      ? { kind: "settledAlone", epoch }
      : { kind: "settledSigned", epoch, ...signed, transactionHash };
  }
  if (now < dueAt) return { kind: "notDue", epoch, dueAt, secondsLeft: dueAt - now };
  const { computed } = await prepareSettlement(connection, archive, epoch, { onProgress });
  const electorate = await readElectorate(connection, epoch);
  const statement = settlementStatement(domainOf(connection), computed.settlement);
  const rules = { allowPrivate: deployment.choices.network === "local", known: new Map() };
  const gathered = await gather(connection, electorate.signers, statement, rules);
  return { kind: "due", epoch, settlement: computed.settlement, electorate, gathered };
}
