import { wadDown, WAD } from "../../core/fixedPoint";
import { type ExplainedEpoch } from "../../keeper/settle/epochInputs";
import { formatMdt, formatWad, percentText } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { describeVerification } from "../../show/describeSettling";
import { describeFigures } from "../../show/describeEpoch";
import { type ConservationCheck, type DemoAccount, type DemoResult } from "./runDemo";
import { epochsReport } from "../../show/report/epochsReport";
import { type Report } from "../../show/report/htmlFile";
import { story } from "./story";

/** The demo for programs. Amounts in wei. */
export function demoJson({ epochs, accounts, conservation }: DemoResult) {
  return {
    epochs,
    accounts: accounts.map(({ account, roles, feesWei, earnedWei, claimedWei }) => ({
      account,
      roles,
      feesWei,
      earnedWei,
      claimedWei,
    })),
    conserved: isConserved(conservation),
  };
}

/** Whether both sides of every check are equal. */
export function isConserved(checks: readonly ConservationCheck[]): boolean {
  return checks.every(({ leftWei, rightWei }) => leftWei === rightWei);
}

/** The demo for people: a row per epoch, what was paid for, who earned what and why, and whether everything adds up. */
export function describeDemo({ epochs, explained, accounts, conservation, verification }: DemoResult): string {
  return [
    "Every epoch (MDT)",
    describeFigures(epochs),
    "",
    "What clients paid and what their tasks emitted (MDT)",
    workTable(explained),
    "",
    ...rulesInForce(explained).map((sentence) => `  ${sentence}`),
    "",
    "Who earned what, and why (MDT; score and consensus of the last epoch)",
    renderTable(
      ["who", "roles", ">fees of its tasks", ">score", ">consensus", ">stake", ">earned", ">claimed"],
      accounts.map(accountRow),
    ),
    "",
    "Do all sums agree to the wei?",
    ...conservation.map(checkLine),
    isConserved(conservation) ? "Conserved: yes." : "Conserved: NO.",
    "",
    "Do the settlements match the computation?",
    `  ${describeVerification(verification)}`,
  ].join("\n");
}

function workTable(explained: readonly ExplainedEpoch[]): string {
  return renderTable(
    [
      "epoch",
      ">fees",
      ">worth by score",
      ">stake revealed",
      ">validators for presence",
      ">for scoring",
      ">miners' pool",
      ">miners earned",
    ],
    explained.flatMap(({ figures, computed }) => {
      if (computed === null) return [];
      const { result } = computed;
      const { presenceWei, scoringWei, activeStakeWei, revealedStakeWei } = result.validatorPools;
      const worthWei = result.work.workWeiWad / WAD;
      return [
        [
          String(figures.epoch),
          ...[result.work.feesWei, worthWei].map((wei) => formatMdt(wei, 2)),
          formatWad(wadDown({ numerator: revealedStakeWei, denominator: activeStakeWei })),
          ...[presenceWei, scoringWei, result.minerPoolWei, result.miners.rewardsWei].map((wei) => formatMdt(wei, 2)),
        ],
      ];
    }),
  );
}

/** What the rules of the last epoch pay for, with the numbers of its policy. */
function rulesInForce(explained: readonly ExplainedEpoch[]): readonly string[] {
  const policy = explained.at(-1)?.computed?.inputs.policy;
  if (policy === undefined) return [];
  const { weightsBps, minerFeeCapBps, qualityThresholdBps } = policy;
  const limit = minerFeeCapBps === null ? "without a limit" : `but at most ${percentText(minerFeeCapBps)} of its worth`;
  return [
    `Presence: ${percentText(weightsBps[2])} of utility is the stake that revealed, of all stake; validators that revealed share that part.`,
    `Work: fees count by the score that half of all stake supports. A miner gets its share of the miners' pool, ${limit}.`,
    `Bad work: the shortfall of a score below ${percentText(qualityThresholdBps)} burns part of what the work emitted. Unscored work burns nothing.`,
    "What nobody earns returns to the pool: rewards above the limit, and the shares of absent validators.",
  ];
}

function accountRow(person: DemoAccount): readonly string[] {
  const { name, roles, feesWei, agreedScoreWad, consensusBits, stakeWei, earnedWei, claimedWei } = person;
  return [
    name,
    roles.join(" and "),
    feesWei === 0n ? "" : formatMdt(feesWei, 2),
    agreedScoreWad === null ? "" : formatWad(agreedScoreWad),
    consensusBits === null ? "" : formatWad((consensusBits * 10n ** 18n) >> 32n),
    stakeWei === 0n ? "" : formatMdt(stakeWei, 2),
    formatMdt(earnedWei),
    formatMdt(claimedWei),
  ];
}

function checkLine({ name, leftWei, rightWei }: ConservationCheck): string {
  const verdict = leftWei === rightWei ? "yes" : `NO: ${leftWei} and ${rightWei} wei`;
  return `  ${name}: ${verdict}`;
}

/** The demo's epochs as a report, with the names of its people and the titles of its chapters. */
export function demoReport({ explained, accounts }: DemoResult): Report {
  const names = new Map(accounts.map(({ account, name }) => [account.toLowerCase(), name]));
  return epochsReport({
    title: "Twelve epochs of a whole network",
    subtitle: "The demo of ModernTensor tokenomics, on a chain of its own",
    epochs: explained,
    nameOf: (account) => names.get(account) ?? account,
    titleOf: (epoch) => story[epoch]?.title,
    provenOf: () => [],
  });
}
