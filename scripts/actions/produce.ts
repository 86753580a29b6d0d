import { type Address, isAddressEqual, parseEventLogs, zeroAddress, zeroHash } from "viem";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { RefusedError, transact } from "../chain/transact";
import { validatorOf } from "./validators";

/** What came of `validator produce`; only the first pays. */
export type ProduceOutcome =
  | { readonly kind: "produced"; readonly validator: Address; readonly slot: number; readonly rewardWei: bigint }
  | { readonly kind: "alreadyProduced"; readonly validator: Address; readonly slot: number }
  | { readonly kind: "notLeader"; readonly validator: Address; readonly slot: number; readonly leader: Address }
  /** Before genesis, or the epoch has no leaders yet and the validator is not active in it. */
  | { readonly kind: "noLeaders"; readonly validator: Address };

/** How many blocks back the EVM knows hashes, and so how long an opened epoch can be sealed. */
const blockHashAge = 256n;

/** Produces the running slot where the signer's validator leads it; draws the epoch's leaders first where nobody has. */
export async function produceSlot(connection: Connection, signer: Signer): Promise<ProduceOutcome> {
  const { staking, blockRewards } = connection.contracts;
  const validator = await validatorOf(connection, signer);
  const { epoch } = await epochStatus(connection);
  if (epoch === null) return { kind: "noLeaders", validator };
  const { seed } = await blockRewards.read.rotationOf([BigInt(epoch)]);
  if (seed === zeroHash) {
    if (!(await staking.read.isActive([validator, BigInt(epoch)]))) return { kind: "noLeaders", validator };
    await drawLeaders(connection, signer, epoch);
  }
  const slot = (await epochStatus(connection)).slot!;
  const leader = await blockRewards.read.leaderOf([BigInt(slot)]);
  if (leader === zeroAddress) return { kind: "noLeaders", validator };
  if (!isAddressEqual(leader, validator)) return { kind: "notLeader", validator, slot, leader };
  if (await blockRewards.read.hasProduced([BigInt(slot)])) return { kind: "alreadyProduced", validator, slot };
  const { logs } = await transact(connection, signer, { ...blockRewards, functionName: "produce", args: [] });
  const [event] = parseEventLogs({ abi: blockRewards.abi, eventName: "BlockProduced", logs });
  return { kind: "produced", validator, slot: Number(event!.args.slot), rewardWei: event!.args.rewardWei };
}

/** Opens the epoch and seals it in a later block, unless others are at it: whoever comes first, the leaders are the same. */
async function drawLeaders(connection: Connection, signer: Signer, epoch: number): Promise<void> {
  const { reader, contracts } = connection;
  const { blockRewards } = contracts;
  const [{ notedBlock }, newestBlock] = await Promise.all([
    blockRewards.read.rotationOf([BigInt(epoch)]),
    reader.getBlockNumber(),
  ]);
  if (notedBlock === 0n || newestBlock + 1n > notedBlock + blockHashAge) {
    await transact(connection, signer, { ...blockRewards, functionName: "openEpoch", args: [] }).catch(
      unless("EpochAlreadyOpen"),
    );
  }
  await transact(connection, signer, { ...blockRewards, functionName: "sealEpoch", args: [] }).catch(
    unless("EpochAlreadySealed"),
  );
}

/** Lets one refusal pass, which says that somebody else has done it. */
function unless(errorName: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof RefusedError && error.errorName === errorName)) throw error;
  };
}
