import { expect } from "chai";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createPublicClient, custom, zeroAddress } from "viem";
import { choicesFile, DamagedRecordError, deploymentDirectory } from "../../scripts/chain/deployment";
import { type Chosen, clockOf, loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { ConfigError } from "../../scripts/config/networkConfig";
import { chooseOnce } from "../../scripts/ignition/choose";
import { rejection } from "../shared/rejection";

const id = "chain-1-choose";

describe("The choices of a deployment", () => {
  const block = { number: "0x7", hash: null, timestamp: "0x64", transactions: [] };
  const answers: Readonly<Record<string, unknown>> = { eth_getBlockByNumber: block, eth_blockNumber: "0x7" };
  const request = ({ method }: { method: string }) => Promise.resolve(answers[method] ?? []);
  const reader = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
  const choose = (chosen?: Chosen) => chooseOnce(reader, id, "local", loadNetworkConfig("local"), zeroAddress, chosen);

  beforeEach(() => {
    mkdirSync(deploymentDirectory(id), { recursive: true });
  });

  afterEach(() => {
    rmSync(deploymentDirectory(id), { recursive: true });
  });

  it("stay the same if the deployment is resumed", async () => {
    const first = await choose();
    expect(first).to.deep.include({ network: "local", fromBlock: 7 });
    block.timestamp = "0xffff";
    expect(await choose()).to.deep.equal(first);
  });

  it("include the options that differ from the configuration, which a resumed run may omit but not change", async () => {
    const chosen = { clock: clockOf("local", 32), soloAfterSeconds: 90 };
    const first = await choose(chosen);
    expect(first).to.deep.include(chosen);
    expect([await choose(), await choose(chosen)]).to.deep.equal([first, first]);
    for (const [other, option] of [
      [{ clock: clockOf("local", 16) }, "--epoch-seconds"],
      [{ soloAfterSeconds: 0 }, "--solo-after"],
    ] as const) {
      const { message } = await rejection<Error>(choose(other), ConfigError);
      expect(message).to.equal(`${id} was started with another value of ${option}: omit the option to resume.`);
    }
  });

  it("are refused with a sentence if their file is damaged, which stays unchanged", async () => {
    writeFileSync(choicesFile(id), '{ "network": "lo');
    const { message } = await rejection<Error>(choose(), DamagedRecordError);
    expect(message).to.equal(`${choicesFile(id)} is damaged: copy it again from the machine that deployed.`);
    expect(readFileSync(choicesFile(id), "utf8")).to.equal('{ "network": "lo');
  });
});
