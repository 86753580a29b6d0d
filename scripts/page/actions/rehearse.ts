import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  formatGwei,
  formatUnits,
  keccak256,
  maxUint256,
  numberToHex,
  type PublicClient,
  type StateOverride,
} from "viem";
import { type Plan } from "../../actions/plan";
import { type Call, simulate } from "../../chain/transact";
import { type PageSite } from "./action";

/** How a plan's payment is to be allowed. */
export type PaymentWay =
  /** Nothing to pay, or an allowance is there already: one transaction. */
  | "none"
  /** One signature and one transaction. */
  | "permit"
  /** Two transactions, of which the first allows the exact amount: where the wallet can't sign, or the contract takes no signature. */
  | "approve";

/** What a plan would do and cost if it were sent now. */
export interface Rehearsal {
  readonly way: PaymentWay;
  readonly gas: bigint;
  /** Gas at the price that the node suggests, wei of the chain's currency. */
  readonly feeWei: bigint;
}

/** What an approval, or checking a signature and writing allowance and nonce, costs besides the call, at most. */
const permitGas = 60_000n;

/**
 * Tries a plan on the chain as it is, without a signature, and with gas that the account can pay.
 * @throws What viem throws where the contract would refuse; GasBalanceError.
 */
export async function rehearse(site: PageSite, { call, payment }: Plan): Promise<Rehearsal> {
  const { reader, account, contracts } = site;
  const { token } = contracts;
  const isAllowed =
    payment === null ||
    (await token.read.allowance([account, payment.spender], { blockTag: "pending" })) >= payment.amountWei;
  const override = isAllowed ? undefined : allowanceOverride(token.address, account, payment.spender);
  await simulate(reader, account, call, override);
  const [callGas, gasPriceWei] = await Promise.all([
    override === undefined
      ? reader.estimateContractGas({ ...call, account })
      : leastGas(reader, account, call, override),
    reader.getGasPrice(),
  ]);
  const gas = isAllowed ? callGas : callGas + permitGas;
  const way = isAllowed ? "none" : payment.withPermit === null ? "approve" : "permit";
  const rehearsal: Rehearsal = { way, gas, feeWei: gas * gasPriceWei };
  await requireGas(site, rehearsal);
  return rehearsal;
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

/** Where OpenZeppelin's ERC20 keeps `_allowances`: the second variable of the token's storage. */
const allowancesSlot = 1n;

/**
 * Makes a simulation believe that `owner` has allowed `spender` everything, so that what follows a signature can be tried
 * before anybody signs.
 */
function allowanceOverride(token: Address, owner: Address, spender: Address): StateOverride {
  const slot = slotOf(spender, slotOf(owner, numberToHex(allowancesSlot, { size: 32 })));
  return [{ address: token, stateDiff: [{ slot, value: numberToHex(maxUint256, { size: 32 }) }] }];
}

/** The slot of a mapping's value, as Solidity lays it out. */
function slotOf(key: Address, mapping: `0x${string}`): `0x${string}` {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [key, mapping]));
}

/** The account can't pay for gas; the message is for people. */
export class GasBalanceError extends Error {
  override readonly name = "GasBalanceError";
}

/** @throws GasBalanceError where the account has less of the chain's currency than the transaction is expected to cost. */
async function requireGas({ reader, account, deployment }: PageSite, { feeWei }: Rehearsal): Promise<void> {
  const { symbol } = deployment.chain.currency;
  const balanceWei = await reader.getBalance({ address: account, blockTag: "pending" });
  if (balanceWei >= feeWei) return;
  const needed = inCurrency(feeWei, symbol);
  throw new GasBalanceError(
    balanceWei === 0n
      ? `Gas is paid in ${symbol}, and the account has none: send it at least ${needed}, then try again.`
      : `Gas for this costs about ${needed}, more than the account has: send it some ${symbol}, then try again.`,
  );
}

/** What gas will cost: "Gas costs about 0.000171 ETH (171,000 gas at 1 gwei)." @param symbol Of the chain's currency. */
export function describeCost({ gas, feeWei }: Rehearsal, symbol: string): string {
  const thousands = String((gas + 999n) / 1_000n);
  return `Gas costs about ${inCurrency(feeWei, symbol)} (${thousands},000 gas at ${formatGwei(feeWei / gas)} gwei).`;
}

/** An amount of the chain's currency, rounded up to a gwei: "0.000171 ETH". */
function inCurrency(feeWei: bigint, symbol: string): string {
  return `${formatUnits((feeWei + 999_999_999n) / 1_000_000_000n, 9)} ${symbol}`;
}
