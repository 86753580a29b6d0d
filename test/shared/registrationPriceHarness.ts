import { type BaseContract } from "ethers";
import { ethers } from "hardhat";

/** Bounds of a price, and the seconds for which one registration keeps it where it is. */
export interface PriceParameters {
  readonly floorWei: bigint;
  readonly ceilingWei: bigint;
  readonly intervalSeconds: bigint | number;
}

/** The price after the last registration, and when that was, in unix seconds. */
interface PriceState {
  readonly priceWei: bigint;
  readonly updatedAt: bigint;
}

/** The library's functions, called from outside. */
interface RegistrationPrice {
  validate(parameters: PriceParameters): Promise<unknown>;
  quote(state: PriceState, parameters: PriceParameters, timestamp: bigint): Promise<bigint>;
  afterRegistration(priceWei: bigint, parameters: PriceParameters, timestamp: bigint): Promise<[bigint, bigint]>;
}

/** Deploys the harness of the contracts' RegistrationPrice. */
export async function deployRegistrationPrice(): Promise<BaseContract & RegistrationPrice> {
  return (await ethers.deployContract("RegistrationPriceHarness")) as unknown as BaseContract & RegistrationPrice;
}
