import { expect } from "chai";
import { type Address } from "viem";
import { listTasks } from "../../scripts/views/taskRecords";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { type World } from "./world";

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Everything that must hold on chain at any moment, according to the design's table of contracts. */
export async function expectInvariants(world: World): Promise<void> {
  await Promise.all([
    expectTokenInvariants(world),
    expectStakesCovered(world),
    expectPoolInvariants(world),
    expectTreasuryInvariants(world),
    expectEscrowCovered(world),
  ]);
}

/** No minter exceeds its allowance; supply = minted − burned, and equals the sum of all balances. */
async function expectTokenInvariants({ connection, accounts }: World): Promise<void> {
  const { token, treasury, blockRewards } = connection.contracts;
  const { supply } = connection.deployment.config;
  const holders = [...accounts, ...Object.values(connection.deployment.addresses)];
  const [supplyWei, mintedWei, burnedWei, treasuryLeftWei, blocksLeftWei, balances] = await Promise.all([
    token.read.totalSupply(),
    token.read.totalMinted(),
    token.read.totalBurned(),
    token.read.mintable([treasury.address]),
    token.read.mintable([blockRewards.address]),
    Promise.all(holders.map((holder) => token.read.balanceOf([holder]))),
  ]);
  const genesisWei = supply.daoAllocationWei + supply.nodeAccountAllocationWei * BigInt(accounts.length);
  const byTreasury = supply.treasuryAllowanceWei - treasuryLeftWei;
  const byBlocks = supply.blockRewardsAllowanceWei - blocksLeftWei;
  expect(byTreasury >= 0n && byBlocks >= 0n && mintedWei <= supply.maxSupplyWei).to.equal(true);
  expect(genesisWei + byTreasury + byBlocks, "genesis + minted by each minter").to.equal(mintedWei);
  expect(mintedWei - burnedWei, "minted − burned").to.equal(supplyWei);
  expect(sum(balances), "all balances").to.equal(supplyWei);
}

/** Staking holds everyone's stake and pending exits, and besides less than 1,000 wei: the dust of slashes. */
async function expectStakesCovered({ connection, people }: World): Promise<void> {
  const { token, staking, stakingLens } = connection.contracts;
  const latest = await staking.read.addedCountsFrom();
  const pairs = people.validators.flatMap((validator) =>
    [...people.validators, ...people.delegators].map((account) => [validator, account] as const),
  );
  const owed = await Promise.all(
    pairs.map(async ([validator, account]) => {
      const [ownWei, delegatedWei, exits, withdrawableWei] = await Promise.all([
        account === validator ? staking.read.stakeAt([validator, latest]) : 0n,
        staking.read.delegationAt([validator, account, latest]),
        stakingLens.read.pendingExits([validator, account]),
        stakingLens.read.withdrawableWei([validator, account]),
      ]);
      return ownWei + delegatedWei + sum(exits.map(({ amountWei }) => amountWei)) + withdrawableWei;
    }),
  );
  const surplusWei = (await token.read.balanceOf([staking.address])) - sum(owed);
  expect(surplusWei >= 0n && surplusWei < 1_000n, `Staking's surplus of ${surplusWei} wei`).to.equal(true);
}

/** The pool holds what came in less what went out; everything that came in has a source, or arrived unbooked. */
async function expectPoolInvariants({ connection }: World): Promise<void> {
  const { pool } = connection.contracts;
  const [inWei, outWei, availableWei, otherWei, bySource] = await Promise.all([
    pool.read.totalIn(),
    pool.read.totalOut(),
    pool.read.available(),
    pool.read.other(),
    Promise.all([0, 1, 2, 3, 4].map((source) => pool.read.totalBySource([source]))),
  ]);
  expect(inWei - outWei, "in − out").to.equal(availableWei);
  expect(sum(bySource) + otherWei, "all sources").to.equal(inWei);
}

/** Every emission is the sum of its parts and within the schedule; the Treasury holds all that is unclaimed. */
async function expectTreasuryInvariants({ connection }: World): Promise<void> {
  const { token, treasury } = connection.contracts;
  const { baseRewardWei, halvingIntervalEpochs } = connection.deployment.config.emission;
  const settled = await readSettledEpochs(connection);
  for (const [epoch, { settlement: s, mintedWei, recycledWei }] of settled.entries()) {
    expect(s.epoch, "epochs in order, each once").to.equal(BigInt(epoch));
    const parts = [s.burnedUnmetQuota, s.burnedQualityPenalty, s.minerRewards, s.validatorRewards, s.daoShare];
    expect(sum(parts) + s.returned, `parts of epoch ${epoch}`).to.equal(s.emission);
    expect(mintedWei + recycledWei, `sources of epoch ${epoch}`).to.equal(s.emission);
    const ceilingWei = baseRewardWei >> BigInt(Math.floor(epoch / halvingIntervalEpochs));
    expect(s.emission <= ceilingWei, `ceiling of epoch ${epoch}`).to.equal(true);
  }
  const postedWei = sum(settled.map(({ settlement }) => settlement.minerRewards + settlement.validatorRewards));
  const unclaimedWei = postedWei - (await claimedInAll(connection));
  expect(await token.read.balanceOf([treasury.address]), "unclaimed").to.equal(unclaimedWei);
}

async function claimedInAll({ reader, contracts, deployment }: World["connection"]): Promise<bigint> {
  const { address, abi } = contracts.treasury;
  const claimed = await reader.getContractEvents({
    address,
    abi,
    eventName: "Claimed",
    fromBlock: BigInt(deployment.choices.fromBlock),
    strict: true,
  });
  return sum(claimed.map(({ args }) => args.amount));
}

/** The task registry holds the fees of open tasks, and nothing else. */
async function expectEscrowCovered({ connection }: World): Promise<void> {
  const { token, taskRegistry } = connection.contracts;
  const open = (await listTasks(connection)).filter(({ status }) => status === "open");
  expect(await token.read.balanceOf([taskRegistry.address]), "open fees").to.equal(
    sum(open.map(({ feeWei }) => feeWei)),
  );
}

/** The delegations that the keeper read are those that Staking itself shows. */
export async function expectDelegationsOfChain(
  { connection, people }: World,
  epoch: number,
  facts: readonly {
    readonly account: Address;
    readonly delegations: readonly { readonly account: Address; readonly stakeWei: bigint }[];
  }[],
): Promise<void> {
  const { stakingLens } = connection.contracts;
  const accounts = [...people.validators, ...people.delegators];
  for (const { account: validator, delegations } of facts) {
    const read = new Map(delegations.map(({ account, stakeWei }) => [account, stakeWei]));
    const chain = await stakingLens.read.delegationsAt([validator, accounts, BigInt(epoch)]);
    expect(accounts.map((account) => read.get(account) ?? 0n)).to.deep.equal(chain);
    expect(delegations.every(({ account }) => accounts.includes(account))).to.equal(true);
  }
}
