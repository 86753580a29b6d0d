import { expect } from "chai";
import fc from "fast-check";
import { formatUnits, maxUint96 } from "viem";
import { FormReader, heldBy, matchesChoice } from "../../../scripts/page/actions/fields";
import { formatExactMdt } from "../../../scripts/show/amounts";

const alice = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const commission = { kind: "number", name: "x", label: "", hint: "", decimals: 2, minimum: 0, maximum: 18 } as const;

describe("A form's reader", () => {
  it("reads every amount exactly, as Max fills it in and as it is shown", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: maxUint96 }), (amountWei) => {
        const form = new FormReader({
          a: formatUnits(amountWei, 18),
          b: formatExactMdt(amountWei).replaceAll(",", ""),
        });
        expect([form.amount("a", 1n, maxUint96, ""), form.amount("b", 1n, maxUint96, "")]).to.deep.equal([
          amountWei,
          amountWei,
        ]);
        expect(form.hasProblems).to.equal(false);
      }),
    );
  });

  const amounts: readonly [text: string, problem: string | undefined][] = [
    ["32", undefined],
    [" 32 ", undefined],
    ["31.999999999999999999", "It must be at least 32 MDT."],
    ["100", undefined],
    ["100.000000000000000001", "Too much."],
    ["", '"" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
    ["1e2", '"1e2" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
    ["1,000", '"1,000" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
  ];
  for (const [text, problem] of amounts) {
    it(`${problem === undefined ? "takes" : "refuses"} "${text}" between 32 and 100`, () => {
      const form = new FormReader({ stake: text });
      form.amount("stake", 32n * 10n ** 18n, 100n * 10n ** 18n, "Too much.");
      expect(form.problems.stake).to.equal(problem);
    });
  }

  it("takes addresses with a right checksum or none, and not the zero address", () => {
    for (const text of [alice, alice.toLowerCase(), `0x${alice.slice(2).toUpperCase()}`]) {
      expect(new FormReader({ a: text }).address("a")).to.equal(alice);
    }
    for (const text of [alice.replace("C5", "c5"), alice.slice(0, -1), `0x${"0".repeat(40)}`, "alice.eth", ""]) {
      const form = new FormReader({ a: text });
      form.address("a");
      expect(form.problems.a, text).to.match(/^It must (be|not be) .*address/);
    }
  });

  it("reads numbers within their bounds, scaled to whole ones", () => {
    const read = (text: string) => {
      const form = new FormReader({ x: text });
      return [form.scaled("x", commission), form.hasProblems];
    };
    expect(["0", "7.25", "18"].map(read)).to.deep.equal([
      [0, false],
      [725, false],
      [1_800, false],
    ]);
    expect(["18.01", "-1", "7.255", "", "seven"].map((text) => read(text)[1])).to.deep.equal(Array(5).fill(true));
  });

  it("takes only what a list offers, and texts that are neither empty nor too long in bytes", () => {
    const form = new FormReader({ list: "2", input: "  ", most: " éé ", long: "ééx" });
    expect(form.choice("list", [{ value: "1", label: "one" }])).to.equal("");
    expect(form.text("input", 4)).to.equal("");
    expect(form.text("most", 4)).to.equal("éé");
    expect(form.text("long", 4)).to.equal("");
    expect(form.problems).to.deep.equal({
      list: "Choose one from the list.",
      input: "This field must not be empty.",
      long: "It has 5 bytes, and at most 4 are possible.",
    });
  });
});

describe("The choices of a long list", () => {
  const miner = { value: "412", label: "Miner 412 · 0x7099…79C8", also: alice };
  for (const [sought, isFound] of [
    ["", true],
    ["miner 41", true],
    ["412", true],
    [` ${alice.toLowerCase()} `, true],
    ["dC3A01", true],
    ["413", false],
  ] as const) {
    it(`${isFound ? "keep" : "leave out"} what has its name, number and address if one looks for "${sought}"`, () => {
      expect(matchesChoice(miner, sought)).to.equal(isFound);
    });
  }
});

describe("What a form holds", () => {
  const fields = [
    { kind: "text", name: "name", label: "", hint: "", preset: "Northwind" },
    { kind: "amount", name: "amount", label: "", hint: "" },
  ] as const;

  it("is what is preset until somebody types, even if they empty it", () => {
    expect(heldBy(fields, {})).to.deep.equal({ name: "Northwind", amount: "" });
    expect(heldBy(fields, { name: "", amount: "3" })).to.deep.equal({ name: "", amount: "3" });
  });

  it("leaves out what was typed into fields that are not shown any more", () => {
    expect(heldBy(fields, { to: "0x" })).to.not.have.property("to");
  });
});
