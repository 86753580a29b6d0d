import { expect } from "chai";
import { zeroAddress } from "viem";
import { parseChoice, parseHolder, parseWhole } from "../../scripts/commands/parameters";

describe("A number on the command line", () => {
  for (const text of ["1", "7"]) {
    it(`is accepted at its limits: ${text} of 1 to 7`, () => {
      expect(parseWhole("epochs", text, 7, 1)).to.equal(Number(text));
    });
  }

  for (const text of ["0", "8", "-1", "1.5", "1e0", "", "many"]) {
    it(`is refused outside its limits, or if it isn't a whole number: "${text}" of 1 to 7`, () => {
      expect(() => parseWhole("epochs", text, 7, 1)).to.throw(
        `--epochs must be a whole number from 1 to 7, not "${text}".`,
      );
    });
  }
});

describe("A choice on the command line", () => {
  it("must be one of the possible values, in the same case", () => {
    expect(parseChoice("sort", "share", ["score", "share"])).to.equal("share");
    expect(() => parseChoice("sort", "Share", ["score", "share"])).to.throw(
      '--sort must be one of score, share, not "Share".',
    );
  });
});

describe("The future holder of a role", () => {
  const someone = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

  it("may be any address, in lower case too", () => {
    expect(parseHolder("keeper", someone.toLowerCase())).to.equal(someone);
  });

  it("must not be the zero address, which would lose the role for ever", () => {
    expect(() => parseHolder("task-governor", zeroAddress)).to.throw(
      `--task-governor must not be ${zeroAddress}: nobody holds its key, and tokens sent to it are lost.`,
    );
  });

  it("must be an address", () => {
    expect(() => parseHolder("to", "0x1")).to.throw(
      '--to must be an address: 0x and 40 hexadecimal digits, not "0x1".',
    );
  });
});
