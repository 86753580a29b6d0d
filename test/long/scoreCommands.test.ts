import { expect } from "chai";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isAddressEqual, parseEther } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { readLeaders, readDuties, readValidatorNow } from "../../scripts/views/validatorDuties";
import { registerMiner } from "../../scripts/actions/miners";
import { describeProduce, produceSlot, reportMissedReveals } from "../../scripts/actions/duties";
import { NotAValidatorError, registerValidator, setOperator } from "../../scripts/actions/validators";
import { awaitingReveal } from "../../scripts/views/epochTimes";
import { ScoresError } from "../../scripts/actions/scoreFiles";
import { commitScores, revealScores } from "../../scripts/actions/scores";
import { listValidators } from "../../scripts/views/validators";
import { encodeScores } from "../../scripts/core/scores";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";
import { refusal, rejection } from "../shared/rejection";

const owner = nodeAccount(1);
const second = nodeAccount(2);
const idle = nodeAccount(3);
const operator = nodeAccount(4);
const newOperator = nodeAccount(5);
const miners = [nodeAccount(6), nodeAccount(7), nodeAccount(8)];
const scores = [
  { minerId: 1, scoreU16: 65_535 },
  { minerId: 3, scoreU16: 7 },
];

/** One network from its third epoch on: each test continues where the previous one ended. */
describe("Commands for scores and slots, against a running node", () => {
  let node: DevelopmentNode;
  let chain: Connection;
  let scoresFile: string;
  let savedTo: string;

  before(async () => {
    node = await startNode();
    chain = await node.deploy();
    for (const [validator, key] of [[owner, operator] as const, [second, second] as const, [idle, idle] as const]) {
      const request = { stakeWei: parseEther("100"), commissionBps: 0, operator: key };
      await registerValidator(chain, validator, request);
    }
    for (const miner of miners) await registerMiner(chain, miner);
    scoresFile = join(node.dataDirectory, "scores.json");
    writeFileSync(scoresFile, JSON.stringify({ "1": 65_535, [miners[2]!.toLowerCase()]: 7 }));
    await node.advanceTo(await startOfEpoch(2));
  });

  after(() => {
    node.stop();
  });

  const startOfEpoch = (epoch: number) => chain.contracts.staking.read.epochStart([BigInt(epoch)]);
  const directory = () => join(node.dataDirectory, chain.deployment.id);

  describe("validator leaders and validator produce", () => {
    it("an epoch has no leaders until an active validator draws them, and no reward is paid out of turn", async () => {
      expect(await readLeaders(chain, undefined)).to.deep.equal({
        epoch: 2,
        isSealed: false,
        produced: 0,
        missed: 0,
        slots: [],
      });
      await node.advanceTo((await startOfEpoch(2)) + 20n);
      const [one, other] = [await produceSlot(chain, owner), await produceSlot(chain, second)];
      for (const outcome of [one, other]) expect(outcome.kind).to.be.oneOf(["produced", "notLeader"]);
      // Opening and sealing pay a slot's reward each, to the first sender.
      expect([one.drawingWei, other.drawingWei]).to.deep.equal([parseEther("4"), 0n]);
      expect(describeProduce(one)).to.match(/Drawing the epoch's leaders paid 4\.0000 MDT\.$/);
      await rejection(produceSlot(chain, miners[0]!), NotAValidatorError);
    });

    it("the leader of the running slot is paid the block reward, once", async () => {
      await node.holdTimeAt((await startOfEpoch(2)) + 30n);
      const { slots } = await readLeaders(chain, undefined);
      const { slot, leader } = slots.find(({ state }) => state === "running")!;
      const before = await chain.contracts.token.read.balanceOf([leader]);
      // The operator acts for its validator, which is paid.
      const signer = isAddressEqual(leader, owner) ? operator : leader;
      expect(await produceSlot(chain, signer)).to.deep.equal({
        kind: "produced",
        validator: leader,
        drawingWei: 0n,
        slot,
        rewardWei: parseEther("2"),
      });
      expect((await chain.contracts.token.read.balanceOf([leader])) - before).to.equal(parseEther("2"));
    });

    it("validator leaders shows each slot's leader and outcome", async () => {
      await node.holdTimeAt((await startOfEpoch(2)) + 40n);
      const { exitCode, stdout } = await node.command("validator", "leaders");
      expect(exitCode).to.equal(0);
      const { produced, missed, slots } = await readLeaders(chain, 2);
      expect({ slots: slots.length, all: produced + missed }).to.deep.equal({ slots: 32, all: 20 });
      expect(slots.slice(19, 22).map(({ slot }) => slot)).to.deep.equal([83, 84, 85]);
      expect(slots.slice(20, 22).map(({ state }) => state)).to.deep.equal(["running", "ahead"]);
      expect(stdout).to.include(`Epoch 2: ${produced} slots produced, ${missed} missed.`);
      expect(stdout).to.match(new RegExp(`84 +${slots[20]!.leader} +running`));
    });

    it("a validator's duties in an epoch show how many slots it led, and how many of them it produced", async () => {
      const { slots } = await readLeaders(chain, 2);
      for (const validator of [owner, second, idle]) {
        const own = slots.filter(({ leader }) => isAddressEqual(leader, validator));
        const produced = own.filter(({ state }) => state === "produced").length;
        expect(await readDuties(chain.contracts, validator, [2, 1], 32)).to.deep.equal([
          { epoch: 2, isActive: true, scores: "none", led: own.length, produced },
          { epoch: 1, isActive: false, scores: "none", led: 0, produced: 0 },
        ]);
      }
    });
  });

  describe("score commit", () => {
    it("commits to a file of scores by miner, and saves what the reveal needs, readable by this user only", async () => {
      await node.holdTimeAt((await startOfEpoch(3)) + 20n);
      const { exitCode, stdout, stderr } = await node.command(
        ...["score", "commit", "--input", scoresFile, "--from", operator, "--json"],
      );
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
      const answer = JSON.parse(stdout) as Record<string, unknown> & { savedTo: string };
      const opensAt = Number(await startOfEpoch(4));
      const window = { epoch: 3, opensAt, closesAt: opensAt + 16 };
      expect(answer).to.deep.include({ kind: "committed", validator: owner, warnings: [], ...window });
      const [commit] = await chain.contracts.scoreBoard.read.commitsOf([3n, [owner]]);
      expect(commit).to.deep.equal({ commitment: answer.commitment, minerCount: 3, isRevealed: false });

      savedTo = answer.savedTo;
      expect(dirname(savedTo)).to.equal(join(directory(), "scores"));
      expect(statSync(savedTo).mode & 0o777).to.equal(0o600);
      const saved = JSON.parse(readFileSync(savedTo, "utf8")) as Record<string, unknown>;
      expect(saved).to.deep.include({ epoch: 3, validator: owner, payload: encodeScores(scores) });
    });

    it("changes nothing for the same scores, refuses others, and keeps the saved file", async () => {
      const before = readFileSync(savedTo, "utf8");
      expect(await commitScores(chain, operator, scores, directory())).to.deep.include({
        kind: "alreadyCommitted",
        savedTo,
      });
      expect(await refusal(commitScores(chain, operator, [], directory()))).to.deep.equal({
        errorName: "AlreadyCommitted",
        values: [owner, 3n],
      });
      expect(readFileSync(savedTo, "utf8")).to.equal(before);
    });

    it("is refused in the last slot of an epoch, because a commitment mined in the next could not be revealed", async () => {
      await commitScores(chain, second, scores, directory());
      await node.holdTimeAt((await startOfEpoch(4)) - 2n);
      const error = await rejection(commitScores(chain, idle, scores, directory()), ScoresError);
      expect(error.message).to.equal("Epoch 3 ends in 2 s, too late for a commitment: wait for the next epoch.");
    });

    it("refuses a file of scores by the name of the wrong field", async () => {
      writeFileSync(scoresFile, JSON.stringify({ "1": 65_536 }));
      expect(await node.command("score", "commit", "--input", scoresFile, "--from", idle)).to.deep.equal({
        exitCode: 1,
        stdout: "",
        stderr: "The field 1 must be a whole number from 0 to 65535.\n",
      });
    });
  });

  describe("score reveal", () => {
    it("has nothing to do before the window, and says when it opens", async () => {
      const { exitCode, stdout } = await node.command("score", "reveal", "--from", operator);
      expect({ exitCode, stdout }).to.deep.equal({
        ...{ exitCode: 0, stdout: `Nothing to do yet: ${owner} can reveal its scores for epoch 3 in 2 s, for 16 s.\n` },
      });
      const outcome = await revealScores(chain, operator, { epoch: 3, directory: directory() });
      if (outcome.kind !== "noWindow") throw new Error(`It is ${outcome.kind}.`);
      expect([outcome.next?.epoch, outcome.next?.secondsToOpen]).to.deep.equal([3, 2]);
    });

    it("warns about validators that have not revealed while the window is open", async () => {
      await node.holdTimeAt((await startOfEpoch(4)) + 1n);
      const awaited = await awaitingReveal(chain);
      expect(awaited).to.deep.include({ epoch: 3, secondsLeft: 15, validators: [owner, second] });
      const { stdout } = await node.command("validator", "list");
      expect(stdout).to.match(new RegExp(`${owner} +active +100.0000 +100.0000 +0.00 +never +0 of \\d+ +${operator}`));
      expect(stdout).to.match(new RegExp(`${idle} +active +100.0000 +100.0000 +0.00 +never +0 of \\d+ +itself`));
      expect(stdout).to.include(
        `Not revealed yet for epoch 3 (15 s left): ${owner}, ${second}. Run "npx mdt score reveal".`,
      );
    });

    it("reveals from the saved file after the operator's key was changed", async () => {
      await setOperator(chain, owner, newOperator);
      await node.holdTimeAt((await startOfEpoch(4)) + 5n);
      const { stdout } = await node.command("score", "reveal", "--from", newOperator, "--json");
      expect(JSON.parse(stdout)).to.deep.equal({
        kind: "revealed",
        validator: owner,
        epoch: 3,
        payload: encodeScores(scores),
      });
      expect((await awaitingReveal(chain))!.validators).to.deep.equal([second]);
    });

    it("is shown in a validator's duties: what it committed to, revealed and missed", async () => {
      const { contracts } = chain;
      const scoresOf = async (validator: typeof owner) => (await readDuties(contracts, validator, [3], 32))[0]!.scores;
      expect(await Promise.all([owner, second, idle].map(scoresOf))).to.deep.equal(["revealed", "committed", "none"]);
      const stakeWei = parseEther("100");
      expect(await readValidatorNow(contracts, owner, 2)).to.deep.include({
        ...{ isSeated: true, isJailed: false, operator: newOperator, commissionBps: 0, ownWei: stakeWei },
        ...{ totalWei: stakeWei, misses: [2], missesUntilJail: 3 },
      });
      expect((await readValidatorNow(contracts, owner, -1)).misses).to.deep.equal([]);
    });

    it("restores a lost file from the same scores and key, but not from other scores", async () => {
      await node.holdTimeAt((await startOfEpoch(4)) + 9n);
      const scoresDirectory = dirname(savedTo);
      renameSync(scoresDirectory, `${scoresDirectory}.lost`);
      const lost = await rejection(revealScores(chain, second, { directory: directory() }), ScoresError);
      expect(lost.message).to.include("does not hold the scores committed for epoch 3");
      const others = revealScores(chain, second, { scores: scores.slice(1), directory: directory() });
      expect((await rejection(others, ScoresError)).message).to.include("do not match the commitment for epoch 3");
      expect(await revealScores(chain, second, { scores, directory: directory() })).to.deep.equal({
        kind: "revealed",
        validator: second,
        epoch: 3,
        payload: encodeScores(scores),
      });
    });

    it("has nothing to do if it is done, if nothing was committed, or once no window is open", async () => {
      const kindFor = async (signer: typeof owner) =>
        (await revealScores(chain, signer, { directory: directory() })).kind;
      await node.holdTimeAt((await startOfEpoch(4)) + 14n);
      expect(await kindFor(owner)).to.equal("alreadyRevealed");
      expect(await kindFor(idle)).to.equal("nothingCommitted");
      expect(await awaitingReveal(chain)).to.equal(undefined);
      await node.advanceTo((await startOfEpoch(4)) + 16n);
      expect(await kindFor(owner)).to.equal("noWindow");
      const lastReveals = (await listValidators(chain)).map(({ lastRevealedEpoch }) => lastRevealedEpoch);
      expect(lastReveals).to.deep.equal([3, 3, null]);
    });
  });

  describe("validator report", () => {
    const report = (validator: typeof owner) => reportMissedReveals(chain, miners[0]!, validator);

    it("has nothing to do before three epochs were finally missed, or for validators that reveal", async () => {
      const tooFew = { kind: "tooFewMisses", needed: 3 };
      expect(await report(idle)).to.deep.equal({ ...tooFew, validator: idle, misses: [2, 3] });
      expect(await report(owner)).to.deep.equal({ ...tooFew, validator: owner, misses: [2] });
      await node.holdTimeAt((await startOfEpoch(5)) + 14n);
      expect(await report(idle)).to.deep.equal({ ...tooFew, validator: idle, misses: [2, 3] });
    });

    it("lets anyone have a validator that revealed nothing in three epochs slashed and jailed", async () => {
      await node.holdTimeAt((await startOfEpoch(5)) + 16n);
      const { exitCode, stdout } = await node.command(
        ...["validator", "report", "--validator", idle, "--from", miners[0]!],
      );
      expect({ exitCode, stdout }).to.deep.equal({
        exitCode: 0,
        stdout: `${idle} revealed nothing for epochs 2, 3, 4: 1.0000 MDT were slashed, and it is in jail from the next epoch.\n`,
      });
      const [, , reported] = await listValidators(chain);
      expect(reported).to.deep.include({ validator: idle, status: "jailed", ownWei: parseEther("99") });
    });

    it("counts from zero after a report", async () => {
      expect(await report(idle)).to.deep.equal({ kind: "tooFewMisses", validator: idle, misses: [], needed: 3 });
    });

    it("finds misses that aren't consecutive, until the time for a report ends", async () => {
      await node.holdTimeAt((await startOfEpoch(6)) + 14n);
      expect(await report(owner)).to.deep.include({ kind: "tooFewMisses", misses: [2, 4] });
      await node.holdTimeAt((await startOfEpoch(8)) - 2n);
      expect(await report(owner)).to.deep.include({ kind: "reported", epochs: [2, 4, 5] });
    });

    it("reports the earliest misses with a last one that is still in time", async () => {
      await node.holdTimeAt((await startOfEpoch(9)) - 2n);
      expect(await report(second)).to.deep.include({ kind: "reported", epochs: [2, 4, 6] });
    });
  });
});
