import { type Address } from "viem";
import { claimableRewards } from "../../actions/rewards";
import { type EpochArchive } from "../../keeper/archive/epochArchive";
import { readSettledEpochs } from "../../keeper/facts/settledEpochs";
import { type Stage } from "./steps";
import { sum } from "../../core/fixedPoint";

/** One sum that must come out to the wei. */
export interface ConservationCheck {
  readonly name: string;
  readonly leftWei: bigint;
  readonly rightWei: bigint;
}

/** Adds up every token of the network in several ways; both sides of each check must be equal. */
export async function checkConservation(stage: Stage, archive: EpochArchive): Promise<readonly ConservationCheck[]> {
  const { connection, accounts } = stage;
  const { token, pool, treasury, blockRewards } = connection.contracts;
  const { supply } = connection.deployment.config;
  const contracts = Object.values(connection.deployment.addresses);
  const settled = await readSettledEpochs(connection);
  const balanceOf = (account: Address) => token.read.balanceOf([account]);
  const [balances, rewards, totalSupplyWei, totalMintedWei, totalBurnedWei, blockRewardsLeftWei] = await Promise.all([
    Promise.all([...accounts, ...contracts].map(balanceOf)),
    Promise.all(accounts.map((account) => claimableRewards(connection, archive, account))),
    token.read.totalSupply(),
    token.read.totalMinted(),
    token.read.totalBurned(),
    token.read.mintable([blockRewards.address]),
  ]);
  const genesisWei = supply.daoAllocationWei + supply.nodeAccountAllocationWei * BigInt(accounts.length);
  return [
    {
      name: "the parts of every emission = everything emitted",
      leftWei: sum(
        settled.map(
          ({ settlement: s }) =>
            s.burnedUnmetQuota + s.burnedQualityPenalty + s.minerRewards + s.validatorRewards + s.daoShare + s.returned,
        ),
      ),
      rightWei: sum(settled.map(({ settlement }) => settlement.emission)),
    },
    {
      name: "recycled + minted = everything emitted",
      leftWei: sum(settled.map(({ recycledWei, mintedWei }) => recycledWei + mintedWei)),
      rightWei: sum(settled.map(({ settlement }) => settlement.emission)),
    },
    {
      name: "genesis + minted for epochs and blocks = everything ever minted",
      leftWei:
        genesisWei +
        sum(settled.map(({ mintedWei }) => mintedWei)) +
        supply.blockRewardsAllowanceWei -
        blockRewardsLeftWei,
      rightWei: totalMintedWei,
    },
    { name: "minted - burned = total supply", leftWei: totalMintedWei - totalBurnedWei, rightWei: totalSupplyWei },
    { name: "everybody's balance = total supply", leftWei: sum(balances), rightWei: totalSupplyWei },
    {
      name: "rewards of all epochs = earned by accounts",
      leftWei: sum(settled.map(({ settlement }) => settlement.minerRewards + settlement.validatorRewards)),
      rightWei: sum(rewards.map(({ cumulativeWei }) => cumulativeWei)),
    },
    {
      name: "earned - claimed = what the Treasury holds",
      leftWei: sum(rewards.map(({ cumulativeWei, claimedWei }) => cumulativeWei - claimedWei)),
      rightWei: await balanceOf(treasury.address),
    },
    {
      name: "recycled in - recycled out = what the pool holds",
      leftWei: (await pool.read.totalIn()) - (await pool.read.totalOut()),
      rightWei: await pool.read.available(),
    },
  ];
}
