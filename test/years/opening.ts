import { type Abi, type Address, maxUint256, parseEther } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { minersAtGenesis, type YearsPeople } from "./people";
import { type DevChain, type Sending } from "./devChain";

/** Wei of this many whole MDT. */
export function mdt(amount: number): bigint {
  return parseEther(String(amount));
}

/** What everyone gets at the start, in MDT: the highest registration price is 100. */
const forFees = 110;
const forTasks = 100_000;

/** The senders besides the people. */
export interface Offices {
  /** Settles, vetoes and publishes policies. */
  readonly keeper: Address;
  /** Has the tokens that everyone starts with. */
  readonly dao: Address;
}

/** Everyone gets tokens, registers, stakes and delegates, so that all count from epoch 0: at `timestamp`, before it begins. */
export async function takePlaces(
  { contracts }: Connection,
  chain: DevChain,
  { validators, miners, clients }: YearsPeople,
  { dao }: Offices,
  timestamp: number,
): Promise<void> {
  const { token, staking, taskRegistry } = contracts;
  const delegators = validators.flatMap(({ account: validator, delegators: each }) =>
    each.map(({ account, stakeMdt }) => ({ account, stakeMdt, validator })),
  );
  const stakers = [...validators.map(({ account, stakeMdt }) => ({ account, stakeMdt })), ...delegators];
  await chain.open([...stakers.map(({ account }) => account), ...miners, ...clients]);
  const give = (account: Address, amountMdt: number) => sending(dao, token, "transfer", [account, mdt(amountMdt)]);
  const approve = (account: Address, spender: Address) => sending(account, token, "approve", [spender, maxUint256]);
  await chain.mine(timestamp, [
    ...stakers.map(({ account, stakeMdt }) => give(account, stakeMdt + forFees + 500)),
    ...miners.map((account) => give(account, forFees)),
    ...clients.map((account) => give(account, forTasks)),
    ...stakers.map(({ account }) => approve(account, staking.address)),
    ...[...miners, ...clients].map((account) => approve(account, taskRegistry.address)),
  ]);
  await chain.mine(timestamp, [
    ...validators.map(({ account, stakeMdt, commissionBps }) =>
      sending(account, staking, "registerValidator", [account, commissionBps, mdt(stakeMdt), maxUint256]),
    ),
    ...miners.slice(0, minersAtGenesis).map((account) => sending(account, taskRegistry, "registerMiner", [maxUint256])),
  ]);
  await chain.mine(
    timestamp,
    delegators.map(({ account, validator, stakeMdt }) =>
      sending(account, staking, "delegate", [validator, mdt(stakeMdt)]),
    ),
  );
}

/** A call of one of the system's contracts by `from`. */
export function sending(
  from: Address,
  { address, abi }: { readonly address: Address; readonly abi: Abi },
  functionName: string,
  args: readonly unknown[],
): Sending {
  return { from, call: { address, abi, functionName, args } };
}
