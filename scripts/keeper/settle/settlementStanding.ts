import { type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type OnProgress } from "../../core/progress";
import { type Electorate, readElectorate } from "../quorum/electorate";
import { type Settlement } from "../../core/settlement";
import { type EpochArchive } from "../archive/epochArchive";
import { epochStatus } from "../facts/epochStatus";
import { readSettledEpochs, type SettledBy } from "../facts/settledEpochs";
import { gather, type Gathered } from "../quorum/gather";
import {
  domainOf,
  repostForm,
  statementOf,
  settlementForm,
  type Statement,
  type RepostMessage,
} from "../quorum/statements";
import { prepareSettlement } from "./settleEpoch";
import { prepareRepost } from "./repostEpoch";

/** How an epoch's settlement stands. */
export type SettlementStanding =
  | { readonly kind: "notDue"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "settledAlone"; readonly epoch: number }
  | ({ readonly kind: "settledSigned"; readonly epoch: number; readonly transactionHash: Hex } & SettledBy)
  /** Due, with what its validators say about the settlement that was computed here. */
  | ({ readonly kind: "due"; readonly epoch: number; readonly settlement: Settlement } & AskedFor)
  /**
   * The newest settled epoch, whose root was vetoed, with what its validators say about the repost that was computed
   * here.
   */
  | ({ readonly kind: "vetoed"; readonly epoch: number; readonly repost: RepostMessage } & AskedFor);

/** Who may sign, and what they answered. */
interface AskedFor {
  readonly electorate: Electorate;
  readonly gathered: Gathered;
}

/**
 * What validators sign now: the next epoch once it is due, else the newest settled one if its root is vetoed, else the
 * next.
 */
export async function epochToSign(connection: Connection) {
  const [{ nextEpochToSettle, isDue }, [isVetoed, vetoed]] = await Promise.all([
    epochStatus(connection),
    connection.contracts.treasury.read.vetoedSettlement(),
  ]);
  return isVetoed && !isDue
    ? { what: "repost", epoch: Number(vetoed) }
    : { what: "settlement", epoch: nextEpochToSettle };
}

/**
 * Who signed an epoch's settlement. If it is due, or its root is vetoed and to be reposted, all its validators are
 * asked.
 * @throws EarlierEpochOpenError if it is due, and an epoch before it is not settled.
 */
export async function settlementStanding(
  connection: Connection,
  archive: EpochArchive,
  epoch: number,
  onProgress?: OnProgress,
): Promise<SettlementStanding> {
  const ask = async (statement: Statement): Promise<AskedFor> => {
    const electorate = await readElectorate(connection, epoch);
    return { electorate, gathered: await gather(connection, electorate.signers, statement) };
  };
  const [{ nextEpochToSettle: next, timestamp: now }, dueAt] = await Promise.all([
    epochStatus(connection),
    connection.contracts.treasury.read.revealEnd([BigInt(epoch)]).then(Number),
  ]);
  if (epoch < next) {
    const { signed, transactionHash, isVetoed } = (await readSettledEpochs(connection))[epoch]!;
    const repost = isVetoed && epoch === next - 1 ? (await prepareRepost(connection, archive))?.message : undefined;
    if (repost !== undefined) {
      return { kind: "vetoed", epoch, repost, ...(await ask(statementOf(repostForm, domainOf(connection), repost))) };
    }
    return signed === null
      ? { kind: "settledAlone", epoch }
      : { kind: "settledSigned", epoch, ...signed, transactionHash };
  }
  if (now < dueAt) return { kind: "notDue", epoch, dueAt, secondsLeft: dueAt - now };
  const { computed } = await prepareSettlement(connection, archive, epoch, { onProgress });
  const { settlement } = computed;
  return {
    kind: "due",
    epoch,
    settlement,
    ...(await ask(statementOf(settlementForm, domainOf(connection), settlement))),
  };
}
