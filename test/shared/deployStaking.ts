import { time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";
import { type ModernTensorToken, type RecyclingPool, type Staking } from "../../typechain-types";

/** Numbers that differ from those of a usual test network, one by one. */
export type StakingOverrides = Partial<{
  maximumSeats: number;
  minimumStakeWei: bigint;
  slashCapBps: number;
  jailEpochs: number;
  registrationPrice: { floorWei: bigint; ceilingWei: bigint; halfLifeSeconds: number };
}>;

/** A token, a pool and Staking, wired, a while before genesis, and people with tokens and allowances. */
export interface StakingNetwork {
  readonly token: ModernTensorToken;
  readonly pool: RecyclingPool;
  readonly staking: Staking;
  readonly genesis: number;
  readonly epochSeconds: number;
  readonly admin: HardhatEthersSigner;
  readonly slasher: HardhatEthersSigner;
  /** Everybody but the roles: they hold tokens, and Staking may take them. */
  readonly people: readonly HardhatEthersSigner[];
}

/** One MDT in wei. */
export const MDT = 10n ** 18n;

/** What each of the people holds at the start. */
export const INITIAL_WEI = 100_000n * MDT;

const CLOCK = { slotSeconds: 10, slotsPerEpoch: 10, revealSlots: 2 };
const SECONDS_UNTIL_GENESIS = 1_000;

/** Deploys everything that Staking needs; times are in seconds of the chain. */
export async function deployStaking(overrides: StakingOverrides = {}): Promise<StakingNetwork> {
  const [admin, slasher, treasury, taskRegistry, ...people] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  const genesis = (await time.latest()) + SECONDS_UNTIL_GENESIS;
  const token = await ethers.deployContract("ModernTensorToken", [
    people.map((person) => ({ account: person.address, amountWei: INITIAL_WEI })),
    21_000_000n * MDT,
  ]);
  const pool = await ethers.deployContract("RecyclingPool", [token]);
  const staking = await ethers.deployContract("Staking", [
    {
      clock: { genesisTimestamp: genesis, ...CLOCK },
      token,
      pool,
      admin,
      minimumStakeWei: 32n * MDT,
      maximumSeats: 4,
      slashCapBps: 5_000,
      jailEpochs: 2,
      registrationPrice: { floorWei: 10n * MDT, ceilingWei: 1_000n * MDT, halfLifeSeconds: 300 },
      ...overrides,
    },
  ]);
  await pool.wire(treasury, staking, taskRegistry);
  await staking.grantRole(await staking.SLASHER_ROLE(), slasher);
  for (const person of people) await token.connect(person).approve(staking, ethers.MaxUint256);
  const epochSeconds = CLOCK.slotSeconds * CLOCK.slotsPerEpoch;
  return { token, pool, staking, genesis, epochSeconds, admin, slasher, people };
}
