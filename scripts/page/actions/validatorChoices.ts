import { type Address } from "viem";
import { readValidators, type ValidatorOption } from "../../actions/stakes";
import { shortHex } from "../../show/bytes";
import { briefDecimal, percentOfWad } from "../../show/amounts";
import { type ValidatorsAnswer } from "../api/answers";
import { getJson } from "../api/getJson";
import { type PageSite } from "./action";
import { type Choice } from "./fields";

/** A validator with a seat, and what a token at it recently earned, for a year; null where nothing is measured. */
interface MeasuredOption extends ValidatorOption {
  readonly returnWad: bigint | null;
}

/** Everybody who ever registered as a validator. */
export async function getValidators(): Promise<readonly Address[]> {
  const { validators } = await getJson<ValidatorsAnswer>("/v1/validators");
  return validators.map(({ validator }) => validator as Address);
}

/** The validators with a seat; those whose delegators recently earned most come first. */
export async function measuredValidators(site: PageSite): Promise<readonly MeasuredOption[]> {
  const { validators } = await getJson<ValidatorsAnswer>("/v1/validators");
  const returns = new Map(validators.map(({ validator, record }) => [validator, record.yearlyReturnWad]));
  const options = await readValidators(site, [...returns.keys()] as Address[]);
  return options
    .filter(({ hasSeat }) => hasSeat)
    .map((option) => {
      const wad = returns.get(option.validator) ?? null;
      return { ...option, returnWad: wad === null ? null : BigInt(wad) };
    })
    .toSorted((a, b) => Number((b.returnWad ?? -1n) - (a.returnWad ?? -1n)));
}

/** Validators as the choices of a list. */
export function validatorChoices(validators: readonly MeasuredOption[]): readonly Choice[] {
  return validators.map(({ validator, name, returnWad, totalWei, commissionBps, isJailed }) => ({
    value: validator,
    label: [
      `${name === "" ? "" : `${name} `}${shortHex(validator)}`,
      ...(isJailed ? ["jailed"] : []),
      ...(returnWad === null ? [] : [`${percentOfWad(returnWad)} a year`]),
      `keeps ${commissionBps / 100} %`,
      `${briefDecimal(totalWei)} MDT`,
    ].join(" · "),
  }));
}
