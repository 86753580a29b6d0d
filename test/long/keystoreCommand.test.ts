import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { openKeystore } from "../../scripts/chain/keystore";
import { runProgram } from "../shared/commandLine";

describe("mdt keeper keystore", () => {
  const privateKey = generatePrivateKey();
  const password = "correct horse, süß";
  const env = { MDT_PRIVATE_KEY: privateKey, MDT_KEYSTORE_PASSWORD: password };
  let folder: string;
  let out: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "keystore-"));
    out = join(folder, "keeper.json");
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes a keystore, and prints the address and nothing of the key", async () => {
    const { exitCode, stdout, stderr } = await runProgram(["keeper", "keystore", "--out", out, "--json"], env);
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    expect(JSON.parse(stdout)).to.deep.equal({ address: privateKeyToAddress(privateKey), file: out });
    expect(stdout).not.to.contain(privateKey.slice(2));
    expect(await openKeystore(out, password)).to.equal(privateKey);
  });

  it("never overwrites one", async () => {
    const before = readFileSync(out, "utf8");
    expect(await runProgram(["keeper", "keystore", "--out", out], env)).to.include({ exitCode: 1, stdout: "" });
    expect(readFileSync(out, "utf8")).to.equal(before);
  });
});
