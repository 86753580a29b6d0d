import { afterRegistration, noRegistration, type PriceParameters, quote } from "../simulator/ledger";
import { type Payment, type Person } from "./network";

/** A registration, at a second from the beginning. */
export interface Registration {
  readonly person: Person;
  readonly atSecond: number;
}

/** What everybody pays who registers, in the order given, from the floor on. */
export function registrationPayments(
  price: PriceParameters,
  registrations: readonly Registration[],
): readonly Payment[] {
  let state = noRegistration;
  return registrations.map(({ person, atSecond }) => {
    const amountWei = quote(state, price, BigInt(atSecond));
    state = afterRegistration(amountWei, price, BigInt(atSecond));
    return { person, amountWei };
  });
}

/** So many registrations of one person at once. */
export function atOnce(person: Person, count: number): readonly Registration[] {
  return Array.from({ length: count }, () => ({ person, atSecond: 0 }));
}

/** So many registrations of one person at the rate that leaves the price where it is. */
export function atRate(
  person: Person,
  count: number,
  { intervalSeconds }: Pick<PriceParameters, "intervalSeconds">,
): readonly Registration[] {
  return Array.from({ length: count }, (_, index) => ({ person, atSecond: index * intervalSeconds }));
}
