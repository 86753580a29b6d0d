import { type Address } from "viem";
import { type ValidatorOption } from "../../actions/stakes";
import { shortHex } from "../../show/addresses";
import { briefDecimal } from "../../show/amounts";
import { getJson } from "../api/getJson";
import { type Choice } from "./fields";

/** Everybody who ever registered as a validator. */
export async function getValidators(): Promise<readonly Address[]> {
  const { validators } = await getJson<{ readonly validators: readonly { readonly validator: Address }[] }>(
    "/v1/validators",
  );
  return validators.map(({ validator }) => validator);
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
