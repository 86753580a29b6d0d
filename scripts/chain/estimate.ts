/** Estimates the gas of a call before it is sent, even of one that still needs an allowance. */
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  maxUint256,
  numberToHex,
  type PublicClient,
  type StateOverride,
} from "viem";
import { type Call, simulate } from "./transact";

/**
 * Tries a call on the current chain.
 * @param stateOverride State to assume, for example from `allowanceOverride`.
 * @returns The gas that it takes.
 * @throws viem's error if the contract would refuse: see `refusalOf`.
 */
export async function estimateGas(
  reader: PublicClient,
  account: Address,
  call: Call,
  stateOverride: StateOverride = [],
): Promise<bigint> {
  await simulate(reader, account, call, stateOverride);
  return stateOverride.length === 0
    ? reader.estimateContractGas({ ...call, account })
    : leastGas(reader, account, call, stateOverride);
}

const accuracyGas = 2_000n;

/** Maximum gas of a transaction (EIP-7825). */
export const mostGas = 1n << 24n;

/**
 * The least gas with which a call succeeds, by bisection, rounded up: like `eth_estimateGas`, which supports no
 * overrides on some nodes.
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
  while (enough < mostGas && !(await succeedsWith(enough))) {
    tooLittle = enough;
    enough = 2n * enough < mostGas ? 2n * enough : mostGas;
  }
  while (enough - tooLittle > accuracyGas) {
    const middle = (enough + tooLittle) / 2n;
    if (await succeedsWith(middle)) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}

/** Storage slot of `_allowances` in OpenZeppelin's ERC20: the token's second variable. */
const allowancesSlot = 1n;

/** Makes a simulation assume that `owner` has allowed `spender` everything, so that later calls can be tried first. */
export function allowanceOverride(token: Address, owner: Address, spender: Address): StateOverride {
  const slot = slotOf(spender, slotOf(owner, numberToHex(allowancesSlot, { size: 32 })));
  return [{ address: token, stateDiff: [{ slot, value: numberToHex(maxUint256, { size: 32 }) }] }];
}

/** The slot of a mapping's value, as Solidity lays it out. */
function slotOf(key: Address, mapping: `0x${string}`): `0x${string}` {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [key, mapping]));
}
