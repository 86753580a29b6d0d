import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { circuitModelHash, verifierNameOf } from "../../scripts/config/folders";

describe("A circuit", () => {
  it("takes its verifier's name and its model's hash from its folder", () => {
    expect(verifierNameOf("digits")).to.equal("DigitsVerifier");
    expect(existsSync(join(__dirname, "../../contracts/verifiers/DigitsVerifier.sol"))).to.equal(true);
    expect(circuitModelHash("digits")).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("has no model hash without a folder", () => {
    expect(circuitModelHash("nothing")).to.equal(undefined);
  });
});
