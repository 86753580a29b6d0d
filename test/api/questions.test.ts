import { expect } from "chai";
import { type z } from "zod";
import { pageOf } from "../../scripts/api/epochs";
import { endsWithin } from "../../scripts/api/epochStore";
import { incomeCsv } from "../../scripts/api/income";
import {
  accountParam,
  claimableQuery,
  incomeQuery,
  minersQuery,
  namesQuery,
  pageQuery,
  partQuery,
  taskParam,
  tasksQuery,
} from "../../scripts/api/questions";
import { rejection } from "../shared/rejection";

const account = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const ids = 2 ** 32 - 1;

describe("A question to the API", () => {
  /** The question as it is read, or its first problem. */
  const read = (schema: z.ZodType, given: object): unknown => {
    const { success, data, error } = schema.safeParse(given);
    return success ? data : error.issues[0]!.message;
  };

  it("asks by default for the beginning of a list, twenty items, and amounts of at least a wei", () => {
    expect(read(pageQuery, {})).to.deep.equal({ limit: 20 });
    expect(read(partQuery, {})).to.deep.equal({ from: 0, limit: 20 });
    expect(read(claimableQuery, {})).to.deep.equal({ from: 0, limit: 20, minWei: 1n });
    expect(read(minersQuery, {})).to.deep.equal({ from: 0, limit: 20 });
    expect(read(tasksQuery, {})).to.deep.equal({ limit: 20 });
  });

  for (const [schema, field, fits, doesNot, problem] of [
    [pageQuery, "limit", "1", "0", "must be at least 1"],
    [pageQuery, "limit", "100", "101", "must be at most 100"],
    [pageQuery, "from", "9007199254740991", "9007199254740992", "must be at most 9007199254740991"],
    [pageQuery, "from", "0000000000000007", "00000000000000007", "must be a whole number"],
    [minersQuery, "type", String(ids), String(ids + 1), `must be at most ${ids}`],
    [tasksQuery, "miner", String(ids), String(ids + 1), `must be at most ${ids}`],
    [tasksQuery, "miner", "1", "0", "must be at least 1"],
    [tasksQuery, "from", "1", "0", "must be at least 1"],
    [taskParam, "task", "1", "0", "must be at least 1"],
  ] as const) {
    it(`may have ${field} ${fits}, but not ${doesNot}`, () => {
      expect(read(schema, { [field]: fits })).to.deep.include({ [field]: Number(fits) });
      expect(read(schema, { [field]: doesNot })).to.equal(problem);
    });
  }

  it("may have amounts of up to thirty digits", () => {
    const most = "9".repeat(30);
    expect(read(claimableQuery, { minWei: most })).to.deep.include({ minWei: BigInt(most) });
    expect(read(claimableQuery, { minWei: `${most}9` })).to.equal("must be an amount in wei");
  });

  it("may name up to a hundred accounts, in upper or lower case", () => {
    for (const text of [account, account.toLowerCase()]) {
      expect(read(accountParam, { address: text })).to.deep.equal({ address: account });
      expect(read(tasksQuery, { client: text })).to.deep.include({ client: account });
      const hundred = Array<string>(100).fill(text);
      expect(read(namesQuery, { accounts: hundred.join(",") })).to.deep.equal({
        accounts: Array<string>(100).fill(account),
      });
      expect(read(namesQuery, { accounts: [...hundred, text].join(",") })).to.match(/100/);
    }
  });

  it("may name days, which begin at midnight UTC", () => {
    const [from, to] = [Date.UTC(2026, 1, 28), Date.UTC(2026, 2, 1)].map((time) => time / 1_000);
    expect(read(incomeQuery, { from: "2026-02-28", to: "2026-03-01" })).to.deep.equal({ from, to });
    expect(read(incomeQuery, { to: "2026-02-29" })).to.equal("must be a day like 2026-11-28");
  });
});

describe("A page of epochs", () => {
  const page = (settled: number, limit: number, from?: number) => pageOf({ from, limit }, settled);

  it("has the newest epochs, newest first, unless the question names the first one", () => {
    expect(page(5, 2)).to.deep.equal({ epochs: [4, 3], next: null });
    expect(page(2, 2)).to.deep.equal({ epochs: [1, 0], next: null });
    expect(page(1, 2)).to.deep.equal({ epochs: [0], next: null });
    expect(page(0, 2)).to.deep.equal({ epochs: [], next: null });
  });

  it("names the next page if it is full", () => {
    expect(page(5, 2, 1)).to.deep.equal({ epochs: [1, 2], next: 3 });
    expect(page(5, 2, 3)).to.deep.equal({ epochs: [3, 4], next: 5 });
    expect(page(5, 2, 4)).to.deep.equal({ epochs: [4], next: null });
    expect(page(5, 2, 5)).to.deep.equal({ epochs: [], next: null });
    expect(page(5, 2, 9)).to.deep.equal({ epochs: [], next: null });
  });
});

describe("Income as a spreadsheet", () => {
  it("has a row for each payment, with every digit, and marks what isn't claimed yet", () => {
    const [earned, paid] = [`0x${"12".repeat(32)}`, `0x${"34".repeat(32)}`] as const;
    const lines = incomeCsv([
      { date: 0, epoch: 0, role: "miner", amountWei: 1n, transaction: earned, paid: null },
      {
        ...{ date: 86_399, epoch: null, role: "not earned", amountWei: 15n * 10n ** 17n, transaction: paid },
        paid: { date: 86_400, transaction: paid },
      },
    ]);
    expect(lines.split("\n")).to.deep.equal([
      "date,epoch,role,amountMdt,transaction,state,paidDate,paidTransaction",
      `1970-01-01T00:00:00Z,0,miner,0.000000000000000001,${earned},accrued,,`,
      `1970-01-01T23:59:59Z,,not earned,1.5,${paid},claimed,1970-01-02T00:00:00Z,${paid}`,
      "",
    ]);
  });
});

describe("Waiting for a computation", () => {
  it("ends when time is up or when the computation ends, and fails if the computation fails", async () => {
    const never = new Promise(() => undefined);
    expect(await endsWithin(20, never)).to.equal(false);
    expect(await endsWithin(600_000, Promise.resolve(false))).to.equal(true);
    const failed = new Error("It failed.");
    expect(await rejection(endsWithin(600_000, Promise.reject(failed)), Error)).to.equal(failed);
  });
});
