import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { ethers } from "hardhat";
import { type IEpochClock } from "../../typechain-types/ethers/treasury/Treasury";
import { deploySystem, moveRole, signerOf } from "./deploySystem";

export const WAD = 10n ** 18n;
export const MAX_SUPPLY_WEI = 21_000_000n * WAD;
export const BASE_REWARD_WEI = 1_000n * WAD;
export const HALVING_INTERVAL_EPOCHS = 8n;
/** Everything that the schedule can emit. */
export const TREASURY_ALLOWANCE_WEI = 2n * BASE_REWARD_WEI * HALVING_INTERVAL_EPOCHS;
export const SLOT_SECONDS = 2n;
export const SLOTS_PER_EPOCH = 32n;
export const REVEAL_SLOTS = 8n;
export const EPOCH_SECONDS = SLOT_SECONDS * SLOTS_PER_EPOCH;
/** Held by `whale` from the beginning, so that tests have tokens to recycle and to give. */
export const GENESIS_WEI = 1_000_000n * WAD;

const SECONDS_UNTIL_GENESIS = 100;

/** A clock whose epoch 0 begins in a hundred seconds. */
export async function clockStartingSoon(): Promise<IEpochClock.ClockParametersStruct> {
  return {
    genesisTimestamp: BigInt(await time.latest()) + 100n,
    slotSeconds: SLOT_SECONDS,
    slotsPerEpoch: SLOTS_PER_EPOCH,
    revealSlots: REVEAL_SLOTS,
  };
}

/** The system as far as the Treasury is concerned, and the people who act on it, each role with a holder of its own. */
export async function deployTreasury(claimDelaySeconds = 0n, maxDaoShareBps = 10_000) {
  const [deployer, admin, keeper, guardian, dao, whale, , stranger, alice, bob, carol, dora] =
    await ethers.getSigners();
  const system = await deploySystem(SECONDS_UNTIL_GENESIS, {
    genesis: [{ account: whale!.address, amountWei: GENESIS_WEI }],
    maxSupplyWei: MAX_SUPPLY_WEI,
    treasuryAllowanceWei: TREASURY_ALLOWANCE_WEI,
    maximumSeats: 4,
    dao: dao!.address,
    baseRewardWei: BASE_REWARD_WEI,
    halvingIntervalEpochs: Number(HALVING_INTERVAL_EPOCHS),
    claimDelaySeconds: Number(claimDelaySeconds),
    maxDaoShareBps,
  });
  const { token, pool, staking, blockRewards, treasury } = system;
  const actors = {
    deployer: deployer!,
    admin: admin!,
    keeper: keeper!,
    guardian: guardian!,
    dao: dao!,
    whale: whale!,
    taskRegistry: await signerOf(system.taskRegistry),
    stranger: stranger!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    dora: dora!,
  };
  await moveRole(treasury, await treasury.KEEPER_ROLE(), actors.keeper);
  await moveRole(treasury, await treasury.GUARDIAN_ROLE(), actors.guardian);
  await moveRole(treasury, await treasury.DEFAULT_ADMIN_ROLE(), actors.admin);
  await moveRole(staking, await staking.DEFAULT_ADMIN_ROLE(), actors.admin);
  const parameters = {
    token: await token.getAddress(),
    pool: await pool.getAddress(),
    staking: await staking.getAddress(),
    dao: actors.dao.address,
    baseRewardWei: BASE_REWARD_WEI,
    halvingIntervalEpochs: HALVING_INTERVAL_EPOCHS,
    claimDelaySeconds,
    maxDaoShareBps,
    admin: actors.admin.address,
    keeper: actors.keeper.address,
    guardian: actors.guardian.address,
  };
  const clock: IEpochClock.ClockParametersStruct = system.clock;
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { chainId, treasury: await treasury.getAddress() };
  const { settlementQuorum } = system;
  return { actors, clock, token, pool, staking, blockRewards, treasury, settlementQuorum, parameters, domain };
}

export type Deployment = Awaited<ReturnType<typeof deployTreasury>>;
