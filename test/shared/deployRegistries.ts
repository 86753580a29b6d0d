import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";
import { zeroAddress, zeroHash } from "viem";
import {
  type BlockRewards,
  type ModernTensorToken,
  type RecyclingPool,
  type ScoreBoard,
  type Staking,
  type TaskRegistry,
} from "../../typechain-types/ethers";
import { deploySystem, moveRole, signerOf } from "./deploySystem";

/** One MDT in wei. */
export const MDT = 10n ** 18n;

/** What each of the people holds at the start. */
export const INITIAL_WEI = 100_000n * MDT;

/** The verifier and model of a type whose results are judged by scores. */
export const NO_PROOF = { verifier: zeroAddress, modelHash: zeroHash } as const;

/** Three types of task: an easy one, a hard one, and one whose difficulty is the maximum. */
export const TASK_TYPES = [
  { difficultyBps: 1_000, isOpen: true, minFeeWei: 1n * MDT, ...NO_PROOF },
  { difficultyBps: 8_000, isOpen: true, minFeeWei: 4n * MDT, ...NO_PROOF },
  { difficultyBps: 10_000, isOpen: true, minFeeWei: 10n * MDT, ...NO_PROOF },
] as const;

/** The parameters of the types' minimum fees: 0.6, 1.3 and 1.5 MDT for those above; fees halve every four epochs. */
export const FEE_RULE = {
  volumeFeeWei: MDT / 2n,
  difficultyFeeWei: MDT,
  halvingIntervalEpochs: 4,
} as const;

/** The price of registering as a miner, low enough that a test can reach its ceiling. */
export const MINER_PRICE = { floorWei: 2n * MDT, ceilingWei: 5n * MDT, intervalSeconds: 600 } as const;

/** Parameters that some tests set differently. */
export interface RegistriesOverrides {
  readonly slotsPerEpoch?: number;
  readonly slotSeconds?: number;
  readonly maximumSeats?: number;
  readonly burnBps?: number;
  readonly blockAllowanceWei?: bigint;
}

/** What is deployed, who takes part, and when it all begins. */
export interface Registries {
  readonly token: ModernTensorToken;
  readonly pool: RecyclingPool;
  readonly staking: Staking;
  readonly taskRegistry: TaskRegistry;
  readonly scoreBoard: ScoreBoard;
  readonly blockRewards: BlockRewards;
  readonly clock: { genesisTimestamp: number; slotSeconds: number; slotsPerEpoch: number; revealSlots: number };
  readonly admin: HardhatEthersSigner;
  readonly governor: HardhatEthersSigner;
  readonly slasher: HardhatEthersSigner;
  readonly treasury: HardhatEthersSigner;
  /** Everyone without a role: they hold tokens, and Staking and TaskRegistry may take them. */
  readonly people: readonly HardhatEthersSigner[];
}

/** Long, so that a slow machine does not carry a test into the next slot. */
export const SLOT_SECONDS = 200;
const SLOTS_PER_EPOCH = 10;
/** The slots of an epoch, unless a test sets it differently. */
export const EPOCH_SECONDS = SLOT_SECONDS * SLOTS_PER_EPOCH;

/** The last slots of an epoch: tasks completed in them count for the next epoch. */
export const CLOSING_SLOTS = 2;

const SECONDS_UNTIL_GENESIS = 10_000;

/** Deploys the system as far as tasks, scores and slots are concerned, well before genesis. */
export async function deployRegistries(overrides: RegistriesOverrides = {}): Promise<Registries> {
  const signers = await ethers.getSigners();
  const [admin, governor, slasher] = signers as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
  const people = signers.slice(4);
  const system = await deploySystem(SECONDS_UNTIL_GENESIS, {
    clock: {
      slotSeconds: overrides.slotSeconds ?? SLOT_SECONDS,
      slotsPerEpoch: overrides.slotsPerEpoch ?? SLOTS_PER_EPOCH,
      revealSlots: 2,
    },
    genesis: people.map((person) => ({ account: person.address, amountWei: INITIAL_WEI })),
    maximumSeats: overrides.maximumSeats ?? 8,
    validatorPrice: { floorWei: 1n * MDT, ceilingWei: 2n * MDT, intervalSeconds: 300 },
    feeBurnBps: overrides.burnBps ?? 5_000,
    feeRule: FEE_RULE,
    closingSlots: CLOSING_SLOTS,
    minerPrice: MINER_PRICE,
    taskTypes: TASK_TYPES,
    blockRewardsAllowanceWei: overrides.blockAllowanceWei ?? 1_000n * MDT,
  });
  const { token, staking, taskRegistry } = system;
  await moveRole(staking, await staking.SLASHER_ROLE(), slasher);
  await moveRole(taskRegistry, await taskRegistry.TASK_GOVERNOR_ROLE(), governor);
  for (const person of people) {
    await token.connect(person).approve(staking, ethers.MaxUint256);
    await token.connect(person).approve(taskRegistry, ethers.MaxUint256);
  }
  const treasury = await signerOf(system.treasury);
  return { ...system, admin, governor, slasher, treasury, people };
}

/** Unix seconds at which `slot` of `epoch` begins. */
export function startOf({ clock }: Pick<Registries, "clock">, epoch: number, slot = 0): number {
  return clock.genesisTimestamp + (epoch * clock.slotsPerEpoch + slot) * clock.slotSeconds;
}

/** The next block, and with it the next transaction, will be exactly at the start of `slot` of `epoch`, plus `seconds`. */
export async function nextBlockAt(network: Registries, epoch: number, slot = 0, seconds = 0): Promise<number> {
  const timestamp = startOf(network, epoch, slot) + seconds;
  await time.setNextBlockTimestamp(timestamp);
  return timestamp;
}

/** Mines a block at the start of `slot` of `epoch`, plus `seconds`, so that what follows happens in that slot. */
export async function goTo(network: Registries, epoch: number, slot = 0, seconds = 0): Promise<void> {
  await nextBlockAt(network, epoch, slot, seconds);
  await mine();
}

/** Registers `owner` as a validator with `stakeMdt` of own stake, operated by `operator` or itself. */
export async function joinAsValidator(
  { staking }: Registries,
  owner: HardhatEthersSigner,
  stakeMdt = 100n,
  operator = owner,
): Promise<void> {
  await staking.connect(owner).registerValidator(operator, 0, stakeMdt * MDT, ethers.MaxUint256);
}
