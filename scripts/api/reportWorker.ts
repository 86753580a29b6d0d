/** The thread that reads reports: a large one takes seconds to explain, in which nobody else shall wait. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { toWire } from "./answers";
import { earningsIn, ExplainedReports, readReport, reportPage } from "./reports";
import { type ReportAnswers, type ReportQuestion } from "./reportThread";

const explained = new ExplainedReports();

parentPort?.on("message", ({ id, question }: { readonly id: number; readonly question: ReportQuestion }) => {
  try {
    parentPort?.postMessage({ id, answer: answerTo(question) });
  } catch (error) {
    parentPort?.postMessage({ id, problem: (error as Error).message });
  }
});

function answerTo(question: ReportQuestion): ReportAnswers[ReportQuestion["kind"]] {
  const { file } = question;
  switch (question.kind) {
    case "page":
      return reportPage(explained.of(file, question.root), question.part);
    case "whole":
      readReport(file);
      return createHash("sha256").update(readFileSync(file)).digest("base64url");
    case "earnings":
      return Array.from(earningsIn(file), ([account, earnings]) => [account, JSON.stringify(toWire(earnings))]);
  }
}
