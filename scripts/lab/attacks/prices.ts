import { type NetworkConfig } from "../../config/networkConfig";
import { max, min, mulDivDown } from "../../core/fixedPoint";
import { type Payment, type Person } from "./network";

const DAY_SECONDS = 86_400n;

/** What registering costs: the lowest and the highest price in wei, and how many a day leave the price where it is. */
export interface PriceRule {
  readonly floorWei: bigint;
  readonly ceilingWei: bigint;
  readonly registrationsPerDay: number;
}

/** A registration, at a second from the beginning. */
export interface Registration {
  readonly person: Person;
  readonly atSecond: number;
}

/** The price as of the latest registration. */
interface PriceState {
  readonly priceWei: bigint;
  readonly atSecond: bigint;
}

/** What everybody pays who registers, in the order given, from the floor on: the twin of RegistrationPrice.sol. */
export function registrationPayments(rule: PriceRule, registrations: readonly Registration[]): readonly Payment[] {
  let state: PriceState = { priceWei: rule.floorWei, atSecond: 0n };
  return registrations.map(({ person, atSecond }) => {
    const now = BigInt(atSecond);
    const amountWei = quote(state, rule, now);
    state = { priceWei: min(mulDivUp(amountWei, 5n, 4n), rule.ceilingWei), atSecond: now };
    return { person, amountWei };
  });
}

/** So many registrations of one person at once. */
export function atOnce(person: Person, count: number, atSecond = 0): readonly Registration[] {
  return Array.from({ length: count }, () => ({ person, atSecond }));
}

/** So many registrations of one person at the rate that leaves the price where it is. */
export function atRate(person: Person, count: number, { registrationsPerDay }: PriceRule): readonly Registration[] {
  const second = (index: number): number => Math.ceil((index * Number(DAY_SECONDS)) / registrationsPerDay);
  return Array.from({ length: count }, (_, index) => ({ person, atSecond: second(index) }));
}

/** ×4/5 for each whole interval since the latest registration, a straight line inside one, never below the floor. */
function quote({ priceWei, atSecond }: PriceState, rule: PriceRule, now: bigint): bigint {
  const intervalSeconds = DAY_SECONDS / BigInt(rule.registrationsPerDay);
  const elapsed = now - atSecond;
  let decayedWei = priceWei;
  for (let left = elapsed / intervalSeconds; left > 0n && decayedWei > rule.floorWei; left--) {
    decayedWei = mulDivDown(decayedWei, 4n, 5n);
  }
  const inside = mulDivDown(decayedWei, 5n * intervalSeconds - (elapsed % intervalSeconds), 5n * intervalSeconds);
  return max(rule.floorWei, inside);
}

function mulDivUp(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  return (amount * numerator + denominator - 1n) / denominator;
}

/** What a network's file says of registering and of seats, or what it is built for where the file does not say it yet. */
export function stakingRules({ validatorPrice, minerPrice, staking }: NetworkConfig) {
  const seats = { seatSafeEpochs: 7, exitDelayEpochs: 14, ...staking };
  return {
    validatorPrice: { registrationsPerDay: 4, ...validatorPrice } satisfies PriceRule,
    minerPrice: { registrationsPerDay: 24, ...minerPrice } satisfies PriceRule,
    seatSafeEpochs: seats.seatSafeEpochs,
    exitDelayEpochs: seats.exitDelayEpochs,
  };
}
