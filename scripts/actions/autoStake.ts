/** The standing instruction to stake an account's rewards, no matter who claims them. */
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { perform, siteOf } from "./perform";
import { callOf, inNextBlock, type Planned, type Site } from "./plan";
import {
  exitRule,
  jailWarning,
  readStakeEpochs,
  readValidators,
  type StakeEpochs,
  stakeOn,
  type ValidatorOption,
} from "./stakes";

/** With whom the account's rewards are staked; the zero address where they are paid. */
export function readAutoStake({ contracts, account }: Site): Promise<Address> {
  return contracts.treasury.read.autoStakeValidatorOf([account], inNextBlock);
}

/**
 * Has the account's rewards staked with a validator from now on.
 * @param current With whom they are now; the zero address where they are paid.
 * @param option The validator; null ends it.
 */
export function planAutoStake(
  site: Site,
  current: Address,
  option: Pick<ValidatorOption, "validator" | "hasSeat" | "isJailed"> | null,
  epochs: StakeEpochs,
): Planned {
  const validator = option?.validator ?? zeroAddress;
  if (isAddressEqual(validator, current)) {
    const sentence = option === null ? "Your rewards are paid already." : "Your rewards are staked there already.";
    return { kind: "nothing", sentence };
  }
  if (option?.hasSeat === false) return { kind: "nothing", sentence: `${validator} is not a validator: choose one.` };
  const paid = "paid to you with every claim";
  const staked = `added to ${stakeOn(site, validator)} with every claim`;
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...site.contracts.treasury, functionName: "setAutoStake", args: [validator] }),
      payment: null,
      statements:
        option === null
          ? [`From now on your rewards are ${paid}.`]
          : [
              `From now on your rewards are ${staked}. This replaces any recipient that you have set.`,
              "If the validator is in jail or has left when somebody claims, you are paid instead. You can stop this at any time.",
              ...jailWarning(option),
              exitRule(epochs),
            ],
      outcomeOf: () => ({ sentence: `Your rewards are now ${option === null ? paid : staked}.` }),
    },
  };
}

/** Has a signer's rewards staked with `validator`, or paid again where that is null. @returns What came of it, in words. */
export async function autoStake(connection: Connection, signer: Signer, validator: Address | null) {
  const site = siteOf(connection, signer);
  const [current, epochs, options] = await Promise.all([
    readAutoStake(site),
    readStakeEpochs(site),
    readValidators(site, validator === null ? [] : [validator]),
  ]);
  const planned = planAutoStake(site, current, options[0] ?? null, epochs);
  if (planned.kind === "nothing") return { sentence: planned.sentence, transactionHash: null };
  const { receipt, outcome } = await perform(connection, signer, planned.plan);
  return { sentence: outcome.sentence, transactionHash: receipt.transactionHash };
}
