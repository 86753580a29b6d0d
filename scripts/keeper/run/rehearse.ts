import { type Abi } from "viem";
import { type Connection } from "../../chain/connection";
import { knownErrors } from "../../chain/contracts";
import { addressOf, type Signer } from "../../chain/signer";
import { refusalOf } from "../../chain/transact";
import { type PreparedSettlement } from "../settle/prepareSettlement";

/** How a settlement would go if it were mined now. */
export type Rehearsal =
  | { readonly kind: "works"; readonly gas: bigint }
  /** Its epoch is settled, or will be by the block to come. */
  | { readonly kind: "alreadySettled" };

/** People may claim, register and stake between the rehearsal and the block: an eighth more gas than it took. */
const withRoom = (gas: bigint): bigint => (gas * 9n) / 8n;

/**
 * Simulates a settlement.
 * @param blockTag `latest`, or `pending` where only the block to come is late enough for the epoch to be due.
 * @throws RefusedError where the contract refuses it for another reason than that its epoch is settled.
 */
export async function rehearse(
  { reader }: Connection,
  signer: Signer,
  { epoch, call }: PreparedSettlement,
  blockTag: "latest" | "pending",
): Promise<Rehearsal> {
  const request = {
    address: call.address,
    abi: [...call.abi, ...knownErrors] as Abi,
    functionName: call.functionName as string,
    args: call.args as readonly unknown[],
    account: addressOf(signer),
    blockTag,
  };
  try {
    await reader.simulateContract(request);
    return { kind: "works", gas: withRoom(await reader.estimateContractGas(request)) };
  } catch (error) {
    const refusal = refusalOf(request.functionName, error);
    if (refusal?.errorName === "NotNextEpoch" && Number(refusal.values[1]) > epoch) return { kind: "alreadySettled" };
    throw refusal ?? error;
  }
}
