import { expect } from "chai";
import { KECCAK_BINARY } from "../../../scripts/core/keccak/binary";
import { compileKeccakModule } from "../../../scripts/lab/keccak/compileModule";

describe("The committed Keccak module", () => {
  it("equals its compiled source, byte for byte", async () => {
    expect(Buffer.from(await compileKeccakModule()).toString("base64")).to.equal(KECCAK_BINARY);
  });
});
