import { expect } from "chai";
import { Agent, request } from "node:http";
import { type DevelopmentNode, startNode } from "../shared/node";

describe("The development node", () => {
  let node: DevelopmentNode;

  before(async () => {
    node = await startNode();
  });

  after(() => {
    node.stop();
  });

  it("keeps idle connections for ten minutes, so that a busy client finds its own still open", async () => {
    const agent = new Agent({ keepAlive: true });
    const asked = request(node.url, { agent, method: "POST", headers: { "content-type": "application/json" } });
    const kept = await new Promise((resolve, reject) => {
      asked.on("response", (response) => {
        resolve(response.resume().headers["keep-alive"]);
      });
      asked.on("error", reject);
      asked.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }));
    });
    agent.destroy();
    expect(kept).to.equal("timeout=600");
  });
});
