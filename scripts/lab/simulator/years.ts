import { type Address } from "viem";
import { type EpochFlows } from "./ledger";
import { sum, lowerMedian } from "../../core/fixedPoint";

/** A year has 365.25 days. */
export const YEAR_SECONDS = 31_557_600;

/** Fields that add up over epochs, in wei. */
const summed = [
  "emissionWei",
  "mintedWei",
  "blockRewardsWei",
  "recycledWei",
  "burnedWei",
  "taskFeesWei",
] as const satisfies readonly (keyof EpochFlows)[];
type Sums = Pick<EpochFlows, (typeof summed)[number]>;

function sumsOf(flows: readonly Sums[]): Sums {
  return Object.fromEntries(summed.map((field) => [field, sum(flows.map((one) => one[field]))])) as unknown as Sums;
}

/** Totals of a whole run in wei; the supply is that at the end. */
export type Totals = Sums & Pick<EpochFlows, "supplyWei">;

/** What one year of a run came to; amounts in wei. */
export interface SimulatedYear extends Totals {
  /** The first year is 1; the last one may be cut short by the end of the run. */
  readonly year: number;
  readonly epochs: number;
  /** Change of the supply over the year, in basis points of the supply at its beginning, cut; null if that was 0. */
  readonly inflationBps: number | null;
  /** One person's median: for an even number of accounts, the lower of the two in the middle; 0 if there are none. */
  readonly medianMinerWei: bigint;
  readonly medianValidatorWei: bigint;
  readonly medianDelegatorWei: bigint;
}

/** Payments in an epoch: an account appears as often as it was paid. Readers ignore accounts that they don't need. */
export type Incomes = readonly { readonly account: Address; readonly amountWei: bigint }[];

/** The accounts of one kind, and how many people share the income of each. */
export interface Group {
  readonly accounts: readonly Address[];
  readonly peopleEach: number;
}

/** The groups whose median incomes are computed. */
export interface Groups {
  readonly miners: Group;
  readonly validators: Group;
  readonly delegators: Group;
}

/** Adds up a run, year by year. */
export class YearRecorder {
  readonly #years: SimulatedYear[] = [];
  readonly #points: { readonly epoch: number; readonly flows: EpochFlows }[] = [];
  #epochs: EpochFlows[] = [];
  #incomes = new Map<Address, bigint>();
  #year = 0;

  /** @param pointEvery Epochs between those whose flows are kept as they are, for drawing. */
  constructor(
    private readonly epochSeconds: number,
    private readonly pointEvery: number,
    private readonly groups: Groups,
    private startSupplyWei: bigint,
  ) {}

  /** Adds the next epoch; it belongs to the year in which it begins. */
  add(epoch: number, flows: EpochFlows, incomes: Incomes): void {
    const year = Math.floor((epoch * this.epochSeconds) / YEAR_SECONDS);
    if (year !== this.#year) this.endYear(year);
    for (const { account, amountWei } of incomes) {
      this.#incomes.set(account, (this.#incomes.get(account) ?? 0n) + amountWei);
    }
    this.#epochs.push(flows);
    if (epoch % this.pointEvery === 0) this.#points.push({ epoch, flows });
  }

  /** The years so far, the running one included. */
  finish(): { readonly years: readonly SimulatedYear[]; readonly points: readonly SimulatedPoint[] } {
    this.endYear(this.#year);
    return { years: this.#years, points: this.#points };
  }

  private endYear(next: number): void {
    const last = this.#epochs.at(-1);
    if (last !== undefined) {
      const { supplyWei } = last;
      const change = (supplyWei - this.startSupplyWei) * 10_000n;
      this.#years.push({
        year: this.#year + 1,
        epochs: this.#epochs.length,
        ...sumsOf(this.#epochs),
        supplyWei,
        inflationBps: this.startSupplyWei === 0n ? null : Number(change / this.startSupplyWei),
        medianMinerWei: this.median(this.groups.miners),
        medianValidatorWei: this.median(this.groups.validators),
        medianDelegatorWei: this.median(this.groups.delegators),
      });
      this.startSupplyWei = supplyWei;
    }
    this.#epochs = [];
    this.#incomes = new Map();
    this.#year = next;
  }

  private median({ accounts, peopleEach }: Group): bigint {
    const incomes = accounts.map((account) => this.#incomes.get(account) ?? 0n);
    return (lowerMedian(incomes) ?? 0n) / BigInt(peopleEach);
  }
}

/** The flows of one epoch, for drawing. */
export interface SimulatedPoint {
  readonly epoch: number;
  readonly flows: EpochFlows;
}

/** Adds up the years of a run. */
export function totalsOf(years: readonly SimulatedYear[]): Totals {
  return { ...sumsOf(years), supplyWei: years.at(-1)!.supplyWei };
}
