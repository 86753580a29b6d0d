import { type Address, type Hex, keccak256, toBytes } from "viem";
import { commitmentOf, encodeScores } from "../../../core/scorePayload";
import { gasOf, type GasStage, note } from "./gasStage";

/** How many miners the scores of the first, the second, … validator are about. */
const SIZES = [100, 1_000, 4_096];
const salt = keccak256(toBytes("salt"));

/** Commits to scores in the running epoch. */
export async function measureCommits(stage: GasStage, validators: readonly Address[]): Promise<void> {
  const { connection } = stage;
  const { scoreBoard } = connection.contracts;
  const chainId = await connection.reader.getChainId();
  const epoch = await scoreBoard.read.currentEpoch();
  for (const [i, size] of SIZES.entries()) {
    const validator = validators[i]!;
    const context = { chainId, scoreBoard: scoreBoard.address, validator, epoch, salt };
    const args = [commitmentOf(payloadOf(size), context)] as const;
    const gas = await gasOf(connection, validator, { ...scoreBoard, functionName: "commitScores", args });
    if (i === SIZES.length - 1) note(stage, { name: "scores: commit", size: 1 }, gas);
  }
}

/** Reveals what was committed to in `epoch`. */
export async function measureReveals(stage: GasStage, validators: readonly Address[], epoch: number): Promise<void> {
  const { connection } = stage;
  const { scoreBoard } = connection.contracts;
  for (const [i, size] of SIZES.entries()) {
    const args = [BigInt(epoch), payloadOf(size), salt] as const;
    const gas = await gasOf(connection, validators[i]!, { ...scoreBoard, functionName: "revealScores", args });
    note(stage, { name: "scores: reveal, by miners", size }, gas);
  }
}

function payloadOf(miners: number): Hex {
  return encodeScores(Array.from({ length: miners }, (_, i) => ({ minerId: i + 1, scoreU16: (i * 7_919) % 65_536 })));
}
