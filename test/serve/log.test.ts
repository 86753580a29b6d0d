import { expect } from "chai";
import { logJson } from "../../scripts/serve/log";

describe("The log for machines", () => {
  it("has a line of JSON for each event: its level, its fields with every digit of amounts, and a sentence", () => {
    const lines: string[] = [];
    const listener = logJson(
      { levels: { sent: "warn" }, describe: ({ kind }: { readonly kind: string }) => `It was ${kind}.` },
      { write: (line: string) => void lines.push(line) },
    );
    const event = { kind: "sent", feeWei: 10n ** 20n + 1n, parts: [{ wei: 2n }] };
    for (const one of [event, { kind: "mined" }]) listener(one);
    const [sent, mined] = lines.map((line) => JSON.parse(line) as object);
    expect(sent).to.deep.include({ level: "warn", kind: "sent", feeWei: "100000000000000000001", msg: "It was sent." });
    expect(sent).to.deep.include({ parts: [{ wei: "2" }] });
    expect(mined).to.include({ level: "info", kind: "mined", msg: "It was mined." });
  });
});
