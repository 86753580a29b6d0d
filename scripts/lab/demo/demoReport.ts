import { epochsReport } from "../../show/report/epochsReport";
import { type Report } from "../../show/report/htmlFile";
import { type DemoResult } from "./runDemo";
import { story } from "./story";

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
