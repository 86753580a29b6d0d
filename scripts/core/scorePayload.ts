import { concatHex, encodeAbiParameters, type Address, type Hex, hexToBytes, keccak256, numberToHex } from "viem";

/** One validator's word on one miner: an absolute score, 0 … 65,535. */
export interface Score {
  readonly minerId: number;
  readonly scoreU16: number;
}

const rowBytes = 6;

/** Packs scores as the ScoreBoard takes them: (uint32 minerId, uint16 score), big endian, ids increasing. */
export function encodeScores(scores: readonly Score[]): Hex {
  const rows = [...scores].sort((a, b) => a.minerId - b.minerId);
  return concatHex(
    rows.flatMap(({ minerId, scoreU16 }) => [numberToHex(minerId, { size: 4 }), numberToHex(scoreU16, { size: 2 })]),
  );
}

/**
 * Reads a revealed payload.
 * @param minerCount Ids run from 1 to this number.
 * @returns `undefined` where it is malformed (ids not strictly increasing, or of nobody): it then counts as a reveal that
 * says nothing of anybody. That its length is whole rows was checked when it was revealed.
 */
export function decodeScores(payload: Hex, minerCount: number): readonly Score[] | undefined {
  const bytes = hexToBytes(payload);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scores: Score[] = [];
  let previousId = 0;
  for (let offset = 0; offset < bytes.length; offset += rowBytes) {
    const minerId = view.getUint32(offset);
    if (minerId <= previousId || minerId > minerCount) return undefined;
    scores.push({ minerId, scoreU16: view.getUint16(offset + 4) });
    previousId = minerId;
  }
  return scores;
}

/** What a commitment binds besides the scores. */
export interface CommitmentContext {
  readonly chainId: number;
  readonly scoreBoard: Address;
  readonly validator: Address;
  readonly epoch: bigint;
  readonly salt: Hex;
}

/** The hash that `ScoreBoard.commitScores` takes: keccak256(abi.encode(chain, contract, validator, epoch, keccak256(payload), salt)). */
export function commitmentOf(payload: Hex, { chainId, scoreBoard, validator, epoch, salt }: CommitmentContext): Hex {
  return keccak256(
    encodeAbiParameters(
      [
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        { type: "uint64" },
        { type: "bytes32" },
        { type: "bytes32" },
      ],
      [BigInt(chainId), scoreBoard, validator, epoch, keccak256(payload), salt],
    ),
  );
}
