import { expect } from "chai";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createPublicClient, custom, zeroAddress } from "viem";
import { choicesFile, DamagedRecordError, deploymentDirectory } from "../../scripts/chain/deployment";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { chooseOnce } from "../../scripts/ignition/choose";
import { rejection } from "../shared/rejection";

const id = "chain-1-choose";

describe("What is chosen once for a deployment", () => {
  const block = { number: "0x7", hash: null, timestamp: "0x64", transactions: [] };
  const answers: Readonly<Record<string, unknown>> = { eth_getBlockByNumber: block, eth_blockNumber: "0x7" };
  const request = ({ method }: { method: string }) => Promise.resolve(answers[method] ?? []);
  const reader = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
  const choose = () => chooseOnce(reader, id, "local", loadNetworkConfig("local"), zeroAddress);

  beforeEach(() => {
    mkdirSync(deploymentDirectory(id), { recursive: true });
  });

  afterEach(() => {
    rmSync(deploymentDirectory(id), { recursive: true });
  });

  it("stays, whenever the deployment is resumed", async () => {
    const first = await choose();
    expect(first).to.deep.include({ network: "local", fromBlock: 7 });
    block.timestamp = "0xffff";
    expect(await choose()).to.deep.equal(first);
  });

  it("is refused in words where its file is damaged, and left as it is", async () => {
    writeFileSync(choicesFile(id), '{ "network": "lo');
    const { message } = await rejection<Error>(choose(), DamagedRecordError);
    expect(message).to.equal(`${choicesFile(id)} is damaged: copy it again from where the deployment was made.`);
    expect(readFileSync(choicesFile(id), "utf8")).to.equal('{ "network": "lo');
  });
});
