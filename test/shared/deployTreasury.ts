import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { ethers } from "hardhat";
import { type IEpochClock } from "../../typechain-types";

export const WAD = 10n ** 18n;
export const MAX_SUPPLY_WEI = 21_000_000n * WAD;
export const BASE_REWARD_WEI = 1_000n * WAD;
export const HALVING_INTERVAL_EPOCHS = 8n;
export const TREASURY_ALLOWANCE_WEI = 2n * BASE_REWARD_WEI * HALVING_INTERVAL_EPOCHS;
export const SLOT_SECONDS = 2n;
export const SLOTS_PER_EPOCH = 32n;
export const REVEAL_SLOTS = 8n;
export const EPOCH_SECONDS = SLOT_SECONDS * SLOTS_PER_EPOCH;
/** Held by `whale` from the beginning, so that tests have tokens to recycle and to give. */
export const GENESIS_WEI = 1_000_000n * WAD;

/** A clock whose epoch 0 begins in a hundred seconds. */
export async function clockStartingSoon(): Promise<IEpochClock.ClockParametersStruct> {
  return {
    genesisTimestamp: BigInt(await time.latest()) + 100n,
    slotSeconds: SLOT_SECONDS,
    slotsPerEpoch: SLOTS_PER_EPOCH,
    revealSlots: REVEAL_SLOTS,
  };
}

/** The token, the pool, Staking and the Treasury, deployed and wired, and the people who act on them. */
export async function deployTreasury(claimDelaySeconds = 0n, treasuryAllowanceWei = TREASURY_ALLOWANCE_WEI) {
  const [deployer, admin, keeper, guardian, dao, whale, taskRegistry, stranger, alice, bob, carol, dora] =
    await ethers.getSigners();
  const actors = {
    deployer: deployer!,
    admin: admin!,
    keeper: keeper!,
    guardian: guardian!,
    dao: dao!,
    whale: whale!,
    taskRegistry: taskRegistry!,
    stranger: stranger!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    dora: dora!,
  };
  const clock = await clockStartingSoon();
  const token = await ethers.deployContract("ModernTensorToken", [
    [{ account: actors.whale, amountWei: GENESIS_WEI }],
    MAX_SUPPLY_WEI,
  ]);
  const pool = await ethers.deployContract("RecyclingPool", [token]);
  const staking = await ethers.deployContract("Staking", [
    {
      clock,
      token,
      pool,
      admin: actors.admin,
      minimumStakeWei: 32n * WAD,
      maximumSeats: 4,
      slashCapBps: 5_000,
      jailEpochs: 2,
      registrationPrice: { floorWei: WAD, ceilingWei: 100n * WAD, halfLifeSeconds: 300 },
    },
  ]);
  const parameters = {
    token: await token.getAddress(),
    pool: await pool.getAddress(),
    staking: await staking.getAddress(),
    dao: actors.dao.address,
    baseRewardWei: BASE_REWARD_WEI,
    halvingIntervalEpochs: HALVING_INTERVAL_EPOCHS,
    claimDelaySeconds,
    admin: actors.admin.address,
    keeper: actors.keeper.address,
    guardian: actors.guardian.address,
  };
  const treasury = await ethers.deployContract("Treasury", [clock, parameters]);
  await token.wireMinters([treasury], [treasuryAllowanceWei]);
  await pool.wire(treasury, staking, actors.taskRegistry);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { chainId, treasury: await treasury.getAddress() };
  return { actors, clock, token, pool, staking, treasury, parameters, domain };
}

export type Deployment = Awaited<ReturnType<typeof deployTreasury>>;
