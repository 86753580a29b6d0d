import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";
import {
  type ModernTensorToken,
  type RecyclingPool,
  type Staking,
  type StakingLens,
} from "../../typechain-types/ethers";
import { deploySystem, moveRole } from "./deploySystem";

/** Numbers that differ from those of a usual test network, one by one. */
export type StakingOverrides = Partial<{
  maximumSeats: number;
  minimumStakeWei: bigint;
  slashCapBps: number;
  exitDelayEpochs: number;
  seatSafeEpochs: number;
  jailEpochs: number;
  registrationPrice: { floorWei: bigint; ceilingWei: bigint; intervalSeconds: number };
}>;

/** A token, a pool and Staking, wired, a while before genesis, and people with tokens and allowances. */
export interface StakingNetwork {
  readonly token: ModernTensorToken;
  readonly pool: RecyclingPool;
  readonly staking: Staking;
  readonly stakingLens: StakingLens;
  readonly genesis: number;
  readonly epochSeconds: number;
  readonly admin: HardhatEthersSigner;
  readonly slasher: HardhatEthersSigner;
  /** Everyone but the roles: they hold tokens, and Staking may take them. */
  readonly people: readonly HardhatEthersSigner[];
}

/** One MDT in wei. */
export const MDT = 10n ** 18n;

/** What each of the people holds at the start. */
export const INITIAL_WEI = 100_000n * MDT;

const CLOCK = { slotSeconds: 10, slotsPerEpoch: 10, revealSlots: 2 };
const SECONDS_UNTIL_GENESIS = 1_000;

/** Deploys the system as far as Staking is concerned; times are in seconds of the chain. */
export async function deployStaking(overrides: StakingOverrides = {}): Promise<StakingNetwork> {
  const [admin, slasher, , , ...people] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  const { registrationPrice, ...others } = overrides;
  const { token, pool, staking, stakingLens, clock } = await deploySystem(SECONDS_UNTIL_GENESIS, {
    clock: CLOCK,
    genesis: people.map((person) => ({ account: person.address, amountWei: INITIAL_WEI })),
    maximumSeats: 4,
    validatorPrice: registrationPrice ?? { floorWei: 10n * MDT, ceilingWei: 1_000n * MDT, intervalSeconds: 300 },
    ...others,
  });
  await moveRole(staking, await staking.SLASHER_ROLE(), slasher);
  for (const person of people) await token.connect(person).approve(staking, ethers.MaxUint256);
  const epochSeconds = CLOCK.slotSeconds * CLOCK.slotsPerEpoch;
  return { token, pool, staking, stakingLens, genesis: clock.genesisTimestamp, epochSeconds, admin, slasher, people };
}
