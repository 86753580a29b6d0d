import { getAbiItem } from "viem";
import { type Connection } from "../../chain/connection";
import { readLogs } from "../../chain/logs";
import { noProgress } from "../../core/progress";
import { PositionBook, type Positions } from "../../core/positions";
import { lowerCase } from "../../core/strictJson";

/**
 * Everybody's shares that count for `epoch`, from Staking's events up to `toBlock`. One pass in bounded memory: what is kept
 * are the positions, not the events.
 */
export async function readPositions(
  { reader, contracts, deployment }: Connection,
  epoch: number,
  toBlock: bigint,
  onProgress = noProgress,
): Promise<Positions> {
  const { address, abi } = contracts.staking;
  const book = new PositionBook(BigInt(epoch));
  const events = [
    getAbiItem({ abi, name: "StakeChanged" }),
    getAbiItem({ abi, name: "ValidatorLeft" }),
    getAbiItem({ abi, name: "Redelegated" }),
    getAbiItem({ abi, name: "Slashed" }),
  ] as const;
  const fromBlock = BigInt(deployment.choices.fromBlock);
  for await (const log of readLogs(reader, { address, events, fromBlock, toBlock })) {
    onProgress("blocks read for changes of stake", Number(log.blockNumber), Number(toBlock));
    switch (log.eventName) {
      case "ValidatorLeft":
        book.apply({ kind: "validatorLeft", ...log.args, validator: lowerCase(log.args.validator) });
        break;
      case "Slashed":
        book.apply({ kind: "slashed", ...log.args, validator: lowerCase(log.args.validator) });
        break;
      case "Redelegated": {
        const { from, to, account } = log.args;
        const names = { from: lowerCase(from), to: lowerCase(to), account: lowerCase(account) };
        book.apply({ kind: "redelegated", ...log.args, ...names });
        break;
      }
      case "StakeChanged": {
        const names = { validator: lowerCase(log.args.validator), account: lowerCase(log.args.account) };
        book.apply({ kind: "stakeChanged", ...log.args, ...names });
      }
    }
  }
  return book.positions();
}
