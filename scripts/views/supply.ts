import { type Connection } from "../chain/connection";

/** Where every token is: what exchanges and explorers ask for, and what the schedule still holds. Amounts in wei. */
export interface Supply {
  readonly maxSupplyWei: bigint;
  readonly totalSupplyWei: bigint;
  readonly totalMintedWei: bigint;
  readonly totalBurnedWei: bigint;
  /** What the Treasury and BlockRewards may still mint in total. */
  readonly treasuryMintableWei: bigint;
  readonly blockRewardsMintableWei: bigint;
  /** In the recycling pool, to be spent before anything is minted. */
  readonly poolWei: bigint;
  /** At stake or leaving. */
  readonly stakedWei: bigint;
  /** Rewards that nobody has claimed yet. */
  readonly unclaimedWei: bigint;
  /** Supply that is neither at stake, unclaimed, in the pool nor in a task's escrow. */
  readonly circulatingWei: bigint;
}

/** Reads the supply at one block. */
export async function readSupply({ reader, contracts }: Connection): Promise<Supply> {
  const { token, pool, staking, taskRegistry, blockRewards, treasury } = contracts;
  const at = { blockNumber: await reader.getBlockNumber() };
  const [maxSupplyWei, totalSupplyWei, totalMintedWei, totalBurnedWei] = await Promise.all([
    token.read.MAX_SUPPLY(at),
    token.read.totalSupply(at),
    token.read.totalMinted(at),
    token.read.totalBurned(at),
  ]);
  const [treasuryMintableWei, blockRewardsMintableWei] = await Promise.all([
    token.read.mintable([treasury.address], at),
    token.read.mintable([blockRewards.address], at),
  ]);
  const [poolWei, stakedWei, unclaimedWei, escrowWei] = await Promise.all(
    [pool, staking, treasury, taskRegistry].map(({ address }) => token.read.balanceOf([address], at)),
  );
  return {
    maxSupplyWei,
    totalSupplyWei,
    totalMintedWei,
    totalBurnedWei,
    treasuryMintableWei,
    blockRewardsMintableWei,
    poolWei: poolWei!,
    stakedWei: stakedWei!,
    unclaimedWei: unclaimedWei!,
    circulatingWei: totalSupplyWei - poolWei! - stakedWei! - unclaimedWei! - escrowWei!,
  };
}
