/** What everyone earned, and should have earned: the chain's own figures beside those computed from its facts. */
import { type Address } from "viem";
import { atBlock } from "../../chain/atBlock";
import { type Connection } from "../../chain/connection";
import { sum, WAD } from "../../core/fixedPoint";
import { type CumulativeRewards } from "../../core/settlement";
import { lowerCase } from "../../core/address";
import { nothingCarried } from "../../keeper/compute/computeSettlement";
import { readSettledEpochs } from "../../keeper/facts/settledEpochs";
import { inspectEpochs } from "../../keeper/verify/verifyEpochs";
import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { type Person, titleOf } from "./cast";
import { type Tally } from "./clients";

/** A settled epoch that was computed again. */
export interface JudgedEpoch {
  readonly epoch: number;
  /** What is wrong with it, in words; null if it was settled exactly as its facts say. */
  readonly difference: string | null;
  readonly emissionWei: bigint;
  /** Fees of the work that was proven. */
  readonly provenFeesWei: bigint;
  /** How much stake signed it; null if the keeper settled alone. */
  readonly signedWei: bigint | null;
  readonly settledIn: bigint;
  /** What everyone should have earned up to it. */
  readonly cumulative: CumulativeRewards;
}

/** Both in wei, from the first epoch on. Block rewards aren't included, because the chain pays them at once. */
export interface Earnings {
  /** What the Treasury has paid. */
  readonly earnedWei: bigint;
  /** What it should have paid, computed from the chain's facts. */
  readonly expectedWei: bigint;
}

/** What became of a network. */
export interface NetworkResult {
  readonly epochs: readonly JudgedEpoch[];
  readonly people: readonly (Person & Earnings & { readonly account: Address })[];
  readonly warnings: readonly string[];
}

/** Follows settlements, and computes each of them again from the chain and nothing else. */
export class Ledger {
  readonly epochs: JudgedEpoch[] = [];
  #carried = nothingCarried;
  #agreed: ReadonlyMap<number, number> = new Map();

  constructor(private readonly connection: Connection) {}

  /** Judges the epochs that were settled since the last call. */
  async advance(): Promise<readonly JudgedEpoch[]> {
    const { connection, epochs } = this;
    const settled = await readSettledEpochs(connection);
    const before = epochs.length;
    for (let epoch = before; epoch < settled.length; epoch++) {
      const start = { nextEpoch: epoch, carried: this.#carried };
      const { verification, last } = await inspectEpochs(connection, epoch, { start });
      const { carried, assembled } = last!.standing;
      this.#carried = carried;
      this.#agreed = new Map(
        assembled.inputs.miners.map(({ agreedScoreWad }, i) => [i + 1, Number(agreedScoreWad) / Number(WAD)]),
      );
      const { settlement, signed, blockNumber: settledIn } = settled[epoch]!;
      const difference = verification.kind === "different" ? verification.difference : null;
      const { cumulative } = carried;
      const signedWei = signed?.signedWei ?? null;
      const provenFeesWei = sum(assembled.inputs.miners.map((miner) => miner.provenFeesWei));
      const { emission: emissionWei } = settlement;
      epochs.push({ epoch, difference, emissionWei, provenFeesWei, signedWei, settledIn, cumulative });
    }
    return epochs.slice(before);
  }

  /** A miner's agreed score in the last judged epoch, 0 to 1; null if it wasn't there yet. */
  agreedOn(minerId: number): number | null {
    return this.#agreed.get(minerId) ?? null;
  }

  /** An account's earnings as of the block that settled an epoch: the settling transaction itself pays everyone. */
  async earningsOf(account: Address, { settledIn, cumulative }: JudgedEpoch): Promise<Earnings> {
    const { treasury } = atBlock(this.connection, settledIn).contracts;
    const earnedWei = await treasury.read.claimedOf([account]);
    return { earnedWei, expectedWei: cumulative.get(lowerCase(account)) ?? 0n };
  }
}

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

/** What everyone earned, for people. */
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

/** One line for a settled epoch, and the answers since the one before. */
export function describeEpoch(judged: JudgedEpoch, before: Tally, now: Tally): string {
  const { epoch, difference, emissionWei, signedWei } = judged;
  const since = (kind: keyof Tally): number => now[kind] - before[kind];
  const verification = difference === null ? "verified" : `WRONG: ${difference}`;
  const by = signedWei === null ? "the keeper alone" : `${formatMdt(signedWei, 2)} MDT of stake`;
  return `Epoch ${epoch}: ${formatMdt(emissionWei, 2)} MDT emitted, settled by ${by}, ${verification}. Digits since: ${since("right")} right, ${since("wrong")} wrong, ${since("missed")} not answered, ${since("proven")} proven.`;
}
