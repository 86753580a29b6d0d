import { type BenchRow } from "./benchRow";

/**
 * What a block holds, in gas: of the two nodes as they say themselves; of Ethereum what its clients vote for by default,
 * https://eips.ethereum.org/EIPS/eip-7935; of the OP Stack the most that a standard chain may set,
 * https://specs.optimism.io/protocol/configurability.html; of Arbitrum https://docs.arbitrum.io/time.
 * Chains change it now and then; divide by another limit in the same way.
 */
export const BLOCK_GAS = {
  "Hardhat's node": 60_000_000,
  anvil: 30_000_000,
  "Ethereum mainnet": 60_000_000,
  "Arbitrum One": 32_000_000,
  "OP Stack chain, at most": 200_000_000,
} as const;

/** What one transaction may use on Ethereum since Osaka: https://eips.ethereum.org/EIPS/eip-7825. */
const TRANSACTION_GAS = 2 ** 24;

/** How much fits into a block and into a transaction: the measured gas, divided into the limits. */
export function capacityRows(gasRows: readonly BenchRow[]): readonly BenchRow[] {
  const gasOf = (name: string, size: number): number => {
    const found = gasRows.find((row) => row.name === name && row.size === size);
    if (found === undefined) throw new Error(`The benchmark has no row "${name}" of size ${size}.`);
    return found.ours;
  };
  const perBlock = Object.entries(BLOCK_GAS).flatMap(([chain, gas]) => [
    row(`single claims in a block: ${chain}`, gas, gas / gasOf("claim, repeated", 2 ** 14)),
    row(`accounts paid by claimMany in a block: ${chain}`, gas, gas / gasOf(MANY, 250)),
    row(`settlements in a block: ${chain}`, gas, gas / gasOf("settle: steady state", 1)),
  ]);
  const firstEach = (gasOf(PAYING, 250) - gasOf(PAYING, 100)) / 150;
  const payable = 250 + (TRANSACTION_GAS - gasOf(PAYING, 250)) / firstEach;
  return [
    ...perBlock,
    row("accounts that a settlement can pay at once, first time", TRANSACTION_GAS, payable),
    row("accounts in one claimMany, first time", TRANSACTION_GAS, TRANSACTION_GAS / gasOf(MANY_FIRST, 250)),
  ];
}

const PAYING = "settle and pay everybody, first time";
const MANY = "claimMany of 2^14 leaves, repeated, per account";
const MANY_FIRST = "claimMany of 2^14 leaves, first time, per account";

/** @param size The limit, in gas. */
function row(name: string, size: number, count: number): BenchRow {
  return { name, unit: "count", size, ours: Math.floor(count), target: null, peer: null, peerValue: null };
}
