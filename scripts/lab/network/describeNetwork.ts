import { type Address } from "viem";
import { sum } from "../../core/fixedPoint";
import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { people, titleOf } from "./cast";
import { type Tally } from "./clients";
import { type JudgedEpoch, type NetworkResult } from "./ledger";

/** A network for programs. Amounts in wei. */
export function networkJson({ epochs, people: all, warnings }: NetworkResult) {
  return {
    epochs: epochs.map(({ epoch, difference, emissionWei, provenFeesWei, signedWei }) => ({
      epoch,
      settled: true,
      verified: difference === null,
      emissionWei,
      provenFeesWei,
      signedWei,
    })),
    people: all.map(({ name, role, behaviour, account, earnedWei, expectedWei }) => ({
      name,
      role,
      behaviour,
      account,
      earnedWei,
      expectedWei,
    })),
    warnings,
  };
}

/** What everybody earned, for people. */
export function describeNetwork({ epochs, people: all, warnings }: NetworkResult): string {
  const verified = epochs.filter(({ difference }) => difference === null).length;
  const provenWei = sum(epochs.map(({ provenFeesWei }) => provenFeesWei));
  return [
    `${epochs.length} epochs are settled, and ${verified} of them verified. Work for ${formatMdt(provenWei)} MDT of fees was proven.`,
    "",
    "Who earned what (MDT; without rewards of blocks)",
    renderTable(
      ["who", "how", ">earned", ">expected"],
      all.map((person) => [
        titleOf(person),
        person.behaviour,
        formatMdt(person.earnedWei),
        formatMdt(person.expectedWei),
      ]),
    ),
    "",
    ...(warnings.length === 0 ? ["No warnings."] : ["Warnings:", ...warnings.map((sentence) => `  ${sentence}`)]),
  ].join("\n");
}

/** The first epochs in which the registered take part. */
export interface Beginnings {
  readonly validators: number;
  readonly miners: number;
}

/** What is where, and from when on everybody takes part. */
interface LivingPlaces {
  readonly pageUrl: string;
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  readonly accounts: readonly Address[];
  readonly beginnings: Beginnings;
}

export function describePlaces({ pageUrl, rpcUrl, gatewayUrl, accounts, beginnings }: LivingPlaces): string {
  return [
    `Page     ${pageUrl}`,
    `Chain    ${rpcUrl}`,
    `Gateway  ${gatewayUrl}`,
    "",
    renderTable(
      ["who", "how", "account"],
      people.map((person) => [titleOf(person), person.behaviour, accounts[person.index]!]),
    ),
    "",
    `Miners take part from epoch ${beginnings.miners} on, validators from epoch ${beginnings.validators} on. Clients begin with the miners.`,
  ].join("\n");
}

/** One line for a settled epoch, and the answers since the one before. */
export function describeEpoch(judged: JudgedEpoch, before: Tally, now: Tally): string {
  const { epoch, difference, emissionWei, signedWei } = judged;
  const since = (kind: keyof Tally): number => now[kind] - before[kind];
  const verification = difference === null ? "verified" : `WRONG: ${difference}`;
  const by = signedWei === null ? "the keeper alone" : `${formatMdt(signedWei, 2)} MDT of stake`;
  return `Epoch ${epoch}: ${formatMdt(emissionWei, 2)} MDT emitted, settled by ${by}, ${verification}. Digits since: ${since("right")} right, ${since("wrong")} wrong, ${since("missed")} not answered, ${since("proven")} proven.`;
}

/** What a person should know of a running network, each kind of trouble once. */
export class Warnings {
  readonly #said = new Map<string, { readonly sentence: string; times: number }>();

  /** @param onNew Called with each warning the first time. */
  constructor(private readonly onNew: (sentence: string) => void) {}

  /** @param kind What makes two of somebody's warnings the same. */
  add(who: string, kind: string, sentence: string): void {
    const known = this.#said.get(`${who} ${kind}`);
    if (known !== undefined) {
      known.times++;
      return;
    }
    this.#said.set(`${who} ${kind}`, { sentence: `${who}: ${sentence}`, times: 1 });
    this.onNew(`${who}: ${sentence}`);
  }

  /** Every warning as a sentence, with how often it came. */
  list(): readonly string[] {
    return [...this.#said.values()].map(({ sentence, times }) =>
      times === 1 ? sentence : `${sentence} (${times} times)`,
    );
  }
}
