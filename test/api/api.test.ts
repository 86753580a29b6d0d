import { Validator } from "@seriousme/openapi-schema-validator";
import { expect } from "chai";
import { join } from "node:path";
import { type z } from "zod";
import {
  type Address,
  type EIP1193Parameters,
  formatUnits,
  getAddress,
  type Hex,
  parseEther,
  type Transport,
} from "viem";
import {
  accountAnswer,
  claimableAnswer,
  historyAnswer,
  minersAnswer,
  namesAnswer,
  validatorsAnswer,
} from "../../scripts/api/schemas/people";
import { archivedReport, epochAnswer, epochsAnswer, reportAnswer } from "../../scripts/api/schemas/epochs";
import {
  deploymentAnswer,
  policyAnswer,
  statusAnswer,
  supplyAnswer,
  taskTypesAnswer,
} from "../../scripts/api/schemas/network";
import { ExplainedReports } from "../../scripts/api/reportWorker";
import { toWire } from "../../scripts/api/answers";
import { connectionOf, countCalls } from "../../scripts/chain/connection";
import { listMiners } from "../../scripts/chain/participants";
import { listMinersAtWork, readRanking } from "../../scripts/views/minerRanking";
import { readSupply } from "../../scripts/views/supply";
import { readTaskTypes } from "../../scripts/views/taskTypes";
import { listValidators } from "../../scripts/views/validators";
import { setProfile } from "../../scripts/actions/profile";
import { produceSlot } from "../../scripts/actions/duties";
import { claimMany, claimableRewards, claimFor } from "../../scripts/actions/rewards";
import { simulate, transact } from "../../scripts/chain/transact";
import { epochStatus } from "../../scripts/keeper/facts/epochStatus";
import { figuresOf } from "../../scripts/keeper/facts/settledEpochs";
import { exampleOf, keyOf } from "../shared/guideExamples";
import { serveApi, type ServedApi } from "./servedApi";
import { standsWhatMayHappen } from "./standsWhatMayHappen";
import { tellsOfTasks } from "./tellsOfTasks";

describe("The API", () => {
  let api: ServedApi;
  let world: ServedApi["world"];
  let archive: ServedApi["archive"];
  let settled: ServedApi["settled"];
  let ask: ServedApi["ask"];
  let answerOf: ServedApi["answerOf"];
  let problemOf: ServedApi["problemOf"];
  let newServer: ServedApi["newServer"];

  before(async () => {
    api = await serveApi();
    ({ world, archive, settled, ask, answerOf, problemOf, newServer } = api);
  });

  after(() => api.close());

  describe("reports", () => {
    it("the deployment", async () => {
      const { id, chainId, addresses, choices, config } = world.connection.deployment;
      const answer = await answerOf("/v1/deployment", deploymentAnswer);
      expect(answer).to.deep.include({ id, chainId, network: "local", contracts: addresses, dao: choices.dao });
      expect(answer.token).to.deep.equal({ name: "ModernTensor", symbol: "MDT", decimals: 18 });
      expect(answer.clock).to.deep.equal({
        genesisTimestamp: choices.genesisTimestamp,
        slotSeconds: config.clock.slotSeconds,
        slotsPerEpoch: config.clock.slotsPerEpoch,
        revealSlots: config.clock.revealSlots,
      });
    });

    it("the running epoch and slot, and when the emission halves next", async () => {
      const { connection } = world;
      const answer = await answerOf("/v1/status", statusAnswer);
      expect(answer).to.deep.include({ ...(await epochStatus(connection)), overdueSeconds: 0, awaitingReveal: [] });
      expect(answer).to.include({ ceilingWei: (100n * 10n ** 18n).toString(), halvings: 0, nextHalvingEpoch: 1_350 });
      expect(answer.nextHalvingAt).to.equal(connection.deployment.choices.genesisTimestamp + 1_350 * 64);
      expect(answer.headBlock).to.equal(Number(await connection.reader.getBlockNumber()));
      await world.node.holdTimeAt(BigInt(answer.timestamp + 1));
      expect(await answerOf("/v1/status", statusAnswer), "though no block was mined").to.deep.include({
        headBlock: answer.headBlock,
        timestamp: answer.timestamp + 1,
      });
    });

    it("the supply", async () => {
      const answer = await answerOf("/v1/supply", supplyAnswer);
      expect(answer).to.deep.equal(toWire(await readSupply(world.connection)));
    });

    it("the supply as plain numbers for listing sites: whole MDT, rounded down, and nothing else", async () => {
      const { totalSupplyWei, circulatingWei, maxSupplyWei } = await readSupply(world.connection);
      const told = { total: totalSupplyWei, circulating: circulatingWei, max: maxSupplyWei };
      for (const [name, wei] of Object.entries(told)) {
        const answer = await ask(`/v1/supply/${name}`);
        expect(answer.headers.get("Content-Type")).to.match(/^text\/plain/);
        expect(await answer.text()).to.equal(formatUnits(wei, 18).replace(/\..*/, ""));
      }
    });

    it("the types of tasks, with their current cost, and whether scores or proofs judge their results", async () => {
      const { contracts, deployment } = world.connection;
      const names = deployment.config.tasks.types.map(({ name }) => name);
      const { types } = await answerOf("/v1/task-types", taskTypesAnswer);
      expect(types).to.deep.equal(toWire(await readTaskTypes(contracts, names)));
      expect(types[0]).to.deep.include({ typeId: 0, name: "text", difficultyBps: 4_000, proof: null });
    });

    it("the policy in force, with the hash that the settlement committed to", async () => {
      const answer = await answerOf("/v1/policy", policyAnswer);
      expect(answer.policyHash).to.equal(settled[2]!.settlement.policyHash);
      expect(answer.policy.maxExpectedTasks).to.equal(50);
      expect(answer.published.map(({ fromEpoch, problem }) => ({ fromEpoch, problem }))).to.deep.equal([
        { fromEpoch: 0, problem: null },
      ]);
      expect(answer).to.deep.include({ nextSteps: [], hasMoreSteps: false });
    });

    it("the validators and the miners, as the commands list them", async () => {
      const { connection } = world;
      const validators = await answerOf("/v1/validators", validatorsAnswer);
      const miners = await answerOf("/v1/miners", minersAnswer);
      expect([validators.standingEpoch, miners.standingEpoch]).to.deep.equal([2, 2]);
      const [listedValidators, listedMiners] = await Promise.all([
        listValidators(connection),
        listMinersAtWork(connection),
      ]);
      const listed = validators.validators.map(({ standing, awaitsReveal, record, ...validator }) => {
        expect(standing!.validatorTrustU16).to.be.greaterThan(60_000);
        expect(awaitsReveal).to.equal(false);
        expect(validator.lastRevealedEpoch).to.equal(2);
        // Stake counts from epoch 2 on, and all of them revealed.
        const { commissionBps } = validator;
        expect(record).to.deep.include({ epochs: 1, activeEpochs: 1, revealedEpochs: 1, missedEpochs: [] });
        expect(record.commissions).to.deep.equal([{ epoch: 1, commissionBps }]);
        return validator;
      });
      expect(listed).to.deep.equal(toWire(listedValidators));
      expect(miners.miners).to.deep.equal(
        toWire(listedMiners.map((miner, i) => ({ ...miner, standing: miners.miners[i]!.standing }))),
      );
      const incentives = miners.miners.map(({ standing }) => standing!.incentiveU16);
      expect(Math.abs(incentives.reduce((sum, one) => sum + one, 0) - 65_535)).to.be.at.most(3);
    });

    it("the names of miners, delegators and any other account, as text that is safe to show", async () => {
      const { connection, people } = world;
      const [miner, delegator] = [getAddress(people.miners[1]!), getAddress(people.delegators[0]!)];
      await setProfile(connection, miner, { name: "Old\u202e name", site: "https://m.example", contact: "" });
      await setProfile(connection, miner, { name: "Mine\u202eworks", site: undefined, contact: undefined });
      await setProfile(connection, delegator, { name: "", site: "", contact: "mail@d.example" });
      const profile = { name: "Mineworks", site: "https://m.example", contact: "" };
      const { miners } = await answerOf("/v1/miners", minersAnswer);
      expect(miners.map((one) => one.profile)).to.deep.equal([null, profile, null]);
      const asked = [miner, delegator, people.stranger].join(",");
      const { names } = await answerOf(`/v1/names?accounts=${asked}`, namesAnswer);
      expect(names).to.deep.equal([{ account: miner, name: "Mineworks" }]);
    });

    it("a name as soon as the node answers again, even before the next block", async () => {
      const { transport, deployment } = world.connection;
      let isDown = true;
      const unsteady: Transport = (options) => {
        const live = transport(options);
        const request = (call: EIP1193Parameters): Promise<unknown> =>
          isDown && call.method === "eth_call" ? Promise.reject(new Error("down")) : live.request(call);
        return { ...live, request: request as typeof live.request };
      };
      const fresh = await newServer({}, connectionOf(unsteady, deployment));
      const askNames = () => fetch(`${fresh.url}/v1/names?accounts=${world.people.miners[1]!}`);
      expect((await askNames()).status).to.equal(503);
      isDown = false;
      const { names } = namesAnswer.parse(await (await askNames()).json());
      expect(names.map(({ name }) => name)).to.deep.equal(["Mineworks"]);
      await fresh.close();
    });

    it("the yearly return of a staked token, for a validator and for an account's own stake", async () => {
      const account = getAddress(world.people.delegators[1]!);
      const { validators } = await answerOf("/v1/validators", validatorsAnswer);
      const { epochs } = await answerOf(`/v1/accounts/${account}/history`, historyAnswer);
      const { stakes } = epochs.find(({ epoch }) => epoch === 2) as Extract<(typeof epochs)[number], { kind: "known" }>;
      const yearOf = (amountWei: string, stakeWei: string, count: number) =>
        ((Number(amountWei) / Number(stakeWei)) * (365 * 86_400)) / 64 / count;
      const ratio = (yearlyReturnWad: string | null) => Number(yearlyReturnWad) / 1e18;
      for (const { validator, amountWei, stakeWei } of stakes) {
        const { record } = validators.find((one) => one.validator.toLowerCase() === validator.toLowerCase())!;
        // The two epochs before its stake counted don't matter, and rewards are rounded down to the wei.
        expect(ratio(record.yearlyReturnWad) / yearOf(amountWei, stakeWei, 1)).to.be.closeTo(1, 1e-9);
      }
      const [earned, staked] = (["amountWei", "stakeWei"] as const).map((field) =>
        stakes.reduce((sumWei, stake) => sumWei + BigInt(stake[field]), 0n).toString(),
      );
      const { stakeReturn } = await answerOf(`/v1/accounts/${account}`, accountAnswer);
      expect(stakeReturn.epochs, "with stake that counted").to.equal(1);
      expect(ratio(stakeReturn.yearlyReturnWad) / yearOf(earned!, staked!, 1)).to.be.closeTo(1, 1e-9);
      const { stakeReturn: none } = await answerOf(`/v1/accounts/${world.people.stranger}`, accountAnswer);
      expect(none).to.deep.equal({ epochs: 0, yearlyReturnWad: null });
    });

    it("the miners by id, page by page", async () => {
      const all = await answerOf("/v1/miners", minersAnswer);
      expect(all).to.include({ count: 3, next: null });
      expect(all.miners.map(({ minerId }) => minerId)).to.deep.equal([1, 2, 3]);
      const listed = await listMiners(world.connection);
      expect(listed.map(({ minerId, account }) => [minerId, account])).to.deep.equal(
        all.miners.map(({ minerId, account }) => [minerId, account]),
      );
      const first = await answerOf("/v1/miners?limit=2", minersAnswer);
      expect(first).to.deep.equal({ ...all, miners: all.miners.slice(0, 2), next: 2 });
      const second = await answerOf("/v1/miners?from=2&limit=2", minersAnswer);
      expect(second).to.deep.equal({ ...all, miners: all.miners.slice(2), next: null });
      const last = await answerOf("/v1/miners?from=1&limit=2", minersAnswer);
      expect(last).to.deep.equal({ ...all, miners: all.miners.slice(1), next: null });
      const beyond = await answerOf("/v1/miners?from=3&limit=2", minersAnswer);
      expect(beyond).to.deep.equal({ ...all, miners: [], next: null });
    });

    it("how miners served their clients: the settlement's scores, and figures from their events", async () => {
      const { events, reader } = world.connection;
      const [submitted, completed] = [await events.select(["TaskSubmitted"]), await events.select(["TaskCompleted"])];
      const secondsOf = async ({ block }: { block: number }) =>
        Number((await reader.getBlock({ blockNumber: BigInt(block) })).timestamp);
      const { miners } = await answerOf("/v1/miners", minersAnswer);
      for (const [index, { minerId, completedThisEpoch, completedLastEpoch, ...miner }] of miners.entries()) {
        const latencySeconds = (await secondsOf(completed[index]!)) - (await secondsOf(submitted[index]!));
        expect([minerId, completedThisEpoch, completedLastEpoch]).to.deep.equal([index + 1, 0, 1]);
        expect(miner).to.include({
          scoreWad: archive.standing(2)!.miners[index]!.agreedScoreWad,
          priceWei: submitted[index]!.args.feeWei.toString(),
          latencySeconds,
          ...{ completedShareBps: 10_000, completedTasks: 1, missedTasks: 0, openTasks: 0 },
        });
      }
    });

    it("the ranking of miners without reading block times and scores again for each block", async () => {
      const { transport, deployment } = world.connection;
      const calls: string[] = [];
      const fresh = countCalls(connectionOf(transport, { ...deployment }), (method) => calls.push(method));
      const countsOf = async () => {
        calls.length = 0;
        await readRanking(fresh);
        return ["eth_getBlockByNumber", "eth_call"].map((method) => calls.filter((one) => one === method).length);
      };
      const [first, second] = [await countsOf(), await countsOf()];
      // Three tasks were submitted and completed in a block each; scores take the seats and the commitments.
      expect(first[0]! - second[0]!).to.be.at.least(6);
      expect(first[1]! - second[1]!).to.be.at.least(2);
    });

    it("the validators with two reads for each (its state and its profile) and five for all", async () => {
      const calls: string[] = [];
      const fresh = countCalls(connectionOf(world.connection.transport, { ...world.connection.deployment }), (method) =>
        calls.push(method),
      );
      await listValidators(fresh);
      expect(calls.filter((one) => one === "eth_call")).to.have.lengthOf(2 * world.people.validators.length + 5);
    });

    it("the miners sorted by score or price, also from the tasks of one type only", async () => {
      const idsOf = async (query: string) =>
        (await answerOf(`/v1/miners?${query}`, minersAnswer)).miners.map(({ minerId }) => minerId);
      // Each did a task of another type: the first scored best, the third was paid best.
      expect(await idsOf("sort=score")).to.deep.equal([1, 2, 3]);
      expect(await idsOf("sort=score&from=1&limit=1")).to.deep.equal([2]);
      expect(await idsOf("sort=score&type=2")).to.deep.equal([3, 1, 2]);
      expect(await idsOf("sort=price&type=2")).to.deep.equal([1, 2, 3]);
      const { miners } = await answerOf("/v1/miners?type=1", minersAnswer);
      expect(miners.map(({ completedTasks, scoreWad }) => [completedTasks, scoreWad === null])).to.deep.equal([
        [0, true],
        [1, false],
        [0, true],
      ]);
    });

    it("the figures of settled epochs, newest first or from a given one on, page by page", async () => {
      const figures = toWire(figuresOf(settled));
      expect(await answerOf("/v1/epochs", epochsAnswer)).to.deep.equal({ epochs: figures.toReversed(), next: null });
      expect(await answerOf("/v1/epochs?limit=1", epochsAnswer)).to.deep.equal({ epochs: [figures[2]], next: null });
      const first = await answerOf("/v1/epochs?from=0&limit=2", epochsAnswer);
      expect(first).to.deep.equal({ epochs: figures.slice(0, 2), next: 2 });
      expect(await answerOf("/v1/epochs?from=2&limit=2", epochsAnswer)).to.deep.equal({
        epochs: [figures[2]],
        next: null,
      });
      expect(await answerOf("/v1/epochs?from=3", epochsAnswer)).to.deep.equal({ epochs: [], next: null });
    });

    it("an epoch with its settlement, its transaction and the state of its root", async () => {
      const { reader } = world.connection;
      const { settlement, blockNumber, transactionHash } = settled[2]!;
      const answer = await answerOf("/v1/epochs/2", epochAnswer);
      expect(answer.settlement).to.deep.equal(toWire(settlement));
      expect(answer.transaction).to.deep.equal({
        hash: transactionHash,
        blockNumber: Number(blockNumber),
        timestamp: Number((await reader.getBlock({ blockNumber })).timestamp),
      });
      expect(answer).to.deep.include({ isFinal: true, root: { status: "claimable", claimableEpoch: 2 } });
      expect((await answerOf("/v1/epochs/0", epochAnswer)).root).to.deep.equal({ status: "none" });
    });

    it("why an epoch came out as it did", async () => {
      const whole = await answerOf("/v1/epochs/2/report/whole", archivedReport);
      expect(whole).to.deep.equal(archive.report(2));
      const { utilityFactors, story, inputs, result } = await answerOf("/v1/epochs/2/report", reportAnswer);
      expect(whole.inputs).to.deep.include(inputs);
      expect(whole.result).to.deep.include(result);
      // 3 tasks of 50, difficulties 4,000, 8,000 and 10,000 over 20, everyone revealed.
      expect(utilityFactors).to.deep.equal({
        taskScoreWad: (6n * 10n ** 16n).toString(),
        difficultyWad: "110000000000000000",
        participationWad: (10n ** 18n).toString(),
      });
      expect(story.map(({ question }) => question)).to.deep.equal([
        "Why this utility?",
        "What bounded the emission?",
        "Who earned most, and why?",
        "What was burned?",
      ]);
      expect(story[0]!.answer).to.include("3 tasks of 50 expected brought");
    });

    it("who was paid for an epoch, largest rewards first, page by page", async () => {
      const { result, miners } = await answerOf("/v1/epochs/2/report/whole", archivedReport);
      const all = await answerOf("/v1/epochs/2/report", reportAnswer);
      expect(all.counts).to.deep.equal({ miners: 3, stakers: result.validatorRewards.length });
      expect(all.next).to.equal(null);
      expect(all.stakers).to.have.deep.members(result.validatorRewards);
      expect(all.miners.map(({ account, amountWei }) => ({ account, amountWei }))).to.have.deep.members(
        result.minerRewards,
      );
      const paid = new Map(all.miners.map(({ account, amountWei }) => [account, amountWei]));
      expect(all.miners).to.have.deep.members(miners.map((one) => ({ ...one, amountWei: paid.get(one.account) })));
      const amounts = [all.miners, all.stakers].map((list) => list.map(({ amountWei }) => BigInt(amountWei)));
      for (const list of amounts) expect(list).to.deep.equal(list.toSorted((a, b) => (a > b ? -1 : 1)));
      const paged: z.infer<typeof reportAnswer>[] = [];
      for (let from: number | null = 0; from !== null; from = paged.at(-1)!.next) {
        paged.push(await answerOf(`/v1/epochs/2/report?from=${from}&limit=2`, reportAnswer));
      }
      expect(paged.flatMap((page) => page.miners)).to.deep.equal(all.miners);
      expect(paged.flatMap((page) => page.stakers)).to.deep.equal(all.stakers);
      expect(Math.max(...paged.map((page) => page.stakers.length))).to.equal(2);
    });

    it("each validator's part in an epoch: its stake, whether it revealed, its trust and its pay", async () => {
      const { result, validators, inputs } = await answerOf("/v1/epochs/2/report/whole", archivedReport);
      const told = (await answerOf("/v1/epochs/2/report?limit=1", reportAnswer)).validators;
      const paid = new Map(result.validatorRewards.map(({ account, amountWei }) => [account, amountWei]));
      expect(told).to.have.deep.members(validators.map((one) => ({ ...one, amountWei: paid.get(one.account) })));
      expect(told).to.have.lengthOf(world.people.validators.length);
      const stakesWei = told.map(({ totalWei }) => BigInt(totalWei));
      expect(stakesWei).to.deep.equal(stakesWei.toSorted((a, b) => (a > b ? -1 : 1)));
      const sumWei = stakesWei.reduce((total, one) => total + one, 0n);
      expect(inputs.validators.activeStakeWei).to.equal(String(sumWei));
      expect(told.every(({ revealed, validatorTrust }) => revealed && validatorTrust !== "0")).to.equal(true);
    });

    it("pages of a report without computing the epoch again for each, unless it was settled again", () => {
      const reports = new ExplainedReports();
      const root = (epoch: number) => settled[epoch]!.settlement.rewardsRoot;
      const explained = [1, 2, 2, 1].map((epoch) => reports.of(archive.reportFile(epoch), root(epoch)));
      expect(explained.map(({ ranked }) => ranked.figures.epoch)).to.deep.equal([1, 2, 2, 1]);
      expect([explained[2] === explained[1], explained[3] === explained[0]]).to.deep.equal([true, true]);
      expect(reports.of(archive.reportFile(1), `0x${"ab".repeat(32)}`)).not.to.equal(explained[0]);
      const { ranked } = explained[1]!;
      const few = new ExplainedReports(ranked.miners.length + ranked.stakers.length);
      const [one, same, two, oneAgain] = [2, 2, 1, 2].map((epoch) => few.of(archive.reportFile(epoch), root(epoch)));
      expect(same, "there is room for as many").to.equal(one);
      expect(two!.ranked.figures.epoch).to.equal(1);
      expect(oneAgain, "but for no more").not.to.equal(one);
    });
  });

  describe("describes an account", () => {
    it("with zero amounts if it never earned anything", async () => {
      const answer = await answerOf(`/v1/accounts/${world.people.stranger}`, accountAnswer);
      expect(answer).to.deep.include({ cumulativeWei: "0", claimedWei: "0", claimableWei: "0", proof: [], epoch: 2 });
      const history = await answerOf(`/v1/accounts/${world.people.stranger}/history`, historyAnswer);
      expect(history.epochs.map((epoch) => epoch.kind === "known" && epoch.earnedWei)).to.deep.equal(["0", "0", "0"]);
    });

    it("with what it can claim, and a proof that the Treasury accepts", async () => {
      const { connection, people } = world;
      const { treasury } = connection.contracts;
      const account = people.delegators[1]!;
      const before = await answerOf(`/v1/accounts/${account}`, accountAnswer);
      expect(BigInt(before.claimableWei) > 0n).to.equal(true);
      expect(before).to.include({ root: settled[2]!.settlement.rewardsRoot, claimableWei: before.cumulativeWei });
      const args = [account, BigInt(before.cumulativeWei), before.proof as Hex[]] as const;
      await transact(connection, people.stranger, { ...treasury, functionName: "claim", args });
      const after = await answerOf(`/v1/accounts/${account}`, accountAnswer);
      expect(after).to.deep.equal({ ...before, claimedWei: before.cumulativeWei, claimableWei: "0" });
    });

    it("with what it earned and why; over all accounts that adds up to the settlement", async () => {
      const { miners, validators, delegators } = world.people;
      const earned = async (account: Address) => {
        const { epochs } = await answerOf(`/v1/accounts/${account}/history?from=2`, historyAnswer);
        const [epoch] = epochs;
        if (epoch?.kind !== "known")
          return expect.fail("The archive here does not have the report of epoch 2 should be there.");
        return epoch;
      };
      const ofMiners = await Promise.all(miners.map(earned));
      const ofStakers = await Promise.all([...validators, ...delegators].map(earned));
      const sum = (amounts: readonly string[]) => amounts.reduce((total, wei) => total + BigInt(wei), 0n);
      const { minerRewards, validatorRewards } = settled[2]!.settlement;
      expect(sum(ofMiners.map(({ miner }) => miner!.amountWei))).to.equal(minerRewards);
      const stakes = ofStakers.map((one) => one.stakes);
      expect(sum(stakes.flat().map(({ amountWei }) => amountWei))).to.equal(validatorRewards);
      expect(sum([...ofMiners, ...ofStakers].map(({ earnedWei }) => earnedWei))).to.equal(
        minerRewards + validatorRewards,
      );
      expect(stakes.map((ofOne) => ofOne.map((stake) => stake.as)).slice(3, 5)).to.deep.equal([
        ["validator"],
        ["delegator", "delegator", "delegator", "delegator"],
      ]);
    });

    describe("with its income as a spreadsheet", () => {
      const incomeOf = async (account: Address, query = "") => {
        const response = await ask(`/v1/accounts/${account}/income.csv${query}`);
        expect([response.status, response.headers.get("Content-Type")]).to.deep.equal([200, "text/csv; charset=utf-8"]);
        const [heads, ...lines] = (await response.text()).trimEnd().split("\n");
        expect(heads).to.equal("date,epoch,role,amountMdt,transaction,state,paidDate,paidTransaction");
        return lines.map((line) => line.split(","));
      };
      const sumOf = (rows: readonly string[][], value: string) =>
        rows.filter((row) => row.includes(value)).reduce((sum, row) => sum + parseEther(row[3]!), 0n);

      it("whose sums are what the chain paid and owes, to the wei", async () => {
        const { miners, validators, delegators, stranger } = world.people;
        const paid: bigint[] = [];
        for (const account of [...miners, ...validators, ...delegators, stranger]) {
          const rows = await incomeOf(account);
          const { claimedWei, claimableWei } = await answerOf(`/v1/accounts/${account}`, accountAnswer);
          expect(sumOf(rows, "claimed")).to.equal(BigInt(claimedWei));
          expect(sumOf(rows, "accrued")).to.equal(BigInt(claimableWei));
          paid.push(BigInt(claimedWei));
        }
        expect(paid.filter((wei) => wei > 0n)).to.have.lengthOf(1);
        const share = sumOf(await incomeOf(world.connection.deployment.choices.dao as Address), "dao");
        expect(share).to.equal(settled.reduce((sum, { settlement }) => sum + settlement.daoShare, 0n));
      });

      it("with the settlement and the claim of each reward, and their times", async () => {
        const { events, reader } = world.connection;
        const timeOf = async (blockNumber: bigint) =>
          new Date(Number((await reader.getBlock({ blockNumber })).timestamp) * 1_000)
            .toISOString()
            .replace(".000", "");
        const account = world.people.delegators[1]!;
        const [claim] = await events.select(["Claimed"], { subject: account });
        const rows = (await incomeOf(account)).filter(([, epoch]) => epoch === "2");
        expect(rows).to.have.lengthOf(4);
        const { blockNumber, transactionHash } = settled[2]!;
        for (const [date, , role, , transaction, ...claimed] of rows) {
          expect([date, role, transaction]).to.deep.equal([await timeOf(blockNumber), "delegator", transactionHash]);
          expect(claimed).to.deep.equal(["claimed", await timeOf(BigInt(claim!.block)), claim!.transactionHash]);
        }
        const day = rows[0]![0]!.slice(0, 10);
        expect(await incomeOf(account, `?from=${day}&to=${day}`)).to.deep.include.members(rows);
        expect(await incomeOf(account, "?to=2020-01-01")).to.deep.equal([]);
        expect(await incomeOf(account, "?from=2100-01-01")).to.deep.equal([]);
      });

      it("with a validator's pay for drawing leaders and producing blocks", async () => {
        const [validator] = world.people.validators;
        const outcome = await produceSlot(world.connection, validator!);
        const rewardWei = outcome.kind === "produced" ? outcome.rewardWei : 0n;
        expect(outcome.drawingWei > 0n).to.equal(true);
        expect(sumOf(await incomeOf(validator!), "block producer")).to.equal(outcome.drawingWei + rewardWei);
      });
    });
  });

  describe("lists the accounts that can claim something,", () => {
    const claimable = (query = "") => answerOf(`/v1/claimable${query}`, claimableAnswer);

    it("largest first, page by page, with proofs that the Treasury accepts", async () => {
      const { connection, people } = world;
      const all = await claimable();
      const { root, epoch } = await answerOf(`/v1/accounts/${people.miners[0]!}`, accountAnswer);
      expect(all).to.deep.include({ root, epoch, paused: false, count: all.accounts.length, next: null });
      expect(all.accounts.map(({ claimableWei }) => BigInt(claimableWei))).to.satisfy((wei: readonly bigint[]) =>
        wei.every((one, i) => one > 0n && (i === 0 || one <= wei[i - 1]!)),
      );
      const { miners, validators, delegators } = people;
      const accounts = [...miners, ...validators, delegators[0]!, delegators[2]!].map((account) => getAddress(account));
      expect(all.accounts.map(({ account }) => account)).to.have.members(accounts);
      const { treasury } = connection.contracts;
      for (const { account, claimableWei, cumulativeWei, proof } of all.accounts) {
        const answer = await answerOf(`/v1/accounts/${account}`, accountAnswer);
        expect(answer).to.deep.include({ claimableWei, cumulativeWei, proof });
      }
      const { account, cumulativeWei, proof } = all.accounts[0]!;
      const args = [account as Address, BigInt(cumulativeWei), proof as Hex[]] as const;
      await simulate(connection.reader, people.stranger, { ...treasury, functionName: "claim", args });
      const first = await claimable("?limit=5");
      expect([first.next, first.accounts]).to.deep.equal([5, all.accounts.slice(0, 5)]);
      const second = await claimable("?from=5&limit=5");
      expect([second.next, second.accounts]).to.deep.equal([null, all.accounts.slice(5)]);
      const enough = await claimable(`?minWei=${all.accounts[3]!.claimableWei}`);
      expect([enough.count, enough.accounts]).to.deep.equal([4, all.accounts.slice(0, 4)]);
    });

    it("and no longer those that were paid, several per transaction up to a gas limit", async () => {
      const { connection, people } = world;
      const { accounts: before } = await claimable();
      const wanted = [...people.validators, people.delegators[1]!, people.stranger].map((one) => getAddress(one));
      const claims = (gasPerTransaction?: bigint) =>
        claimMany(connection, archive, people.stranger, wanted, {
          ...{ leastWei: 1n, mostGasPriceWei: null },
          ...(gasPerTransaction === undefined ? {} : { gasPerTransaction }),
        });
      const { paid, transactionHashes, left } = await claims(120_000n);
      expect(left).to.equal(0);
      expect(transactionHashes).to.have.lengthOf.within(2, 4);
      const due = before.filter(({ account }) => wanted.includes(account as Address));
      expect(paid.map(({ account, amountWei }) => [account, String(amountWei)])).to.have.deep.members(
        due.map(({ account, claimableWei }) => [account, claimableWei]),
      );
      const { accounts: after } = await claimable();
      expect(after).to.deep.equal(before.filter(({ account }) => !wanted.includes(account as Address)));
      expect(await claims()).to.deep.equal({ paid: [], transactionHashes: [], left: 0 });
    });

    it("so the integration guide's bot pays its users, and nobody else", async () => {
      const [first, , third] = world.people.miners.map((account) => getAddress(account));
      const bot = exampleOf("claimForUsers", "", join(__dirname, "..", "..", "scripts", "chain", "abis"));
      const users = [third!.toLowerCase(), world.people.stranger];
      const pay = (minWei: bigint) => bot(api.server.url, world.node.url, keyOf(12), users, minWei);
      const before = await claimable();
      expect(await pay(10n ** 24n)).to.deep.equal([]);
      expect(await pay(1n)).to.deep.equal([third]);
      const { accounts } = await claimable();
      expect(accounts).to.deep.equal(before.accounts.filter(({ account }) => account !== third));
      expect(accounts.map(({ account }) => account)).to.include(first);
    });

    it("for which nothing is sent if they can claim too little, or while gas is too expensive", async () => {
      const { connection, people } = world;
      const account = getAddress(people.miners[1]!);
      const { claimableWei } = await claimableRewards(connection, archive, account);
      const terms = { leastWei: claimableWei, mostGasPriceWei: 0n };
      const more = { ...terms, leastWei: claimableWei + 1n };
      const waitsFor = async (one: typeof terms) => {
        const many = await claimMany(connection, archive, people.stranger, [account], one);
        const single = await claimFor(connection, archive, people.stranger, account, one);
        return [single.waitsFor, single.receipt, many.paid.length, many.left];
      };
      expect(await waitsFor(terms)).to.deep.equal(["gas", null, 0, 1]);
      expect(await waitsFor(more)).to.deep.equal(["rewards", null, 0, 0]);
    });
  });

  tellsOfTasks(() => api);

  it("accepts a page of 100 entries, the documented maximum", async () => {
    await answerOf("/v1/miners?limit=100", minersAnswer);
  });

  describe("refuses, with the reason,", () => {
    const refusals: readonly (readonly [string, number, string])[] = [
      ["/v1/epochs?limi=2", 400, '/v1/epochs does not accept the field "limi": see /openapi.json.'],
      ["/v1/supply?x=1", 400, '/v1/supply does not accept the field "x": see /openapi.json.'],
      ["/v1/epochs?from=-1", 400, '"from" must be a whole number.'],
      ["/v1/epochs?from=1&from=2", 400, '"from" must be given once.'],
      ["/v1/epochs?from=9999999999999999", 400, '"from" must be at most 9007199254740991.'],
      ["/v1/epochs?limit=0", 400, '"limit" must be at least 1.'],
      ["/v1/epochs?limit=101", 400, '"limit" must be at most 100.'],
      ["/v1/miners?limit=101", 400, '"limit" must be at most 100.'],
      ["/v1/miners?sort=id", 400, '"sort" must be one of score, share, latency, price.'],
      ["/v1/claimable?minWei=0.5", 400, '"minWei" must be an amount in wei.'],
      ["/v1/miners?type=x", 400, '"type" must be a whole number.'],
      ["/v1/names", 400, '"accounts" must be given once.'],
      ["/v1/names?accounts=0x12", 400, '"accounts.0" must be an address: 0x and 40 hexadecimal digits, not "0x12".'],
      ["/v1/epochs/two", 400, '"epoch" must be a whole number.'],
      ["/v1/accounts/0x12", 400, '"address" must be an address: 0x and 40 hexadecimal digits, not "0x12".'],
      [
        "/v1/accounts/0x70997970C51812dc3A010C7d01b50e0d17dc79C8/income.csv?from=2026-02-30",
        400,
        '"from" must be a day like 2026-11-28.',
      ],
      ["/v1/epochs/3", 404, "Epoch 3 is not settled yet. Settled epochs: 3, starting with epoch 0."],
      ["/v1/epochs/3/report", 404, "Epoch 3 is not settled yet. Settled epochs: 3, starting with epoch 0."],
      ["/v1/tasks?status=done", 400, '"status" must be one of open, completed, refunded.'],
      ["/v1/tasks?from=0", 400, '"from" must be at least 1.'],
      ["/v1/tasks/7", 404, "There is no task 7. Tasks submitted so far: 6, starting with 1."],
      ["/v1/nothing", 404, "No such path: /v1/nothing. See /openapi.json."],
    ];
    for (const [path, status, error] of refusals) {
      it(path, async () => {
        expect(await problemOf(path)).to.deep.equal({ status, error });
      });
    }

    it("a deployment other than the one it serves", async () => {
      const { id } = world.connection.deployment;
      expect(await problemOf("/v1/status?deployment=chain-1-00000000")).to.deep.equal({
        status: 404,
        error: `This server serves deployment ${id}, not chain-1-00000000.`,
      });
    });

    it("any request that would change something", async () => {
      expect((await ask("/v1/epochs", { method: "POST" })).status).to.equal(404);
    });
  });

  describe("supports caches and browsers:", () => {
    it("an unchanged answer is a 304", async () => {
      const first = await ask("/v1/epochs/2");
      const etag = first.headers.get("ETag")!;
      expect(first.headers.get("Cache-Control")).to.equal("no-cache");
      const again = await ask("/v1/epochs/2", { headers: { "If-None-Match": etag } });
      expect([again.status, await again.text()]).to.deep.equal([304, ""]);
      const other = await ask("/v1/epochs/1", { headers: { "If-None-Match": etag } });
      expect(other.status).to.equal(200);
    });

    it("an error is answered each time, and never as a 304", async () => {
      const { status, headers } = await ask("/v1/epochs/3", { headers: { "If-None-Match": "*" } });
      expect([status, headers.get("ETag")]).to.deep.equal([404, null]);
    });

    it("answers that can't change may be cached for ever, if the request names the deployment", async () => {
      const { id } = world.connection.deployment;
      const cacheControl = async (path: string) => (await ask(path)).headers.get("Cache-Control");
      const forGood = "public, max-age=31536000, immutable";
      expect(await cacheControl(`/v1/epochs/2/report?deployment=${id}`)).to.equal(forGood);
      expect(await cacheControl(`/v1/epochs?from=0&limit=3&deployment=${id}`)).to.equal(forGood);
      expect(await cacheControl(`/v1/epochs?from=0&limit=4&deployment=${id}`)).to.equal("no-cache");
      expect(await cacheControl("/v1/epochs/2/report")).to.equal("no-cache");
      expect(await cacheControl(`/v1/status?deployment=${id}`)).to.equal("no-cache");
    });

    it("answers about a settled epoch that isn't final yet may not be cached for ever", async () => {
      const { transport, deployment } = world.connection;
      const keeper = { ...deployment.config.keeper, confirmations: 10_000 };
      const doubtful = connectionOf(transport, { ...deployment, config: { ...deployment.config, keeper } });
      const fresh = await newServer({}, doubtful);
      for (const path of ["/v1/epochs/2/report?", "/v1/epochs?from=0&limit=3&"]) {
        const { headers } = await fetch(`${fresh.url}${path}deployment=${deployment.id}`);
        expect(headers.get("Cache-Control")).to.equal("no-cache");
      }
      await fresh.close();
    });

    it("pages of any origin may read the answers", async () => {
      const headers = { Origin: "https://example.org" };
      expect((await ask("/v1/supply", { headers })).headers.get("Access-Control-Allow-Origin")).to.equal("*");
      const preflight = await ask("/v1/supply", {
        method: "OPTIONS",
        headers: { ...headers, "Access-Control-Request-Method": "GET" },
      });
      expect(preflight.headers.get("Access-Control-Allow-Methods")).to.equal("GET,HEAD");
    });
  });

  it("describes itself with a valid OpenAPI 3.1 document that has every route", async () => {
    const document = (await (await ask("/openapi.json")).json()) as { openapi: string; paths: Record<string, object> };
    const { valid, errors } = await new Validator().validate(document);
    expect(valid, JSON.stringify(errors)).to.equal(true);
    expect(document.openapi).to.equal("3.1.0");
    expect(Object.keys(document.paths)).to.have.members([
      "/v1/deployment",
      "/v1/status",
      "/v1/supply",
      "/v1/supply/total",
      "/v1/supply/circulating",
      "/v1/supply/max",
      "/v1/policy",
      "/v1/task-types",
      "/v1/epochs",
      "/v1/epochs/{epoch}",
      "/v1/epochs/{epoch}/report",
      "/v1/epochs/{epoch}/report/whole",
      "/v1/quorum",
      "/v1/accounts/{address}",
      "/v1/accounts/{address}/history",
      "/v1/accounts/{address}/income.csv",
      "/v1/claimable",
      "/v1/names",
      "/v1/validators",
      "/v1/miners",
      "/v1/tasks",
      "/v1/tasks/{task}",
    ]);
  });

  it("names every operation, for generated clients, and the URL to send requests to", async () => {
    const { paths, servers } = (await (await ask("/openapi.json")).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
      servers: readonly { url: string }[];
    };
    const names = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(names.filter((name) => /^(get|list)[A-Z]\w+$/.test(name))).to.have.lengthOf(new Set(names).size);
    expect(servers.map(({ url }) => url)).to.deep.equal(["/"]);
  });

  it("documents the maximum length of every list", async () => {
    const { paths } = (await (await ask("/openapi.json")).json()) as {
      paths: Record<string, { get: { parameters?: { name: string; schema: object }[] } }>;
    };
    const limited = Object.entries(paths).flatMap(([path, { get }]) => {
      const limit = get.parameters?.find(({ name }) => name === "limit");
      return limit === undefined ? [] : [{ path, ...limit.schema }];
    });
    const lists = [
      "/v1/epochs",
      "/v1/epochs/{epoch}/report",
      "/v1/accounts/{address}/history",
      "/v1/claimable",
      "/v1/miners",
      "/v1/tasks",
    ];
    const bound = { type: "integer", minimum: 1, maximum: 100, default: 20 };
    expect(limited).to.have.deep.members(lists.map((path) => ({ path, ...bound })));
  });

  standsWhatMayHappen(() => api);
});
