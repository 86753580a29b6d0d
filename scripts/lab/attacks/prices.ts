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

/** What everybody pays who registers, in the order given, from the floor on: the twin of contracts/shared/RegistrationPrice.sol. */
export function registrationPayments(rule: PriceRule, registrations: readonly Registration[]): readonly Payment[] {
  let state: PriceState = { priceWei: rule.floorWei, atSecond: 0n };
  return registrations.map(({ person, atSecond }) => {
    const now = BigInt(atSecond);
    const amountWei = quote(state, rule, now);
    state = { priceWei: min(risen(amountWei), rule.ceilingWei), atSecond: now };
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

/** Binary digits behind the point. */
const FRACTION_BITS = 92n;

/** ×4/5 for each whole interval since the latest registration, a straight line inside one, never below the floor. */
function quote({ priceWei, atSecond }: PriceState, { floorWei, registrationsPerDay }: PriceRule, now: bigint): bigint {
  const intervalSeconds = DAY_SECONDS / BigInt(registrationsPerDay);
  const elapsedSeconds = now - atSecond;
  let scaled = priceWei << FRACTION_BITS;
  for (let left = elapsedSeconds / intervalSeconds; left > 0n && scaled > floorWei << FRACTION_BITS; left--) {
    scaled -= scaled / 5n;
  }
  const lineSeconds = 5n * intervalSeconds;
  const lineWei = mulDivDown(scaled, lineSeconds - (elapsedSeconds % intervalSeconds), lineSeconds << FRACTION_BITS);
  return max(floorWei, lineWei);
}

/** ⌈5/4 of a price⌉. */
function risen(priceWei: bigint): bigint {
  return (5n * priceWei + 3n) / 4n;
}

/** What a network's file says of registering, seats and leaving; files that lack a field are played with the number here. */
export function stakingRules({ validatorPrice, minerPrice, staking }: NetworkConfig) {
  const rate = (price: NetworkConfig["minerPrice"], otherwise: number): PriceRule => ({
    floorWei: price.floorWei,
    ceilingWei: price.ceilingWei,
    registrationsPerDay: numberIn(price, "registrationsPerDay", otherwise),
  });
  return {
    validatorPrice: rate(validatorPrice, 4),
    minerPrice: rate(minerPrice, 24),
    seatSafeEpochs: numberIn(staking, "seatSafeEpochs", 7),
    exitDelayEpochs: numberIn(staking, "exitDelayEpochs", 14),
  };
}

function numberIn(section: object, field: string, otherwise: number): number {
  const value = new Map<string, unknown>(Object.entries(section)).get(field);
  return typeof value === "number" ? value : otherwise;
}
