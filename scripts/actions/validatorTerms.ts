/** A validator's terms: its commission, the key for its daily business, and the end of its jail. */
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { perform, siteOf } from "./perform";
import { callOf, epochStartWords, inNextBlock, type Planned, type Site } from "./plan";
import { validatorOf } from "./validators";

/** How the validator stands for which the account acts, as its owner or as its operator. */
export interface Terms {
  readonly validator: Address;
  readonly operator: Address;
  readonly isSeated: boolean;
  readonly isJailed: boolean;
  /** First epoch in which it may be active again. */
  readonly releasableEpoch: bigint;
  /** From the next epoch on. */
  readonly commissionBps: number;
  /** The epoch from which on what is done now holds. */
  readonly nextEpoch: number;
}

/** @returns Null where the account acts for no validator. */
export async function readTerms({ contracts, account }: Site): Promise<Terms | null> {
  const { staking, stakingLens } = contracts;
  const validator = await staking.read.validatorOf([account], inNextBlock);
  if (validator === zeroAddress) return null;
  const [status, nextEpoch] = await Promise.all([
    stakingLens.read.statusOf([validator], inNextBlock),
    staking.read.nextEpoch(inNextBlock),
  ]);
  return { ...status, validator, nextEpoch: Number(nextEpoch) };
}

/** Changes what the validator keeps of its delegators' rewards; only its owner may. */
export function planSetCommission({ contracts, clock }: Site, terms: Terms, commissionBps: number): Planned {
  const { validator, commissionBps: before, nextEpoch } = terms;
  const percent = `${commissionBps / 100} %`;
  if (before === commissionBps) {
    return { kind: "nothing", sentence: `The commission of ${validator} is already ${percent}.` };
  }
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.staking, functionName: "setCommission", args: [commissionBps] }),
      payment: null,
      statements: [
        `Your commission changes from ${before / 100} to ${percent} of your delegators' rewards.`,
        `It takes effect in ${epochStartWords(clock, nextEpoch)}.`,
        ...(commissionBps > before
          ? ["After that you can't raise it again for 30 epochs. You can lower it at any time."]
          : []),
      ],
      outcomeOf: () => ({ sentence: `Your commission will be ${percent} from epoch ${nextEpoch}.` }),
    },
  };
}

/** Names the key that may act for the account's validator in daily business; only its owner may. */
export function planSetOperator({ contracts, account }: Site, current: Address, operator: Address): Planned {
  if (isAddressEqual(current, operator)) {
    return { kind: "nothing", sentence: `${operator} is already the operator.` };
  }
  const isSelf = isAddressEqual(operator, account);
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.staking, functionName: "setOperator", args: [operator] }),
      payment: null,
      statements: [
        isSelf
          ? `From now on only you act for your validator; ${current} no longer can.`
          : `From now on ${operator} scores, produces slots and leaves jail for your validator.`,
        "It can't move money: stake and rewards stay yours, and you can name another key at any time.",
      ],
      outcomeOf: () => ({ sentence: `${isSelf ? "You act" : `${operator} acts`} for your validator from now on.` }),
    },
  };
}

/** Takes the validator out of jail. */
export function planUnjail({ contracts, clock }: Site, { validator, isJailed, nextEpoch }: Terms): Planned {
  if (!isJailed) return { kind: "nothing", sentence: `${validator} is not jailed.` };
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.staking, functionName: "unjail", args: [] }),
      payment: null,
      statements: [
        `Validator ${validator} is active again from ${epochStartWords(clock, nextEpoch)}.`,
        "From then on it must reveal scores in every epoch.",
      ],
      outcomeOf: () => ({ sentence: `${validator} leaves jail in epoch ${nextEpoch}.` }),
    },
  };
}

/** Whose terms were looked at, and whether anything had to be sent. */
export interface TermsOutcome {
  readonly validator: Address;
  readonly changed: boolean;
}

/** Sets the commission of the signer's validator from the next epoch on; the signer must be its owner. */
export function setCommission(connection: Connection, signer: Signer, commissionBps: number): Promise<TermsOutcome> {
  return change(connection, signer, (site, terms) => planSetCommission(site, terms, commissionBps));
}

/** Names the key that may act for the signer as a validator in daily business; the signer must be the owner. */
export function setOperator(connection: Connection, signer: Signer, operator: Address): Promise<TermsOutcome> {
  return change(connection, signer, (site, terms) => planSetOperator(site, terms.operator, operator));
}

/** Takes the signer's validator out of jail from the next epoch on. */
export function unjail(connection: Connection, signer: Signer): Promise<TermsOutcome> {
  return change(connection, signer, planUnjail);
}

/** @throws NotAValidatorError where the signer acts for no validator. */
async function change(
  connection: Connection,
  signer: Signer,
  planOf: (site: Site, terms: Terms) => Planned,
): Promise<TermsOutcome> {
  const site = siteOf(connection, signer);
  const validator = await validatorOf(connection, signer);
  const planned = planOf(site, (await readTerms(site))!);
  if (planned.kind === "plan") await perform(connection, signer, planned.plan);
  return { validator, changed: planned.kind === "plan" };
}
