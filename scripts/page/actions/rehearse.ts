import { type Address, encodeFunctionData, type PublicClient, type StateOverride } from "viem";
import { knownErrors } from "../../chain/contracts";
import { type Call, type Plan } from "./action";
import { allowanceOverride } from "./allowanceOverride";

/** How a plan's payment is to be allowed. */
export type RehearsedWay =
  /** Nothing to pay, or an allowance is there already: one transaction. */
  | "none"
  /** One signature and one transaction. */
  | "permit";

/** What a plan would do and cost if it were sent now. */
export interface Rehearsal {
  readonly way: RehearsedWay;
  readonly gas: bigint;
  /** Gas at the price that the node suggests, wei of the chain's currency. */
  readonly feeWei: bigint;
}

/** What checking a signature and writing allowance and nonce costs besides the call, at most. */
const permitGas = 60_000n;

/**
 * Tries a plan on the chain as it is, without a signature.
 * @param token MDT, which payments are made in.
 * @throws What viem throws where the contract would refuse.
 */
export async function rehearse(
  reader: PublicClient,
  token: { readonly address: Address; readonly allowance: (spender: Address) => Promise<bigint> },
  account: Address,
  { call, payment }: Plan,
): Promise<Rehearsal> {
  const isAllowed = payment === null || (await token.allowance(payment.spender)) >= payment.amountWei;
  const way = isAllowed ? "none" : "permit";
  const override = isAllowed ? undefined : allowanceOverride(token.address, account, payment.spender);
  await simulate(reader, account, call, override);
  const [gas, gasPriceWei] = await Promise.all([
    override === undefined
      ? reader.estimateContractGas({ ...call, account })
      : leastGas(reader, account, call, override),
    reader.getGasPrice(),
  ]);
  const total = isAllowed ? gas : gas + permitGas;
  return { way, gas: total, feeWei: total * gasPriceWei };
}

/**
 * Runs a call in the block to come, and changes nothing.
 * @throws What viem throws where the contract refuses, its custom error decoded.
 */
export async function simulate(
  reader: PublicClient,
  account: Address,
  call: Call,
  stateOverride?: StateOverride,
): Promise<void> {
  const abi = [...call.abi, ...knownErrors];
  const overrides = stateOverride === undefined ? {} : { stateOverride };
  await reader.simulateContract({ ...call, abi, account, blockTag: "pending", ...overrides });
}

const accuracyGas = 2_000n;

/**
 * The least gas with which a call succeeds, by bisection, rounded up: what `eth_estimateGas` does, which on some nodes
 * knows no overrides.
 */
async function leastGas(
  reader: PublicClient,
  account: Address,
  { address, abi, functionName, args }: Call,
  stateOverride: StateOverride,
): Promise<bigint> {
  const data = encodeFunctionData({ abi, functionName, args });
  const succeedsWith = (gas: bigint): Promise<boolean> =>
    reader.call({ account, to: address, data, gas, blockTag: "pending", stateOverride }).then(
      () => true,
      () => false,
    );
  let enough = 1_000_000n;
  let tooLittle = 21_000n;
  while (enough - tooLittle > accuracyGas) {
    const middle = (enough + tooLittle) / 2n;
    if (await succeedsWith(middle)) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}
