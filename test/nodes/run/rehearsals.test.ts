import { expect } from "chai";
import { decodeFunctionData, type Hex, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { deployedContracts } from "../../../scripts/chain/abis";
import { type Connection } from "../../../scripts/chain/connection";
import { type NodeEvent } from "../../../scripts/nodes/run/nodeEvents";
import { type Duty, type Parcel, Rehearsals } from "../../../scripts/nodes/run/rehearsals";
import { answeringChain, refusalBy } from "../../shared/answeringChain";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const [, registryAbi] = deployedContracts.taskRegistry;
const slotSeconds = 30;

describe("A rehearsal of duties", () => {
  let events: NodeEvent[];
  let now: number;
  /** Tasks that the registry lets nobody complete. */
  let refused: Set<number>;
  /** How the directory answers a new endpoint. */
  let publishing: () => undefined;
  let asked: string[];
  let connection: Connection;
  let rehearsals: Rehearsals;

  beforeEach(() => {
    [events, asked, refused, now] = [[], [], new Set(), 1_000];
    publishing = () => undefined;
    const completing = (taskId: bigint): undefined => {
      if (refused.has(Number(taskId))) throw refusalBy("taskRegistry", "UnknownTask", [taskId]);
    };
    const views = {
      "directory.setEndpoint": () => {
        publishing();
      },
      "taskRegistry.completeTask": completing,
      "taskRegistry.multicall": (calls: readonly Hex[]) => {
        for (const data of calls) {
          const { args } = decodeFunctionData({ abi: registryAbi, data });
          completing(args[0] as bigint);
        }
        return calls.map(() => "0x");
      },
    };
    const methods = { eth_estimateGas: ({ data }: { data: Hex }) => `0x${(data.length / 2).toString(16)}` };
    connection = answeringChain({ views, methods }, { clock: { slotSeconds } }, (question) => asked.push(question));
    const tell = (event: NodeEvent) => void events.push(event);
    rehearsals = new Rehearsals({ connection, signer, tell, clock: () => now });
  });

  const publish: () => Duty = () => ({
    name: "publish",
    call: { ...connection.contracts.directory, functionName: "setEndpoint", args: ["https://a.example"] },
  });

  const complete = (taskId: number, weight?: number): Duty => ({
    name: `complete ${taskId}`,
    call: {
      ...connection.contracts.taskRegistry,
      functionName: "completeTask",
      args: [BigInt(taskId), zeroHash, "0x"],
    },
    ...(weight === undefined ? {} : { weight }),
  });

  const refuseEndpoint = () => {
    publishing = () => {
      throw refusalBy("directory", "EndpointTooLong", [300n, 256n]);
    };
  };

  const namesOf = (parcel: Parcel | undefined) => parcel?.duties;
  const tasks = (...ids: number[]) => ids.map((id) => complete(id));

  it("picks only the most urgent duty, with the gas that it takes", async () => {
    const parcel = await rehearsals.prepare([publish(), complete(1), complete(2)]);
    expect(parcel!.duties).to.deep.equal(["publish"]);
    expect(parcel!.call).to.include({ functionName: "setEndpoint" });
    expect(Number(parcel!.gas)).to.be.greaterThan(100);
    expect(asked).to.deep.equal(["directory.setEndpoint", "eth_estimateGas"]);
    expect(namesOf(await rehearsals.prepare([]))).to.equal(undefined);
  });

  it("picks the next duty if a contract refuses the first", async () => {
    refuseEndpoint();
    expect(namesOf(await rehearsals.prepare([publish(), complete(1)]))).to.deep.equal(["complete 1"]);
    expect(namesOf(await rehearsals.prepare([publish()]))).to.equal(undefined);
  });

  it("puts all tasks in the list into one multicall, but sends a single task without one", async () => {
    const together = await rehearsals.prepare([complete(1), publish(), complete(2)]);
    expect(together!.duties).to.deep.equal(["complete 1", "complete 2"]);
    const { functionName, args, address } = together!.call;
    expect([functionName, address]).to.deep.equal(["multicall", connection.contracts.taskRegistry.address]);
    const ids = (args[0] as readonly Hex[]).map((data) => decodeFunctionData({ abi: registryAbi, data }).args[0]);
    expect(ids).to.deep.equal([1n, 2n]);
    expect((await rehearsals.prepare(tasks(1)))!.call.functionName).to.equal("completeTask");
  });

  it("puts at most fifty tasks into one transaction, or fewer with proofs, by their weight", async () => {
    const ids = Array.from({ length: 51 }, (_, i) => i);
    expect((await rehearsals.prepare(tasks(...ids.slice(1))))!.duties).to.have.lengthOf(50);
    expect((await rehearsals.prepare(tasks(...ids)))!.duties).to.have.lengthOf(50);
    const proofs = ids.slice(0, 9).map((id) => complete(id, 8));
    expect((await rehearsals.prepare(proofs))!.duties).to.have.lengthOf(6);
    expect((await rehearsals.prepare([...tasks(1, 2), ...proofs]))!.duties).to.have.lengthOf(8);
    expect((await rehearsals.prepare([...tasks(1, 2, 3), ...proofs]))!.duties).to.have.lengthOf(8);
  });

  it("omits the tasks that the registry refuses, and tries each of them once", async () => {
    refused = new Set([2]);
    const parcel = await rehearsals.prepare(tasks(1, 2, 3));
    expect(parcel!.duties).to.deep.equal(["complete 1", "complete 3"]);
    expect(parcel!.call.args[0]).to.have.lengthOf(2);
    expect(Number(parcel!.gas)).to.be.greaterThan(200);
    refused = new Set([4, 5]);
    asked.length = 0;
    expect(namesOf(await rehearsals.prepare([...tasks(4, 5), publish()]))).to.deep.equal(["publish"]);
    expect(asked.filter((question) => question === "taskRegistry.completeTask")).to.have.lengthOf(2);
    expect(asked.filter((question) => question === "taskRegistry.multicall")).to.have.lengthOf(1);
  });

  it("fails if the node fails, and doesn't report that as a refusal", async () => {
    publishing = () => {
      throw new Error("The node is down.");
    };
    for (const duties of [[publish()], [publish(), complete(1)]]) {
      const error = await rehearsals.prepare(duties).catch((one: unknown) => one);
      expect((error as Error).message).to.contain("The node is down.");
    }
    refused = {
      has: () => {
        throw new Error("The node is down.");
      },
    } as unknown as Set<number>;
    const error = await rehearsals.prepare(tasks(1, 2)).catch((one: unknown) => one);
    expect((error as Error).message).to.contain("The node is down.");
    expect(events).to.deep.equal([]);
  });

  describe("of a duty that is refused", () => {
    const reason = "setEndpoint was refused: EndpointTooLong(length 300, maximum 256).";

    /** Waits some seconds. @returns Whether the duty is tried, and how often it was reported by then. */
    async function after(seconds: number): Promise<[isTried: boolean, told: number]> {
      now += seconds;
      asked.length = 0;
      await rehearsals.prepare(rehearsals.triable([publish()]));
      return [asked.length > 0, events.length];
    }

    beforeEach(refuseEndpoint);

    it("happens every second until it is reported after 15 s, then once per slot, with a report each time", async () => {
      expect(await after(0)).to.deep.equal([true, 0]);
      expect(await after(0.5)).to.deep.equal([false, 0]);
      expect(await after(0.5)).to.deep.equal([true, 0]);
      expect(await after(13)).to.deep.equal([true, 0]);
      expect(rehearsals.isUndecided([publish()])).to.equal(true);
      expect(await after(1)).to.deep.equal([true, 1]);
      expect(rehearsals.isUndecided([publish()])).to.equal(false);
      expect(await after(slotSeconds - 0.5)).to.deep.equal([false, 1]);
      expect(await after(0.5)).to.deep.equal([true, 2]);
      expect(events).to.deep.equal(Array(2).fill({ kind: "refused", duty: "publish", reason }));
    });

    it("isn't repeated earlier, even if it is asked for", async () => {
      await after(0);
      asked.length = 0;
      expect(rehearsals.triable([publish()])).to.deep.equal([]);
      expect(await rehearsals.prepare([publish()])).to.equal(undefined);
      expect(asked).to.deep.equal([]);
    });

    it("starts over if the duty was not wanted in between", async () => {
      await after(0);
      await after(15);
      expect(events).to.have.lengthOf(1);
      expect(rehearsals.triable([])).to.deep.equal([]);
      expect(rehearsals.isUndecided([publish()])).to.equal(false);
      expect(await after(0)).to.deep.equal([true, 1]);
      expect(rehearsals.isUndecided([publish()])).to.equal(true);
    });

    it("holds up no other duty", () => {
      expect(rehearsals.isUndecided([complete(1)])).to.equal(false);
      expect(rehearsals.triable([publish(), complete(1)])).to.have.lengthOf(2);
    });
  });

  it("reports a lasting refusal at most every 20 s if slots are shorter", async () => {
    const { deployment } = connection;
    const config = { ...deployment.config, clock: { ...deployment.config.clock, slotSeconds: 1 } };
    const short = { ...connection, deployment: { ...deployment, config } };
    const tell = (event: NodeEvent) => void events.push(event);
    const quick = new Rehearsals({ connection: short, signer, tell, clock: () => now });
    refuseEndpoint();
    for (const [seconds, told] of [
      [0, 0],
      [15, 1],
      [34, 1],
      [35, 2],
    ] as const) {
      now = 1_000 + seconds;
      await quick.prepare([publish()]);
      expect(events, `${seconds} s`).to.have.lengthOf(told);
    }
  });
});
