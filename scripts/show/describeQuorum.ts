import { type JsonObject } from "../core/canonicalJson";
import { signedWeiOf } from "../keeper/quorum/chooseSigners";
import { type QuorumGap, type Unsigned } from "../keeper/quorum/gather";
import { type SettledBy } from "../keeper/facts/settledEpochs";
import { type SettlementStanding } from "../keeper/settle/settlementStanding";
import { type Turnout } from "../keeper/watch/watchEvents";
import { formatExactMdt, formatMdt } from "./amounts";
import { durationText } from "./moments";
import { renderTable } from "./table";

/** Most validators that a sentence names; the others are only counted. */
const mostNamed = 10;

/**
 * Why an epoch's quorum is missing: how much stake signed, who did not and why, and from when a keeper may settle
 * alone.
 */
export function describeGap(epoch: number, { signedWei, neededWei, missing, soloFrom }: QuorumGap): string {
  if (neededWei === null) return tooLittleStake(epoch, soloFrom);
  return [
    `Epoch ${epoch} has no quorum: ${signedOf(signedWei, neededWei)}.`,
    ...namesOf(missing),
    withoutFrom(soloFrom),
  ].join(" ");
}

/** The validators that have not signed, and why, as a sentence; none if all have. */
function namesOf(missing: readonly Unsigned[]): readonly string[] {
  if (missing.length === 0) return [];
  const named = missing
    .slice(0, mostNamed)
    .map(({ validator, stakeWei, reason }) => `${validator} (${formatExactMdt(stakeWei)} MDT) ${reason}`);
  const others = missing.length > mostNamed ? [`${missing.length - mostNamed} more have not signed`] : [];
  return [`${[...named, ...others].join("; ")}.`];
}

/** How an epoch was settled, alone or signed by whom, as the rest of a sentence. */
export function settledByText(signed: SettledBy | null): string {
  if (signed === null) return "by the keeper alone";
  const { validators, signedWei, neededWei } = signed;
  return `signed by ${validators.length} validators with ${formatExactMdt(signedWei)} of ${formatExactMdt(neededWei)} MDT: ${validators.join(", ")}`;
}

/** How much stake has signed a settlement, what it needed, and who has not. */
export function describeTurnout(epoch: number, { signedWei, neededWei, totalWei, missing }: Turnout): string {
  const amounts = `${formatExactMdt(signedWei)} of ${formatExactMdt(totalWei)} MDT have signed, ${formatExactMdt(neededWei)} are needed`;
  return [`The settlement of epoch ${epoch}: ${amounts}.`, ...namesOf(missing)].join(" ");
}

const signedOf = (signedWei: bigint, neededWei: bigint): string =>
  `${formatExactMdt(signedWei)} of ${formatExactMdt(neededWei)} MDT have signed`;

const momentText = (timestamp: number): string => new Date(timestamp * 1_000).toISOString();

const withoutFrom = (soloFrom: number): string => `From ${momentText(soloFrom)} a keeper may settle alone.`;

const tooLittleStake = (epoch: number, soloFrom: number): string =>
  `The active stake of epoch ${epoch} is below the quorum's floor: a keeper may settle it alone from ${momentText(soloFrom)}.`;

/** The gap in a quorum, for programs; amounts in wei. */
export function gapJson({ signedWei, neededWei, missing, soloFrom }: QuorumGap): JsonObject {
  return {
    signedWei: String(signedWei),
    neededWei: neededWei === null ? null : String(neededWei),
    missing: missing.map(({ validator, stakeWei, differs, reason }) => ({
      ...{ validator, differs, reason },
      stakeWei: String(stakeWei),
    })),
    soloFrom,
  };
}

/** How an epoch's settlement stands, for people. */
export function describeStanding(standing: SettlementStanding): string {
  const { kind, epoch } = standing;
  switch (kind) {
    case "notDue":
      return `Epoch ${epoch} can be settled in ${durationText(standing.secondsLeft)}. No signatures yet.`;
    case "settledAlone":
      return `The keeper settled epoch ${epoch} alone.`;
    case "settledSigned": {
      const { validators, signedWei, neededWei, transactionHash } = standing;
      return `Epoch ${epoch} was settled by ${transactionHash}: ${signedOf(signedWei, neededWei)}. Signers: ${validators.join(", ")}.`;
    }
    case "due":
    case "vetoed": {
      const { neededWei, soloFrom } = standing.electorate;
      if (neededWei === null) return tooLittleStake(epoch, soloFrom);
      const signedWei = signedWeiOf(standing.gathered.signed);
      const whatHelps = signedWei >= neededWei ? 'Send it with "npx mdt settlement submit".' : withoutFrom(soloFrom);
      return [
        kind === "due"
          ? `Epoch ${epoch} is due. Its root: ${standing.settlement.rewardsRoot}.`
          : `The root of epoch ${epoch} was vetoed. The root to repost: ${standing.repost.root}.`,
        renderTable(
          ["validator", ">stake MDT", "signature"],
          signersOf(standing).map(({ validator, stakeWei, reason }) => [
            validator,
            formatMdt(stakeWei),
            reason ?? "signed",
          ]),
        ),
        `${signedOf(signedWei, neededWei)}. ${whatHelps}`,
      ].join("\n");
    }
  }
}

/** The same for programs; amounts in wei. */
export function standingJson(standing: SettlementStanding): unknown {
  if (standing.kind !== "due" && standing.kind !== "vetoed") return standing;
  const { electorate, gathered, ...what } = standing;
  const { neededWei, soloFrom } = electorate;
  const signedWei = signedWeiOf(gathered.signed);
  return { ...what, signedWei, neededWei, soloFrom, validators: signersOf(standing) };
}

/** Every validator that was asked, by position, and why it has not signed; null if it has. */
function signersOf({ gathered: { signed, unsigned } }: Extract<SettlementStanding, { kind: "due" | "vetoed" }>) {
  const all = [...signed.map((one) => ({ ...one, differs: false, reason: null })), ...unsigned];
  return all
    .toSorted((a, b) => a.position - b.position)
    .map(({ validator, stakeWei, differs, reason }) => ({ validator, stakeWei, differs, reason }));
}
