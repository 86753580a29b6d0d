import { formatMdt, formatWad } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { describeVerification } from "../../show/describeSettling";
import { describeFigures } from "../../show/figures";
import { type ConservationCheck } from "./conservation";
import { type DemoAccount, type DemoResult } from "./runDemo";
import { epochsReport } from "../../show/report/epochsReport";
import { type Report } from "../../show/report/htmlFile";
import { story } from "./participants";

/** The demo for programs. Amounts in wei. */
export function demoJson({ epochs, accounts, conservation }: DemoResult) {
  return {
    epochs,
    accounts: accounts.map(({ account, roles, earnedWei, claimedWei }) => ({ account, roles, earnedWei, claimedWei })),
    conserved: isConserved(conservation),
  };
}

/** Whether every sum came out. */
export function isConserved(checks: readonly ConservationCheck[]): boolean {
  return checks.every(({ leftWei, rightWei }) => leftWei === rightWei);
}

/** The demo for people: a row per epoch, who earned what and why, and whether everything adds up. */
export function describeDemo({ epochs, accounts, conservation, verification }: DemoResult): string {
  return [
    "Every epoch (MDT)",
    describeFigures(epochs),
    "",
    "Who earned what, and why (MDT; score and consensus of the last epoch)",
    renderTable(["who", "roles", ">score", ">consensus", ">stake", ">earned", ">claimed"], accounts.map(accountRow)),
    "",
    "Does everything add up, to the wei?",
    ...conservation.map(checkLine),
    isConserved(conservation) ? "Conserved: yes." : "Conserved: NO.",
    "",
    "Is it what the chain's facts lead to?",
    `  ${describeVerification(verification)}`,
  ].join("\n");
}

function accountRow(person: DemoAccount): readonly string[] {
  const { name, roles, agreedScoreWad, consensusBits, stakeWei, earnedWei, claimedWei } = person;
  return [
    name,
    roles.join(" and "),
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
  });
}
