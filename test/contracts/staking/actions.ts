import { time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { type ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { type RecyclingPool, type Staking } from "../../../typechain-types/ethers";
import { MDT, type StakingNetwork, type StakingOverrides, deployStaking } from "../../shared/deployStaking";

/** Evidence hash with which tests slash. */
export const EVIDENCE = ethers.id("public evidence");

/** The amount with which `unstake` takes the whole position. */
export const ALL = ethers.MaxUint256;

/** Staking with four seats, before genesis. */
export async function emptyNetwork(): Promise<StakingNetwork> {
  return deployStaking();
}

/** Deploys Staking alone with one invalid parameter, for tests of its constructor. */
export async function deployWith(wrong: StakingOverrides & { pool?: RecyclingPool; admin?: string }): Promise<Staking> {
  const token = await ethers.deployContract("ModernTensorToken", [[], MDT]);
  const parameters = {
    clock: { genesisTimestamp: await time.latest(), slotSeconds: 1, slotsPerEpoch: 2, revealSlots: 1 },
    token,
    pool: await ethers.deployContract("RecyclingPool", [token]),
    admin: ethers.Wallet.createRandom().address,
    minimumStakeWei: 32n * MDT,
    maximumSeats: 4,
    seatSafeEpochs: 2,
    slashCapBps: 5_000,
    exitDelayEpochs: 3,
    jailEpochs: 2,
    registrationPrice: { floorWei: MDT, ceilingWei: MDT, intervalSeconds: 1 },
    ...wrong,
  };
  return ethers.deployContract("Staking", [parameters]);
}

/** The named people of a network. */
export function named(network: StakingNetwork) {
  const [alice, bob, carol, dave, erin, mallory] = network.people as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  return { alice, bob, carol, dave, erin, mallory };
}

/** Mines a block `offsetSeconds` after the start of `epoch`. */
export async function enterEpoch(network: StakingNetwork, epoch: number, offsetSeconds = 0): Promise<void> {
  await time.increaseTo(network.genesis + epoch * network.epochSeconds + offsetSeconds);
}

/** Sets the timestamp of the next block exactly `offsetSeconds` after the start of `epoch`. */
export async function nextAt(network: StakingNetwork, epoch: number, offsetSeconds = 0): Promise<void> {
  await time.setNextBlockTimestamp(network.genesis + epoch * network.epochSeconds + offsetSeconds);
}

/** The active validators of `epoch`, in the order of their seats. */
export async function activeSet(staking: Staking, epoch: number): Promise<readonly string[]> {
  const [validators] = await staking.activeStakes(epoch);
  return [...validators];
}

/** Registers `owner` as its own operator, at any price. */
export async function register(
  network: StakingNetwork,
  owner: HardhatEthersSigner,
  stakeWei = 100n * MDT,
  commissionBps = 1_000,
): Promise<ContractTransactionResponse> {
  return network.staking.connect(owner).registerValidator(owner, commissionBps, stakeWei, ethers.MaxUint256);
}

/** Slashes from the account with the slasher role. */
export async function slash(
  network: StakingNetwork,
  validator: HardhatEthersSigner,
  fractionBps: number,
): Promise<ContractTransactionResponse> {
  return network.staking.connect(network.slasher).slash(validator, fractionBps, EVIDENCE);
}

/** Alice and Dave validate with 100 each, Carol with 40; Bob and Erin delegate 50 and 30 to Alice; the current epoch is 3. */
export async function redelegable() {
  const network = await emptyNetwork();
  const people = named(network);
  const { alice, bob, carol, dave, erin } = people;
  for (const owner of [alice, dave]) await register(network, owner);
  await register(network, carol, 40n * MDT);
  await network.staking.connect(bob).delegate(alice, 50n * MDT);
  await network.staking.connect(erin).delegate(alice, 30n * MDT);
  await enterEpoch(network, 3);
  return { ...network, ...people, network };
}
