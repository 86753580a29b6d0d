import { expect } from "chai";
import { logJson, logLevelOf } from "../../scripts/serve/reporting";

describe("The log for machines", () => {
  it("has a line of JSON for each event: its level, its fields with every digit of amounts, and a sentence", () => {
    const lines: string[] = [];
    const listener = logJson(
      { levels: { sent: "warn" }, describe: ({ kind }: { readonly kind: string }) => `It was ${kind}.` },
      "info",
      { write: (line: string) => void lines.push(line) },
    );
    const event = { kind: "sent", feeWei: 10n ** 20n + 1n, parts: [{ wei: 2n }] };
    for (const one of [event, { kind: "mined" }]) listener(one);
    const [sent, mined] = lines.map((line) => JSON.parse(line) as object);
    expect(sent).to.deep.include({ level: "warn", kind: "sent", feeWei: "100000000000000000001", msg: "It was sent." });
    expect(sent).to.deep.include({ parts: [{ wei: "2" }] });
    expect(mined).to.include({ level: "info", kind: "mined", msg: "It was mined." });
  });

  it("omits the looks at the chain unless MDT_LOG_LEVEL is debug", () => {
    const kindsFrom = (text: string | undefined): readonly string[] => {
      const lines: string[] = [];
      const wording = {
        levels: { looked: "debug", failed: "warn" },
        describe: ({ kind }: { readonly kind: string }) => kind,
      } as const;
      const listener = logJson(wording, logLevelOf(text), { write: (line: string) => void lines.push(line) });
      for (const kind of ["looked", "sent", "failed"]) listener({ kind });
      return lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    };
    for (const text of [undefined, "", "info"]) expect(kindsFrom(text)).to.deep.equal(["sent", "failed"]);
    expect(kindsFrom("debug")).to.deep.equal(["looked", "sent", "failed"]);
    expect(kindsFrom("warn")).to.deep.equal(["failed"]);
    expect(() => logLevelOf("loud")).to.throw(Error, "MDT_LOG_LEVEL must be one of debug, info, warn, error.");
  });
});
