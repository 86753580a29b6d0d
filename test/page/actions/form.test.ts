import { expect } from "chai";
import fc from "fast-check";
import { formatUnits, maxUint96 } from "viem";
import {
  amountField,
  choiceField,
  type Field,
  form,
  heldBy,
  matchesChoice,
  numberField,
  readAddress,
  readFields,
  readText,
} from "../../../scripts/page/actions/form";
import { formatExactMdt } from "../../../scripts/show/amounts";

const alice = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** A field's value for a text, or its problem. */
const readBy = <T>(field: Field<T>, text: string): T | string => {
  const read = readFields({ x: field }, { x: text });
  return read.kind === "problems" ? read.problems.x! : read.values.x;
};

describe("A form's fields", () => {
  it("read every amount exactly, both as Max fills it in and as it is displayed", () => {
    const field = amountField({ maxWei: maxUint96, beyond: "" });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: maxUint96 }), (amountWei) => {
        const texts = [formatUnits(amountWei, 18), formatExactMdt(amountWei).replaceAll(",", "")];
        expect(texts.map((text) => readBy(field, text))).to.deep.equal([amountWei, amountWei]);
      }),
    );
  });

  const mdt = 10n ** 18n;
  const amounts: readonly [text: string, read: bigint | string][] = [
    ["32", 32n * mdt],
    [" 32 ", 32n * mdt],
    ["31.999999999999999999", "It must be at least 32 MDT."],
    ["100", 100n * mdt],
    ["100.000000000000000001", "Too much."],
    ["", '"" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
    ["1e2", '"1e2" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
    ["1,000", '"1,000" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.'],
  ];
  for (const [text, read] of amounts) {
    it(`${typeof read === "bigint" ? "take" : "refuse"} "${text}" between 32 and 100`, () => {
      const field = amountField({ minimumWei: 32n * mdt, maxWei: 100n * mdt, beyond: "Too much." });
      expect(readBy(field, text)).to.equal(read);
    });
  }

  it("take addresses with a correct checksum or none, but not the zero address", () => {
    const field = { label: "", read: readAddress };
    for (const text of [alice, alice.toLowerCase(), `0x${alice.slice(2).toUpperCase()}`]) {
      expect(readBy(field, text)).to.equal(alice);
    }
    for (const text of [alice.replace("C5", "c5"), alice.slice(0, -1), `0x${"0".repeat(40)}`, "alice.eth", ""]) {
      expect(readBy(field, text), text).to.match(/^It must (be|not be) .*address/);
    }
  });

  it("read numbers within their bounds, scaled to whole numbers", () => {
    const field = numberField({ label: "" }, { decimals: 2, minimum: 0, maximum: 18 });
    expect(["0", "7.25", "18"].map((text) => readBy(field, text))).to.deep.equal([0, 725, 1_800]);
    for (const text of ["18.01", "-1", "7.255", "", "seven"]) {
      expect(readBy(field, text), text).to.equal("Enter a number with at most 2 decimals from 0 to 18.");
    }
  });

  it("take only a list's choices, and texts that are neither empty nor too long in bytes", () => {
    const text = { label: "", read: (typed: string) => readText(typed, 4) };
    const fields = {
      list: choiceField({ label: "" }, [{ value: "1", label: "one", meaning: 1 }]),
      ...{ input: text, most: text, long: text },
    };
    expect(readFields(fields, { list: "2", input: "  ", most: " éé ", long: "ééx" })).to.deep.equal({
      kind: "problems",
      problems: {
        list: "Choose one from the list.",
        input: "This field must not be empty.",
        long: "It has 5 bytes, but at most 4 are allowed.",
      },
    });
    expect(readFields(fields, { list: "1", input: "a", most: " éé ", long: "b" })).to.deep.equal({
      kind: "read",
      values: { list: 1, input: "a", most: "éé", long: "b" },
    });
  });
});

describe("The choices of a long list", () => {
  const miner = { value: "412", label: "Miner 412 · 0x7099…79C8", also: alice, meaning: 412 };
  for (const [sought, isFound] of [
    ["", true],
    ["miner 41", true],
    ["412", true],
    [` ${alice.toLowerCase()} `, true],
    ["dC3A01", true],
    ["413", false],
  ] as const) {
    it(`${isFound ? "keep" : "leave out"} a miner by its name, number and address in a search for "${sought}"`, () => {
      expect(matchesChoice(miner, sought)).to.equal(isFound);
    });
  }
});

describe("A form's content", () => {
  const fields = {
    name: { label: "", preset: "Northwind", read: (text: string) => text },
    amount: amountField({ maxWei: 10n ** 18n, beyond: "" }),
  };

  it("is the preset until someone types, even if they clear the field", () => {
    expect(heldBy(fields, {})).to.deep.equal({ name: "Northwind", amount: "" });
    expect(heldBy(fields, { name: "", amount: "3" })).to.deep.equal({ name: "", amount: "3" });
  });

  it("excludes text typed into fields that are no longer shown", () => {
    expect(heldBy(fields, { to: "0x" })).to.not.have.property("to");
  });

  it("becomes a plan only if every field can be read", async () => {
    const nothing = { kind: "nothing", sentence: "It is done already." } as const;
    const { plan } = form({ fields: () => fields, plan: () => nothing });
    expect(await plan({ name: "", amount: "1" })).to.deep.equal(nothing);
    expect((await plan({ name: "", amount: "2" })).kind).to.equal("problems");
  });
});
