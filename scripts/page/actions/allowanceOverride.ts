import { type Address, encodeAbiParameters, keccak256, maxUint256, numberToHex, type StateOverride } from "viem";

/** Where OpenZeppelin's ERC20 keeps `_allowances`: the second variable of the token's storage. */
const allowancesSlot = 1n;

/**
 * Makes a simulation believe that `owner` has allowed `spender` everything, so that what follows a signature can be tried
 * before anybody signs.
 */
export function allowanceOverride(token: Address, owner: Address, spender: Address): StateOverride {
  const slot = slotOf(spender, slotOf(owner, numberToHex(allowancesSlot, { size: 32 })));
  return [{ address: token, stateDiff: [{ slot, value: numberToHex(maxUint256, { size: 32 }) }] }];
}

/** The slot of a mapping's value, as Solidity lays it out. */
function slotOf(key: Address, mapping: `0x${string}`): `0x${string}` {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [key, mapping]));
}
