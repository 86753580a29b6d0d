import { type Address } from "viem";
import { type ValidatorOption } from "../../actions/stakes";
import { shortHex } from "../../show/addresses";
import { briefDecimal } from "../../show/amounts";
import { type ValidatorsAnswer } from "../api/answers";
import { getJson } from "../api/getJson";
import { type Choice } from "./fields";

/** Everybody who ever registered as a validator; those whose delegators earned most recently come first. */
export async function getValidators(): Promise<readonly Address[]> {
  const { validators } = await getJson<ValidatorsAnswer>("/v1/validators");
  const wadOf = ({ record }: ValidatorsAnswer["validators"][number]): bigint => BigInt(record.yearlyReturnWad ?? -1);
  return validators.toSorted((a, b) => Number(wadOf(b) - wadOf(a))).map(({ validator }) => validator as Address);
}

/** The validators with a seat, as the choices of a list. */
export function validatorChoices(validators: readonly ValidatorOption[]): readonly Choice[] {
  return validators
    .filter(({ hasSeat }) => hasSeat)
    .map(({ validator, name, totalWei, commissionBps, isJailed }) => ({
      value: validator,
      label: `${name === "" ? "" : `${name} `}${shortHex(validator)} · keeps ${commissionBps / 100} %${isJailed ? " · jailed" : ""} · ${briefDecimal(totalWei)} MDT`,
    }));
}
