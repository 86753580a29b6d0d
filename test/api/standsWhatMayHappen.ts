import { expect } from "chai";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Hex } from "viem";
import { accountAnswer, historyAnswer } from "../../scripts/api/schemas/people";
import { problem } from "../../scripts/api/answers";
import { archivedReport, epochAnswer, reportAnswer } from "../../scripts/api/schemas/epochs";
import { askReport } from "../../scripts/api/reportThread";
import { transact } from "../../scripts/chain/transact";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { setProfile } from "../../scripts/actions/profile";
import { liveThrough } from "../integration/world";
import { rejection } from "../shared/rejection";
import { type ServedApi } from "./servedApi";
import { tellsOfSignatures } from "./tellsOfSignatures";

/** The last tests of the API: damage, blocks, a veto, and in the end a chain that is gone. @param served The API under test. */
export function standsWhatMayHappen(served: () => ServedApi): void {
  describe("handles faults and changes:", () => {
    let world: ServedApi["world"];
    let archive: ServedApi["archive"];
    let server: ServedApi["server"];
    let settled: ServedApi["settled"];
    let given: ServedApi["given"];
    let ask: ServedApi["ask"];
    let answerOf: ServedApi["answerOf"];
    let problemOf: ServedApi["problemOf"];
    let newServer: ServedApi["newServer"];

    before(() => {
      ({ world, archive, server, settled, given, ask, answerOf, problemOf, newServer } = served());
    });

    it("a client that asks too often learns when to ask again", async () => {
      const limited = await newServer({ requestsPerMinute: 2 });
      const answers: Response[] = [];
      for (let i = 0; i < 3; i++) answers.push(await fetch(`${limited.url}/v1/epochs`));
      await limited.close();
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 429]);
      const last = answers[2]!;
      expect(Number(last.headers.get("Retry-After"))).to.be.within(1, 60);
      expect(problem.parse(await last.json()).error).to.equal(
        "A client may send 2 requests a minute: ask again after Retry-After seconds.",
      );
    });

    it("a missing report is reported as such, and computed from the chain on request", async () => {
      rmSync(archive.reportFile(1));
      const fresh = await newServer({});
      const history = `${fresh.url}/v1/accounts/${world.people.miners[0]!}/history?from=1&limit=1`;
      const { epochs } = historyAnswer.parse(await (await fetch(history)).json());
      expect(epochs).to.deep.equal([
        {
          kind: "missing",
          epoch: 1,
          reason:
            "The archive here does not have the report of epoch 1. Request /v1/epochs/1/report to have it computed from the chain.",
        },
      ]);
      expect(reportAnswer.parse(await (await fetch(`${fresh.url}/v1/epochs/1/report`)).json()).epoch).to.equal(1);
      const [known] = historyAnswer.parse(await (await fetch(history)).json()).epochs;
      expect(known!.kind).to.equal("known");
      for (const epoch of [0, 1]) rmSync(archive.reportFile(epoch));
      const both = await Promise.all([0, 1].map((epoch) => fetch(`${fresh.url}/v1/epochs/${epoch}/report`)));
      expect(both.map(({ status }) => status).sort(), "one is computed at a time").to.deep.equal([200, 503]);
      await fresh.close();
    });

    it("a request for income gets a 503 with Retry-After until all its reports are read", async () => {
      const path = `/v1/accounts/${world.people.miners[0]!}/income.csv`;
      // The previous test leaves one of them missing.
      for (const epoch of settled.keys()) await answerOf(`/v1/epochs/${epoch}/report`, reportAnswer);
      // Even a server without patience may have read some of them in time, or all.
      let impatient = await newServer({ patienceMilliseconds: 0 });
      let response = await fetch(`${impatient.url}${path}`);
      while (response.status === 200) {
        await impatient.close();
        impatient = await newServer({ patienceMilliseconds: 0 });
        response = await fetch(`${impatient.url}${path}`);
      }
      expect([response.status, response.headers.get("Retry-After")]).to.deep.equal([503, "5"]);
      expect(problem.parse(await response.json()).error).to.match(
        /^This server has not read the report of epoch [0-2] yet: ask again later\.$/,
      );
      const rows = await (await ask(path)).text();
      let status = 503;
      for (let again = response; status === 503; { status } = again) again = await fetch(`${impatient.url}${path}`);
      expect(await (await fetch(`${impatient.url}${path}`)).text()).to.equal(rows);
      await impatient.close();
    });

    it("a damaged report is computed from the chain again", async () => {
      const before = await answerOf("/v1/epochs/1/report", reportAnswer);
      const fresh = await newServer({});
      const history = async () => {
        const path = `/v1/accounts/${world.people.miners[0]!}/history?from=1&limit=1`;
        return historyAnswer.parse(await (await fetch(`${fresh.url}${path}`)).json()).epochs.map(({ kind }) => kind);
      };
      for (const damaged of ["{}\n}\n", JSON.stringify({ epoch: 1 }, null, 2) + "\n"]) {
        const root = settled[1]!.settlement.rewardsRoot;
        writeFileSync(archive.reportFile(1), damaged.replace("{", `{ "root": "${root}",\n`));
        if (damaged === "{}\n}\n") expect(await history()).to.deep.equal(["missing"]);
        expect(await answerOf("/v1/epochs/1/report/whole", archivedReport)).to.deep.include({ epoch: 1 });
        expect(await answerOf("/v1/epochs/1/report", reportAnswer)).to.deep.equal(before);
      }
      expect(await history()).to.deep.equal(["known"]);
      await fresh.close();
    });

    it("a missing or wrong tree is computed from the chain; if that takes long, clients learn when to ask again", async () => {
      const account = world.people.miners[0]!;
      const before = await answerOf(`/v1/accounts/${account}`, accountAnswer);
      const tree = readFileSync(archive.treeFile(2), "utf8");
      writeFileSync(archive.treeFile(2), tree.replaceAll(account.slice(2), "0".repeat(40)));
      const fresh = await newServer({});
      const answer = await fetch(`${fresh.url}/v1/accounts/${account}`);
      await fresh.close();
      expect(accountAnswer.parse(await answer.json()), "the account is not in the file").to.deep.equal(before);
      copyFileSync(archive.treeFile(1), archive.treeFile(2));
      expect(await answerOf(`/v1/accounts/${account}`, accountAnswer)).to.deep.equal(before);
      rmSync(archive.treeFile(2));
      const impatient = await newServer({ patienceMilliseconds: 0 });
      const response = await fetch(`${impatient.url}/v1/accounts/${account}`);
      await impatient.close();
      expect([response.status, response.headers.get("Retry-After")]).to.deep.equal([503, "5"]);
      expect(problem.parse(await response.json()).error).to.equal(
        "Epoch 2 is not in the archive here, and epoch 2 is being computed from the chain: ask again later.",
      );
      expect(await answerOf(`/v1/accounts/${account}`, accountAnswer)).to.deep.equal(before);
    });

    it("after new blocks, every route answers as that of a newly started API", async () => {
      const { connection, node, people } = world;
      const { paths } = (await (await ask("/openapi.json")).json()) as { paths: Record<string, object> };
      const routes = Object.keys(paths).map((path) =>
        path
          .replace("{epoch}", "3")
          .replace("{address}", people.miners[0]!)
          .replace("{task}", "7")
          .replace("/names", `/names?accounts=${people.miners[0]!}`),
      );
      const askAll = async (url: string) =>
        new Map(
          await Promise.all(
            routes.map(async (route) => [route, await (await fetch(`${url}${route}`)).text()] as const),
          ),
        );
      const before = await askAll(server.url);
      await liveThrough(world, 3);
      await setProfile(connection, people.miners[0]!, { name: "Digger", site: undefined, contact: undefined });
      const version = { fromEpoch: 9, policy: { maxExpectedTasks: 60 } };
      const { policyRegistry } = connection.contracts;
      await transact(connection, people.keeper, {
        ...policyRegistry,
        functionName: "publishPolicy",
        args: [9n, JSON.stringify(version)],
      });
      await settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
      await node.control.mine({ blocks: 1 });
      const after = await askAll(server.url);
      const unchanged = routes.filter((route) => after.get(route) === before.get(route));
      expect(unchanged).to.deep.equal(["/v1/deployment", "/v1/supply/max", "/v1/task-types"]);
      const fresh = await newServer({});
      expect(after).to.deep.equal(await askAll(fresh.url));
      await fresh.close();
    });

    it("at most a hundred reports are read at once; further requests are refused for the moment", async () => {
      const file = archive.reportFile(99);
      const asked = Array.from({ length: 101 }, () => rejection(askReport({ kind: "whole", file }), Error));
      const names = (await Promise.all(asked)).map(({ name }) => name);
      expect(names).to.deep.equal([...Array<string>(100).fill("DamagedReportError"), "UnavailableError"]);
    });

    it("an account that claimed from a root that was vetoed later can claim nothing more, even after the pause", async () => {
      const { connection, people } = world;
      const { treasury } = connection.contracts;
      const [account, other] = [people.miners[0]!, people.miners[1]!];
      const { cumulativeWei, proof } = await answerOf(`/v1/accounts/${account}`, accountAnswer);
      const { keeper } = people;
      const args = [account, BigInt(cumulativeWei), proof as Hex[]] as const;
      await transact(connection, keeper, { ...treasury, functionName: "claim", args });
      await transact(connection, keeper, { ...treasury, functionName: "pause", args: [] });
      await transact(connection, keeper, { ...treasury, functionName: "vetoRoot", args: [3n] });
      const paused = await answerOf(`/v1/accounts/${other}`, accountAnswer);
      expect(paused).to.deep.include({ epoch: 2, root: settled[2]!.settlement.rewardsRoot, claimableWei: "0" });
      expect((await answerOf("/v1/epochs/3", epochAnswer)).root.status).to.equal("vetoed");
      await transact(connection, keeper, { ...treasury, functionName: "unpause", args: [] });
      expect(await answerOf(`/v1/accounts/${account}`, accountAnswer)).to.deep.include({
        claimedWei: cumulativeWei,
        claimableWei: "0",
      });
      const after = await answerOf(`/v1/accounts/${other}`, accountAnswer);
      expect(after.claimableWei).to.equal(after.cumulativeWei).not.to.equal("0");
    });

    tellsOfSignatures(served);

    it("a chain that can't be read gets clients a 503 without the node's URL, and the API keeps running", async () => {
      world.node.stop();
      for (const path of ["/v1/status", "/v1/epochs", "/v1/supply"]) {
        expect(await problemOf(path)).to.deep.equal({
          status: 503,
          error: "The server can't read the chain right now. Ask again shortly.",
        });
      }
      expect((await ask("/openapi.json")).status).to.equal(200);
      expect(given.filter(({ status }) => status === 503).map(({ route }) => route)).to.deep.equal([
        "/v1/status",
        "/v1/epochs",
        "/v1/supply",
      ]);
    });
  });
}
