/** Validators that sign by a contract which says one thing when it is asked, and another when it counts. */
import { type Address, TransactionReceiptNotFoundError } from "viem";
import { type Connection } from "../../chain/connection";
import { RefusedError } from "../../chain/transact";
import { type Listener } from "./keeperEvents";
import { type SentSettlement } from "./transactions";

/** Validators whose signatures for an epoch are not used. */
export interface LeftOut {
  readonly epoch: number;
  readonly validators: Set<Address>;
}

/** Has an epoch settled without them. */
export function leaveOut({ epoch, validators }: LeftOut, culprits: readonly Address[], tell: Listener): void {
  for (const validator of culprits) validators.add(validator);
  const reason = `The operator contract of ${culprits.join(", ")} withdrew its approval: the keeper settles the epoch without`;
  tell({ kind: "failed", during: `settling epoch ${epoch}`, reason, retryInSeconds: 0 });
}

/** Whose contract's word made a rehearsal fail: the one that is named, else any of them. */
export function culpritsOf(error: unknown, byContract: readonly Address[]): readonly Address[] {
  if (!(error instanceof RefusedError) || error.errorName !== "WrongSignature") return byContract;
  return byContract.filter((validator) => validator === error.values[0]);
}

/** Leaves out anyone who signed a settlement by a contract, where it reverted though its rehearsal went well. */
export async function leaveOutReverted(
  { reader }: Pick<Connection, "reader">,
  leftOut: LeftOut,
  { byContract, hash }: SentSettlement,
  tell: Listener,
): Promise<void> {
  if (byContract.length === 0 || hash === null) return;
  const receipt = await reader.getTransactionReceipt({ hash }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw error;
  });
  if (receipt?.status === "reverted") leaveOut(leftOut, byContract, tell);
}
