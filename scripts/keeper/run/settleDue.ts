import { parseUnits } from "viem";
import { atBlock } from "../../chain/atBlock";
import { SettlementDiffersError } from "../settle/carriedInto";
import { verdictOn } from "./sanity";
import { type PreparedSettlement, prepareSettlement } from "../settle/prepareSettlement";
import { type Fees } from "./fees";
import { type Keeper } from "./keeper";
import { type Observation } from "./look";
import { rehearse } from "./rehearse";
import { offerNow, type Sender, type Sending, sendTransaction } from "./sendTransaction";

/** What became of an epoch that was due. */
export type Settling =
  | Sending
  /** Somebody else settled it. */
  | { readonly kind: "alreadySettled" }
  | Halted;

/** It was not signed. Where a human may accept it, nothing is tried again until one does. */
export interface Halted {
  readonly kind: "halted";
  /** What was found, without a full stop. */
  readonly reason: string;
  readonly mayBeAccepted: boolean;
}

/**
 * Settles an epoch that is due: computes it at the confirmed block, judges it, rehearses it, sends it.
 * @param outbid What the keeper offered for its last transaction with the same nonce, where there was one.
 */
export async function settleDue(
  keeper: Keeper,
  sender: Sender,
  seen: Observation,
  outbid: Fees | undefined,
): Promise<Settling> {
  const { connection, signer, archive, stopping } = keeper;
  const epoch = seen.nextEpochToSettle;
  // Before anything is computed, because what is too dear now need not be computed yet.
  const offer = await offerNow(sender, seen.baseFeePerGasWei, outbid);
  if (offer.kind === "aboveCeiling") return offer;
  const prepared = await prepare(keeper, seen);
  if ("reason" in prepared) return prepared;
  const verdict = judge(keeper, seen, prepared);
  if (verdict.kind === "impossible" || (verdict.kind === "unusual" && keeper.acceptedEpoch !== epoch)) {
    return { kind: "halted", reason: verdict.reason, mayBeAccepted: verdict.kind === "unusual" };
  }
  await archive.save(prepared.computed);
  stopping.throwIfAborted();
  const rehearsal = await rehearse(
    connection,
    signer,
    prepared,
    seen.headTimestamp < seen.dueAt ? "pending" : "latest",
  );
  if (rehearsal.kind === "alreadySettled") return rehearsal;
  stopping.throwIfAborted();
  const { call, calldata } = prepared;
  const request = { to: call.address, data: calldata, gas: rehearsal.gas, nonce: seen.minedTransactions };
  return sendTransaction(sender, { epoch, request }, offer.fees);
}

/** Computes the epoch, or halts where an epoch before it was settled otherwise than its facts say: nothing honest follows. */
async function prepare(keeper: Keeper, seen: Observation): Promise<PreparedSettlement | Halted> {
  try {
    return await compute(keeper, seen);
  } catch (error) {
    if (!(error instanceof SettlementDiffersError)) throw error;
    return { kind: "halted", reason: error.message.replace(/\.$/, ""), mayBeAccepted: false };
  }
}

async function compute(keeper: Keeper, seen: Observation): Promise<PreparedSettlement> {
  const { connection, archive, stopping, tell, clock } = keeper;
  const { settlement, keeper: settings } = connection.deployment.config;
  const began = clock();
  const prepared = await prepareSettlement(connection, archive, seen.nextEpochToSettle, seen.settled, {
    facts: settings.confirmations === 0 ? undefined : atBlock(connection, seen.confirmedBlock),
    payRecipientsUpTo: settlement.payRecipientsUpTo,
    onComputed: () => {
      stopping.throwIfAborted();
    },
  });
  const { epoch, computed } = prepared;
  const { root: rewardsRoot, list } = computed.tree;
  tell({ kind: "computed", epoch, seconds: clock() - began, accounts: list.count, rewardsRoot });
  return prepared;
}

function judge({ connection }: Keeper, { settled }: Observation, { before, computed }: PreparedSettlement) {
  const { facts } = computed.collected;
  return verdictOn({
    settlement: computed.settlement,
    before: before.cumulative,
    after: computed.carried.cumulative,
    baseRewardWei: facts.baseRewardWei,
    halvingIntervalEpochs: facts.halvingIntervalEpochs,
    settled: settled.map(({ settlement }) => settlement),
    maxJumpFactorWad: parseUnits(String(connection.deployment.config.keeper.maxJumpFactor), 18),
  });
}
