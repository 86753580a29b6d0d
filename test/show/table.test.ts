import { expect } from "chai";
import { renderColumns, renderNotes, renderTable, widthOf, wrapped } from "../../scripts/show/table";

describe("A table for a terminal", () => {
  it("aligns numbers to the right, and has neither a box nor trailing spaces", () => {
    const rows = [
      ["claim", "59,373", "gas"],
      ["proof of one account", "7", ""],
    ];
    expect(renderTable(["what", ">ours", "unit"], rows).split("\n")).to.deep.equal([
      "what                    ours  unit",
      "claim                 59,373  gas",
      "proof of one account       7",
    ]);
  });

  it("omits a column that is empty in every row", () => {
    const rows = [
      ["0xab", "", "7"],
      ["0xcd", "", "12"],
    ];
    expect(renderTable(["validator", ">dividend", ">own MDT"], rows)).to.equal(
      "validator  own MDT\n0xab             7\n0xcd            12",
    );
  });

  it("shows each row as several lines if it is wider than the terminal", () => {
    const table = (width: number) =>
      renderTable(
        ["validator", ">own MDT", "operator"],
        [
          ["0xab", "1,200", "itself"],
          ["0xcd", "7", ""],
        ],
        width,
      );
    expect(table(28)).to.match(/^validator  own MDT  operator\n/);
    expect(table(27)).to.equal("validator  0xab\nown MDT    1,200\noperator   itself\n\nvalidator  0xcd\nown MDT    7");
    expect(renderTable(["a", "b"], [], 1)).to.equal("");
  });

  it("puts notes that don't fit on their own lines, wrapped between words", () => {
    const address = `0x${"a".repeat(40)}`;
    const rows = [
      ["balance", "1,200.0000 MDT", "and 3 ETH for gas"],
      ["delegated", "20.0000 MDT", `to ${address} (North Star); 15.0000 MDT by epoch 5, 2026-11-29T12:00:00Z`],
      ["paid so far", "0.0000 MDT", ""],
    ] as const;
    expect(renderNotes(rows, 60).split("\n")).to.deep.equal([
      "balance      1,200.0000 MDT",
      "  and 3 ETH for gas",
      "delegated       20.0000 MDT",
      `  to ${address} (North`,
      "  Star); 15.0000 MDT by epoch 5, 2026-11-29T12:00:00Z",
      "paid so far      0.0000 MDT",
    ]);
    expect(renderNotes(rows.slice(0, 1), 60)).to.equal("balance  1,200.0000 MDT  and 3 ETH for gas");
    expect(wrapped("a-word-too-long for it", 6)).to.equal("a-word-too-long\nfor it");
    expect(wrapped("any words", Infinity)).to.equal("any words");
  });

  it("has the terminal's width, and no limit in a file", () => {
    expect([widthOf({ isTTY: true, columns: 80 }), widthOf({})]).to.deep.equal([80, Infinity]);
  });

  it("needs no column titles", () => {
    const lines = [
      ["utility", "0.5", "half"],
      ["DAO", "1,234", ""],
    ];
    expect(renderColumns(["left", "right", "left"], lines)).to.equal("utility    0.5  half\nDAO      1,234");
  });
});
