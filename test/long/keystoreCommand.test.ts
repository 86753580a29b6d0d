import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { openKeystore } from "../../scripts/chain/keystore";
import { runHardhat, runProgram } from "../shared/commandLine";
import { connect } from "../shared/connect";
import { keyOf } from "../shared/guideExamples";
import { nodeAccount, startNode } from "../shared/node";
import { startWeb3Signer } from "../shared/web3signer";

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

  it("never overwrites a keystore", async () => {
    const before = readFileSync(out, "utf8");
    expect(await runProgram(["keeper", "keystore", "--out", out], env)).to.include({ exitCode: 1, stdout: "" });
    expect(readFileSync(out, "utf8")).to.equal(before);
  });
});

describe("npx hardhat deploy", () => {
  it("can be signed by a remote signer like every other command, without a key on this machine", async () => {
    const node = await startNode();
    const signer = await startWeb3Signer([keyOf(5)], 31_337);
    const keys = { MDT_PRIVATE_KEY: "", MDT_REMOTE_SIGNER: signer.url };
    const env = { MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, ...keys };
    const { exitCode, stdout, stderr } = await runHardhat(["deploy", "--network", "localhost", "--json"], env);
    expect(exitCode, stderr).to.equal(0);
    const { addresses } = JSON.parse(stdout) as { addresses: Readonly<Record<string, Address>> };
    const { token, treasury } = (await connect(node.url)).contracts;
    expect([token.address, treasury.address]).to.deep.equal([addresses.ModernTensorToken, addresses.Treasury]);
    const adminRole = await treasury.read.DEFAULT_ADMIN_ROLE();
    expect(await treasury.read.getRoleMembers([adminRole])).to.deep.equal([nodeAccount(5)]);
    expect(signer.calls.filter(({ method }) => method === "eth_signTransaction")).to.have.length.above(10);
    signer.close();
    node.stop();
  });
});
