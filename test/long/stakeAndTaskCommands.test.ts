import { expect } from "chai";
import { type Address, parseEther, zeroAddress, zeroHash } from "viem";
import { BalanceError } from "../../scripts/actions/plan";
import { delegate, stake } from "../../scripts/actions/stakes";
import { everything, unstake, withdraw } from "../../scripts/actions/unstakes";
import { registerValidator, setCommission, setOperator, unjail } from "../../scripts/actions/validators";
import { type Connection } from "../../scripts/chain/connection";
import { connect } from "../shared/connect";
import { NotDeployedError } from "../../scripts/chain/deployment";
import { listMinersAtWork, type MinerSummary } from "../../scripts/views/minerRanking";
import { minerIdOf, registerMiner, UnknownMinerError } from "../../scripts/actions/miners";
import {
  submitTask,
  UnknownTaskTypeError,
  completeTask,
  refundTask,
  UnknownTaskError,
  inputOf,
  resultOf,
} from "../../scripts/actions/tasks";
import { listTasks } from "../../scripts/views/taskRecords";
import { transact } from "../../scripts/chain/transact";
import { listValidators } from "../../scripts/views/validators";
import { type Outcome } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";
import { refusal, rejection } from "../shared/rejection";

/** The minimum fees of local's task types 0 and 1. */
const textFee = parseEther("3.2");
const imageFee = parseEther("4.8");

const slasher = nodeAccount(0);
const owner = nodeAccount(1);
const second = nodeAccount(2);
const delegator = nodeAccount(3);
const miner = nodeAccount(4);
const otherMiner = nodeAccount(5);
const client = nodeAccount(6);

describe("Commands for validators, delegators, miners and clients, against a running node", () => {
  let node: DevelopmentNode;
  let chain: Connection;

  before(async () => {
    node = await startNode();
    const error = await rejection(connect(node.url), NotDeployedError);
    expect(error.message).to.include('run "npx hardhat deploy --network localhost"');
    chain = await node.deploy();
  });

  after(() => {
    node.stop();
  });

  const startOfEpoch = (epoch: number) => chain.contracts.staking.read.epochStart([BigInt(epoch)]);
  const balanceOf = (account: Address) => chain.contracts.token.read.balanceOf([account]);

  function jsonOf({ exitCode, stdout, stderr }: Outcome): unknown {
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  describe("validators and delegators", () => {
    it("validator register takes stake and price, and answers in wei", async () => {
      const before = await balanceOf(owner);
      const more = ["--commission-bps", "1000", "--from", "1"];
      const answer = jsonOf(await node.command("validator", "register", "--amount", "100", ...more, "--json"));
      const priceWei = before - parseEther("100") - (await balanceOf(owner));
      expect(priceWei >= parseEther("1")).to.equal(true);
      expect(answer).to.deep.include({
        validator: owner,
        stakeWei: String(parseEther("100")),
        priceWei: String(priceWei),
      });
      const status = await chain.contracts.stakingLens.read.statusOf([owner]);
      expect(status).to.deep.include({
        isSeated: true,
        ownWei: parseEther("100"),
        commissionBps: 1000,
        operator: owner,
      });
    });

    it("validator stake adds to one's own stake, validator delegate to another's", async () => {
      await registerValidator(chain, second, { stakeWei: parseEther("40"), commissionBps: 0 });
      await stake(chain, second, parseEther("10"));
      const { exitCode, stdout } = await node.command(
        ...["validator", "delegate", "--validator", owner.toLowerCase(), "--amount", "12.5", "--from", delegator],
      );
      expect(exitCode).to.equal(0);
      expect(stdout).to.equal(`You staked 12.5 MDT on ${owner}, effective in epoch 2.\n`);
      expect((await chain.contracts.stakingLens.read.statusOf([owner])).totalWei).to.equal(parseEther("112.5"));
      expect((await chain.contracts.stakingLens.read.statusOf([second])).ownWei).to.equal(parseEther("50"));
    });

    it("a validator waits until its stake counts, in the epoch after the next", async () => {
      const statuses = async () => (await listValidators(chain)).map(({ status }) => status);
      expect(await statuses()).to.deep.equal(["waiting", "waiting"]);
      await node.advanceTo(await startOfEpoch(2));
      expect(await statuses()).to.deep.equal(["active", "active"]);
    });

    it("validator redelegate moves a delegation, which counts there from the epoch after the next", async () => {
      await delegate(chain, delegator, owner, parseEther("1"));
      const moving = ["--validator", owner, "--to", second, "--amount", "1", "--from", delegator];
      const moved = jsonOf(await node.command("validator", "redelegate", ...moving, "--json")) as object;
      const amounts = { amountWei: String(parseEther("1")), countsFrom: 4 };
      expect(moved).to.deep.include({ validator: owner, to: second, account: delegator, ...amounts });
      const { exitCode, stderr } = await node.command("validator", "redelegate", ...moving);
      expect([exitCode, stderr]).to.deep.equal([
        1,
        "Stake that you are moving to this validator takes effect in epoch 4: try again then.\n",
      ]);
      expect(await chain.contracts.staking.read.delegationAt([second, delegator, 4n])).to.equal(parseEther("1"));
    });

    it("validator unstake --amount all takes everything out, and validator withdraw pays it after the exit delay", async () => {
      const all = ["--amount", "all", "--validator", owner, "--from", delegator];
      const taken = jsonOf(await node.command("validator", "unstake", ...all, "--json")) as Record<string, unknown>;
      expect(taken).to.deep.include({ validator: owner, account: delegator, amountWei: String(parseEther("12.5")) });
      expect(taken.withdrawableEpoch).to.equal(6);

      const height = await chain.reader.getBlockNumber();
      expect(await withdraw(chain, delegator, owner)).to.equal(0n);
      expect(await chain.reader.getBlockNumber()).to.equal(height);

      await node.advanceTo(await startOfEpoch(6));
      const before = await balanceOf(delegator);
      const { stdout } = await node.command("validator", "withdraw", "--validator", owner, "--from", delegator);
      expect(stdout).to.equal(`${delegator} was paid 12.5000 MDT out of ${owner}.\n`);
      expect((await balanceOf(delegator)) - before).to.equal(parseEther("12.5"));
    });

    it("validator unstake and redelegate have nothing to do with --amount all if nothing is at stake", async () => {
      const all = ["--amount", "all", "--validator", owner, "--from", delegator];
      const nothing = `Nothing to do: ${delegator} has nothing at stake on ${owner}.\n`;
      for (const command of [["unstake"], ["redelegate", "--to", second]]) {
        const { exitCode, stdout } = await node.command("validator", ...command, ...all);
        expect([exitCode, stdout]).to.deep.equal([0, nothing]);
      }
    });

    it("commission and operator are changed by the owner; a value that is already set sends nothing", async () => {
      const changes = [() => setCommission(chain, owner, 1_200), () => setOperator(chain, owner, otherMiner)];
      const outcomes = [];
      for (const change of [...changes, ...changes]) outcomes.push((await change()).changed);
      expect(outcomes).to.deep.equal([true, true, false, false]);
      const status = await chain.contracts.stakingLens.read.statusOf([owner]);
      expect(status).to.deep.include({ commissionBps: 1_200, operator: otherMiner });
      expect(await setOperator(chain, owner, owner)).to.deep.equal({ validator: owner, changed: true });
    });

    it("validator list shows stake, commission, status and last reveal", async () => {
      const { outcome: taken } = await unstake(chain, second, second, everything);
      expect(taken).to.deep.include({ amountWei: parseEther("50"), withdrawableEpoch: 10, validatorLeft: true });
      const json = await node.command("validator", "list", "--json");
      const common = { profile: null, lastRevealedEpoch: null, awaitsReveal: false, standing: null };
      const record = { epochs: 0, activeEpochs: 0, revealedEpochs: 0, missedEpochs: [], yearlyReturnWad: null };
      expect(jsonOf(json)).to.deep.equal([
        {
          ...{ validator: owner, operator: owner, status: "active", commissionBps: 1_200, ...common },
          ...{ ownWei: String(parseEther("100")), totalWei: String(parseEther("100")) },
          record: {
            ...record,
            commissions: [
              { commissionBps: 1_000, epoch: 1 },
              { commissionBps: 1_200, epoch: 7 },
            ],
          },
        },
        {
          ...{ validator: second, operator: second, status: "left", commissionBps: 0, ...common },
          ...{ ownWei: "0", totalWei: "0" },
          record: { ...record, commissions: [{ commissionBps: 0, epoch: 1 }] },
        },
      ]);
    });

    it("a contract's refusal is an error with its values, and nothing is sent", async () => {
      const height = await chain.reader.getBlockNumber();
      expect(await refusal(unstake(chain, owner, owner, parseEther("101")))).to.deep.equal({
        errorName: "InsufficientStake",
        values: [owner, owner, parseEther("101"), parseEther("100")],
      });
      expect(await refusal(setCommission(chain, owner, 1_501))).to.deep.equal({
        errorName: "CommissionRiseTooSteep",
        values: [1_200n, 1_501n, 300n],
      });
      const poor = await rejection(stake(chain, owner, parseEther("1000000")), BalanceError);
      expect(poor.message).to.include("this needs 1,000,000.000000000000000000 MDT");
      expect(await chain.reader.getBlockNumber()).to.equal(height);
    });

    it("a refusal is a sentence with amounts in MDT for people, and its name with wei for programs", async () => {
      const unstaking = ["validator", "unstake", "--validator", owner, "--amount", "101", "--from", "1"];
      const [forPeople, forPrograms] = [await node.command(...unstaking), await node.command(...unstaking, "--json")];
      expect([forPeople.exitCode, forPrograms.exitCode]).to.deep.equal([1, 1]);
      expect(forPeople.stderr).to.equal(
        "The stake there is 100 MDT, less than the 101 MDT requested: choose a smaller amount.\n",
      );
      expect(forPrograms.stderr).to.include(`InsufficientStake(validator ${owner}, account ${owner}, askedWei 101`);
      expect([forPeople.stdout, forPrograms.stdout]).to.deep.equal(["", ""]);
    });

    it("validator register run again has nothing to do, and shows the validator's state", async () => {
      const height = await chain.reader.getBlockNumber();
      const registering = ["validator", "register", "--amount", "32", "--wait", "--from", "1"];
      const { exitCode, stdout } = await node.command(...registering);
      expect(exitCode).to.equal(0);
      expect(stdout).to.equal(
        `Nothing to do: ${owner} is already a validator, with 100.0000 MDT of its own and a commission of 12 %. It counts from epoch 6. ` +
          '"npx mdt validator stake" adds stake, "validator commission" changes the commission.\n',
      );
      const again = await registerValidator(chain, owner, { stakeWei: parseEther("32"), commissionBps: 0 });
      expect(again).to.deep.include({ kind: "alreadyRegistered", ownWei: parseEther("100"), commissionBps: 1_200 });
      expect(await chain.reader.getBlockNumber()).to.equal(height);
    });

    it("a slashed validator is in jail until its time is over and it asks to leave", async () => {
      const { staking } = chain.contracts;
      const statusOf = async () => (await listValidators(chain))[0]!.status;
      expect(await unjail(chain, owner)).to.deep.equal({ validator: owner, changed: false });
      await transact(chain, slasher, { ...staking, functionName: "slash", args: [owner, 100n, zeroHash] });
      expect(await statusOf()).to.equal("jailed");
      expect(await refusal(unjail(chain, owner))).to.deep.equal({ errorName: "StillJailed", values: [owner, 9n] });
      await node.advanceTo(await startOfEpoch(8));
      expect(await unjail(chain, owner)).to.deep.equal({ validator: owner, changed: true });
      await node.advanceTo(await startOfEpoch(9));
      expect(await statusOf()).to.equal("active");
    });
  });

  describe("miners and clients", () => {
    it("miner register pays the price once; again, there is nothing to do", async () => {
      await node.advanceTo(await startOfEpoch(10));
      const before = await balanceOf(miner);
      const answer = jsonOf(await node.command("miner", "register", "--from", "4", "--json"));
      const priceWei = before - (await balanceOf(miner));
      expect(answer).to.deep.equal({ minerId: 1, account: miner, priceWei: String(priceWei), activeFromEpoch: 11 });
      expect((await registerMiner(chain, otherMiner)).minerId).to.equal(2);
      expect(await registerMiner(chain, miner)).to.deep.equal({ minerId: 1, priceWei: 0n, activeFromEpoch: 11 });
    });

    it("task submit puts the minimum fee into escrow, or more if given, for a miner named by id or address", async () => {
      const { stdout } = await node.command(
        ...["task", "submit", "--miner", otherMiner, "--type", "1", "--input", "a cat, please", "--from", client],
      );
      expect(stdout).to.match(/^Task 1 waits for miner 2 until .*Z; its fee is 4\.8000 MDT\.\n$/);
      const [submitted] = await chain.events.select(["TaskSubmitted"]);
      expect(submitted!.args).to.deep.include(inputOf("a cat, please"));
      const minerId = await minerIdOf(chain, "1");
      const more = await submitTask(chain, client, {
        minerId,
        typeId: 0,
        feeWei: textFee + 1n,
        seconds: 100,
        ...inputOf("x"),
      });
      expect(more).to.deep.include({ taskId: 2, feeWei: textFee + 1n });
      expect(await balanceOf(chain.contracts.taskRegistry.address)).to.equal(imageFee + textFee + 1n);
    });

    it("task complete burns half of the fee and recycles half; the task counts for its miner and epoch", async () => {
      await node.advanceTo(await startOfEpoch(11));
      const submitted = await submitTask(chain, client, { minerId: 1, typeId: 0, seconds: 100, ...inputOf("y") });
      const done = jsonOf(
        await node.command("task", "complete", "--task", "1", "--result", "miaow", "--from", otherMiner, "--json"),
      );
      const half = String(imageFee / 2n);
      expect(done).to.deep.equal({ taskId: 1, epoch: 11, burnedWei: half, recycledWei: half });
      const [completed] = await chain.events.select(["TaskCompleted"]);
      expect(completed!.args).to.deep.include(resultOf("miaow"));
      expect(await completeTask(chain, miner, submitted.taskId, resultOf("z"))).to.deep.include({ epoch: 11 });
      expect((await listMinersAtWork(chain)).map(({ completedThisEpoch }) => completedThisEpoch)).to.deep.equal([1, 1]);
    });

    it("a task completed in the last four slots of an epoch counts for the next one; status and answer say so", async () => {
      const submitted = await submitTask(chain, client, { minerId: 1, typeId: 0, seconds: 100, ...inputOf("late") });
      const status = async () => (await node.command("epoch", "status")).stdout.split("\n")[0];
      await node.holdTimeAt((await startOfEpoch(12)) - 9n);
      expect(await status()).to.equal(
        "Epoch 11, slot 379. It ends in 9 s. Tasks completed in the next 1 s count for it.",
      );
      await node.holdTimeAt((await startOfEpoch(12)) - 8n);
      expect(await status()).to.equal("Epoch 11, slot 380. It ends in 8 s. Tasks completed now count for epoch 12.");
      const { stdout } = await node.command("task", "complete", "--task", String(submitted.taskId), "--from", miner);
      expect(stdout).to.equal(
        `Task ${submitted.taskId} is completed and counts for epoch 12; 1.6000 MDT of its fee were burned and 1.6000 MDT recycled.\n`,
      );
      expect((await listMinersAtWork(chain)).map(({ completedThisEpoch }) => completedThisEpoch)).to.deep.equal([1, 1]);
    });

    it("task refund pays the fee back after the deadline, once", async () => {
      const { deadline } = (await listTasks(chain))[1]!;
      await node.holdTimeAt(await startOfEpoch(12));
      expect(deadline < Number(await startOfEpoch(12))).to.equal(true);
      const before = await balanceOf(client);
      expect(await refundTask(chain, second, 2)).to.deep.equal({ client, refundedWei: textFee + 1n });
      expect((await balanceOf(client)) - before).to.equal(textFee + 1n);
      expect(await refundTask(chain, second, 2)).to.deep.equal({ client, refundedWei: 0n });
    });

    it("miner list and task list show who did what", async () => {
      await node.holdTimeAt((await startOfEpoch(12)) + 30n);
      await node.command("miner", "profile", "--name", "Mineworks", "--from", "4");
      const [minersText, tasksText] = await Promise.all([node.command("miner", "list"), node.command("task", "list")]);
      const [first, second] = (await listMinersAtWork(chain)) as [MinerSummary, MinerSummary];
      const work = { activeFromEpoch: 11, completedLastEpoch: 1, openTasks: 0 };
      expect(first).to.include({ minerId: 1, account: miner, ...work, completedThisEpoch: 1 });
      expect(second).to.include({ minerId: 2, account: otherMiner, ...work, completedThisEpoch: 0 });
      expect(minersText.stdout).to.match(new RegExp(`1 +${miner} +Mineworks +11 +1 +1`));
      // Task 2 was missed and refunded: of the first miner's fees two of three completed.
      const share = Number((10_000n * 2n * textFee) / (3n * textFee + 1n));
      expect(first).to.include({ completedShareBps: share, completedTasks: 2, missedTasks: 1, priceWei: textFee });
      expect(second).to.include({ completedShareBps: 10_000, completedTasks: 1, missedTasks: 0, priceWei: imageFee });
      const sorted = await node.command("miner", "list", "--sort", "share", "--json");
      const ids = (jsonOf(sorted) as readonly MinerSummary[]).map(({ minerId }) => minerId);
      expect(ids).to.deep.equal([2, 1]);
      const ofType = await node.command("miner", "list", "--sort", "share", "--type", "0");
      expect(ofType.stdout).to.match(
        new RegExp(`1 +${miner} +Mineworks +11 +1 +1 .* +66.66 % +3 .*\\n +2 +${otherMiner}`),
      );
      const [completed, refunded] = await listTasks(chain);
      const task = { taskId: 1, client, minerId: 2, typeId: 1, feeWei: imageFee, difficultyBps: 8_000 };
      expect(completed).to.deep.include({ ...task, status: "completed" });
      expect(refunded).to.deep.include({ taskId: 2, status: "refunded" });
      expect(tasksText.stdout).to.match(/1 +completed +2 +1 +scores +80\.00 +4\.8000 .*Z +0x/);
    });

    it("miners, tasks and task types that don't exist are named in the error", async () => {
      for (const nobody of ["0", "3", "one", zeroAddress, owner]) {
        const error = await rejection(minerIdOf(chain, nobody), UnknownMinerError);
        expect(error.message).to.equal(`There is no miner "${nobody}": see "npx mdt miner list".`);
      }
      await rejection(refundTask(chain, client, 99), UnknownTaskError);
      const typeless = await rejection(
        submitTask(chain, client, { minerId: 1, typeId: 4, seconds: 9, ...inputOf("") }),
        UnknownTaskTypeError,
      );
      expect(typeless.message).to.equal("There is no task type 4: this network has types 0 to 3.");
      expect(await refusal(completeTask(chain, miner, 1, resultOf("mine")))).to.deep.equal({
        errorName: "TaskNotOpen",
        values: [1n, 2],
      });
      expect(
        await refusal(submitTask(chain, client, { minerId: 1, typeId: 0, feeWei: 1n, seconds: 9, ...inputOf("") })),
      ).to.deep.equal({
        errorName: "FeeBelowMinimum",
        values: [0, 1n, textFee],
      });
    });
  });

  describe("bad input", () => {
    const refused: readonly (readonly [args: string, sentence: string])[] = [
      [
        "validator delegate --amount 1 --validator 0x12",
        '--validator must be an address: 0x and 40 hexadecimal digits, not "0x12"',
      ],
      ["miner register --from 40", '--from must be an address or an index from 0 to 39, not "40"'],
      ["task complete --task 1 --file no-such-file", "no-such-file can't be read: ENOENT."],
    ];
    it("is one sentence on stderr, nothing on stdout, and a failure", async () => {
      const outcomes = await Promise.all(refused.map(([args]) => node.command(...args.split(" "), "--json")));
      outcomes.forEach(({ exitCode, stdout, stderr }, i) => {
        expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: "" });
        expect(stderr.trim().split("\n")).to.have.lengthOf(1);
        expect(stderr).to.include(refused[i]![1]);
      });
    });
  });
});
