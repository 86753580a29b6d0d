import { type Address } from "viem";
import { type PositionEvent } from "../../../scripts/core/positions";
import { type Staking } from "../../../typechain-types/ethers";
import {
  type RedelegatedEvent,
  type SlashedEvent,
  type StakeChangedEvent,
  type ValidatorLeftEvent,
} from "../../../typechain-types/ethers/staking/Staking";

/** The events of `staking` from which positions can be rebuilt, in order. */
export async function positionEvents(staking: Staking): Promise<readonly PositionEvent[]> {
  const logs = await staking.runner!.provider!.getLogs({ address: await staking.getAddress(), fromBlock: 0 });
  return logs.flatMap((log): PositionEvent[] => {
    const { name, args } = staking.interface.parseLog(log)!;
    switch (name) {
      case "StakeChanged": {
        const [validator, account, epoch, sharesFromEpoch, sharesFromEpochAfter] =
          args as unknown as StakeChangedEvent.OutputTuple;
        const names = { validator: validator as Address, account: account as Address };
        return [{ kind: "stakeChanged", ...names, epoch, sharesFromEpoch, sharesFromEpochAfter }];
      }
      case "ValidatorLeft": {
        const [validator, epoch] = args as unknown as ValidatorLeftEvent.OutputTuple;
        return [{ kind: "validatorLeft", validator: validator as Address, epoch }];
      }
      case "Redelegated": {
        const [from, to, account, arrivalEpoch, , shares, index] = args as unknown as RedelegatedEvent.OutputTuple;
        const names = { from: from as Address, to: to as Address, account: account as Address };
        return [{ kind: "redelegated", ...names, arrivalEpoch, shares, index }];
      }
      case "Slashed": {
        const [validator, epoch, , index] = args as unknown as SlashedEvent.OutputTuple;
        return [{ kind: "slashed", validator: validator as Address, epoch, index }];
      }
      default:
        return [];
    }
  });
}
