import { type Staking } from "../../../typechain-types/ethers";
import {
  type SlashedEvent,
  type StakeChangedEvent,
  type ValidatorLeftEvent,
} from "../../../typechain-types/ethers/staking/Staking";
import { INDEX_ONE, Timeline } from "./model";

/** Positions and indices of all validators, rebuilt from nothing but the contract's events. */
export class RebuiltPositions {
  private readonly shares = new Map<string, Map<string, Timeline<bigint>>>();
  private readonly index = new Map<string, Timeline<bigint>>();

  /** Shares of `account` in `validator` that count in `epoch`, valued at its end, floored. */
  positionAt(validator: string, account: string, epoch: number): bigint {
    const shares = this.shares.get(validator)?.get(account)?.at(epoch) ?? 0n;
    return (shares * (this.index.get(validator)?.at(epoch) ?? INDEX_ONE)) / INDEX_ONE;
  }

  changeStake(validator: string, account: string, epoch: number, fromEpoch: bigint, fromEpochAfter: bigint): void {
    const accounts = this.shares.get(validator) ?? new Map<string, Timeline<bigint>>();
    this.shares.set(validator, accounts);
    const position = accounts.get(account) ?? new Timeline(0n);
    accounts.set(account, position);
    position.setFrom(epoch, fromEpoch);
    position.setFrom(epoch + 1, fromEpochAfter);
  }

  leave(validator: string, epoch: number): void {
    for (const position of this.shares.get(validator)?.values() ?? []) position.setFrom(epoch, 0n);
  }

  slash(validator: string, epoch: number, index: bigint): void {
    const timeline = this.index.get(validator) ?? new Timeline(INDEX_ONE);
    this.index.set(validator, timeline);
    timeline.setFrom(epoch, index);
  }
}

/** Reads all events of `staking` in their order. */
export async function rebuildPositions(staking: Staking): Promise<RebuiltPositions> {
  const positions = new RebuiltPositions();
  const logs = await staking.runner!.provider!.getLogs({ address: await staking.getAddress(), fromBlock: 0 });
  for (const log of logs) {
    const event = staking.interface.parseLog(log)!;
    const { args } = event;
    if (event.name === "StakeChanged") {
      const [validator, account, epoch, fromEpoch, fromEpochAfter] = args as unknown as StakeChangedEvent.OutputTuple;
      positions.changeStake(validator, account, Number(epoch), fromEpoch, fromEpochAfter);
    } else if (event.name === "ValidatorLeft") {
      const [validator, epoch] = args as unknown as ValidatorLeftEvent.OutputTuple;
      positions.leave(validator, Number(epoch));
    } else if (event.name === "Slashed") {
      const [validator, epoch, , index] = args as unknown as SlashedEvent.OutputTuple;
      positions.slash(validator, Number(epoch), index);
    }
  }
  return positions;
}
