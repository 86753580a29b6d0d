import { expect } from "chai";
import {
  type Address,
  createPublicClient,
  custom,
  encodeFunctionData,
  keccak256,
  parseEther,
  stringToBytes,
  zeroAddress,
  zeroHash,
  numberToHex,
} from "viem";
import { planSetEndpoint } from "../../scripts/actions/profile";
import { planRegisterMiner } from "../../scripts/actions/miners";
import { type Payment, type Plan, type Planned, type Site } from "../../scripts/actions/plan";
import { planAutoStake, planClaimAndStake } from "../../scripts/actions/claim";
import { planDelegate, planStake } from "../../scripts/actions/stakes";
import {
  planSubmitTask,
  inputOf,
  resultOf,
  planCompleteTask,
  planCompleteTaskWithProof,
  planRefundTask,
} from "../../scripts/actions/tasks";
import { everything, planRedelegate, planUnstake } from "../../scripts/actions/unstakes";
import {
  planRegister,
  planSetCommission,
  planSetOperator,
  planUnjail,
  type Terms,
} from "../../scripts/actions/validators";
import { byContractName, contractsOf } from "../../scripts/chain/contracts";
import { type Position } from "../../scripts/views/accounts";

const account: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const validator: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const reader = createPublicClient({ transport: custom({ request: () => Promise.reject(new Error("asked")) }) });
const site: Site = {
  reader,
  contracts: contractsOf(
    reader,
    byContractName(() => zeroAddress),
  ),
  account,
  clock: { genesisTimestamp: 0, slotSeconds: 1, slotsPerEpoch: 100 },
  taskTypeNames: [],
};
const epochs = { countsFrom: 7, leavesFrom: 6, withdrawableFrom: 8 };
const facts = { ...epochs, balanceWei: parseEther("10"), hasSeat: true, ownWei: parseEther("32") };
const amountWei = parseEther("3");

describe("A plan", () => {
  it("pays with an allowance, or with a permission that takes the same arguments and the signature", () => {
    const registerFacts = { ...facts, hasSeat: false, commissionBps: 0, priceWei: 1n, minimumStakeWei: 1n };
    const registered = planRegister(site, registerFacts, { stakeWei: amountWei, commissionBps: 100 });
    const type = { typeId: 0, name: "text", proof: null };
    const task = { minerId: 1, type, feeWei: amountWei, seconds: 60, ...inputOf("x") };
    const plans = [
      planStake(site, facts, amountWei),
      planDelegate(site, facts, { validator, commissionBps: 100, isJailed: false }, amountWei),
      planSubmitTask(site, { balanceWei: amountWei, types: [], burnBps: 5_000, now: 1n }, task),
      ...(registered.kind === "plan" ? [registered.plan] : []),
    ];
    const names = plans.map(({ call, payment }) => {
      const permitted = (payment as Payment).withPermit!({ deadline: 1n, v: 27, r: zeroHash, s: zeroHash });
      expect(encodeFunctionData(permitted)).to.match(/^0x/);
      expect(permitted.args.slice(0, call.args.length)).to.deep.equal(call.args);
      return permitted.functionName;
    });
    expect(names).to.deep.equal([
      "stakeWithPermit",
      "delegateWithPermit",
      "submitTaskWithPermit",
      "registerValidatorWithPermit",
    ]);
    expect(plans.map(({ payment }) => payment?.amountWei)).to.deep.equal([
      amountWei,
      amountWei,
      amountWei,
      amountWei + 1n,
    ]);
  });

  it("says whether a task's input is written on chain, for everyone to read, or only its hash", () => {
    const taskFacts = { balanceWei: amountWei, types: [], burnBps: 5_000, now: 1n };
    const type = { typeId: 0, name: "text", proof: null };
    const task = { minerId: 1, type, feeWei: amountWei, seconds: 60 };
    const told = (content: ReturnType<typeof inputOf>) =>
      planSubmitTask(site, taskFacts, { ...task, ...content }).statements[2];
    expect(told(inputOf("6 times 7?"))).to.equal(
      "Your input is stored on chain unencrypted, where anyone can read it for ever.",
    );
    expect(told({ inputHash: zeroHash, input: "0x" })).to.equal(
      "Only the hash of your input is written on chain: the miner and the validators must get the input from you.",
    );
  });

  it("names the model that a proof must come from if the type requires proofs", () => {
    const proof = { verifier: validator, modelHash: numberToHex(7, { size: 32 }) } as const;
    const request = { minerId: 1, feeWei: amountWei, seconds: 60, ...inputOf("x") };
    const taskFacts = { balanceWei: amountWei, types: [], burnBps: 5_000, now: 1n };
    const { statements } = planSubmitTask(site, taskFacts, { ...request, type: { typeId: 0, name: "digits", proof } });
    expect(statements).to.include(
      `The chain accepts only a result with a proof that it comes from model ${proof.modelHash}.`,
    );
    const { call, statements: told } = planCompleteTaskWithProof(site, 5, {
      input: "0x01",
      result: "0x02",
      proof: "0x03",
    });
    expect([call.functionName, call.args]).to.deep.equal(["completeTaskWithProof", [5n, "0x01", "0x02", "0x03"]]);
    expect(told.at(-1)).to.match(/The work counts in full, regardless of scores\.$/);
  });

  it("states what will change in exact amounts", () => {
    const { statements } = planStake(site, facts, amountWei);
    expect(statements[0]).to.equal("You add 3 MDT to your own stake. It will be 35 MDT.");
    expect(statements.at(-1)).to.equal("Your balance changes from 10 to 7 MDT.");
  });

  it("takes out everything if asked to, and says that the account stops being a validator", () => {
    const own: Position = {
      validator: account,
      countsWei: amountWei,
      willCountWei: amountWei,
      withdrawableWei: 0n,
      exits: [],
    };
    const stakes = { ...epochs, autoStake: zeroAddress, positions: [own] };
    const { call, statements } = planUnstake(site, stakes, account, everything);
    expect(call.args).to.deep.equal([account, everything]);
    expect(statements[0]).to.equal("You take 3 MDT out of your own stake; 0 MDT remain.");
    expect(statements[1]).to.match(/^You stop being a validator in epoch 6,/);
    expect(planUnstake(site, stakes, account, 1n).statements).to.have.lengthOf(3);
  });

  it("moves a delegation, and says from when it counts for which validator", () => {
    const held: Position = { validator, countsWei: 0n, willCountWei: amountWei, withdrawableWei: 0n, exits: [] };
    const stakes = { ...epochs, autoStake: zeroAddress, positions: [held] };
    const target = { validator: zeroAddress, commissionBps: 700, isJailed: false };
    const { call, payment, statements, outcomeOf } = planRedelegate(site, stakes, validator, target, everything);
    expect(call).to.deep.include({ functionName: "redelegate", args: [validator, zeroAddress, everything] });
    expect(payment).to.equal(null);
    expect(statements[0]).to.equal(`You move 3 MDT from validator ${validator} to ${zeroAddress}; 0 MDT remain.`);
    expect(statements[1]).to.match(/^It counts for the old validator until epoch 7, .* commission is 7 %\.$/);
    expect(statements).to.have.lengthOf(3);
    expect(outcomeOf([])).to.deep.include({ amountWei, countsFrom: 7 });
  });

  it("warns of a jailed validator, and of automatic staking that stays with the validator being left", () => {
    const held: Position = { validator, countsWei: 0n, willCountWei: amountWei, withdrawableWei: 0n, exits: [] };
    const stakes = { ...epochs, autoStake: validator, positions: [held] };
    const jailed = { validator: account, commissionBps: 700, isJailed: true };
    const jail = `${account} is jailed: stake with it earns nothing until it leaves jail.`;
    const stays = `Your rewards are still staked with ${validator} when they are claimed, until you stop or change that.`;
    expect(planDelegate(site, facts, jailed, amountWei).statements).to.include(jail);
    const rewards = { account, epoch: 3, cumulativeWei: 5n, claimedWei: 0n, proof: [] };
    expect(planClaimAndStake(site, rewards, epochs, jailed).statements).to.include(jail);
    expect(planClaimAndStake(site, rewards, epochs, jailed).outcomeOf([]).sentence.endsWith(jail)).to.equal(true);
    const instruction = planAutoStake(site, zeroAddress, { ...jailed, hasSeat: true }, epochs) as { plan: Plan };
    expect(instruction.plan.statements).to.include(jail);
    const moving = planRedelegate(site, stakes, validator, jailed, everything);
    expect(moving.statements.slice(-2)).to.deep.equal([jail, stays]);
    expect(moving.outcomeOf([]).sentence.endsWith(`${jail} ${stays}`)).to.equal(true);
    expect(planRedelegate(site, stakes, validator, jailed, 1n).statements.at(-1)).to.equal(jail);
    expect(planUnstake(site, stakes, validator, everything).statements.at(-1)).to.equal(stays);
  });

  it("has nothing to do for an account that is already a validator", () => {
    const seated = { ...facts, commissionBps: 0, priceWei: 1n, minimumStakeWei: 1n };
    expect(planRegister(site, seated, { stakeWei: 1n, commissionBps: 0 }).kind).to.equal("nothing");
  });
});

describe("A plan for a validator or a miner", () => {
  const terms: Terms = {
    ...{ validator: account, operator: account, isSeated: true, isJailed: true, releasableEpoch: 5n },
    ...{ commissionBps: 500, nextEpoch: 6 },
  };
  const planOf = (planned: Planned): Plan =>
    planned.kind === "plan" ? planned.plan : expect.fail(`nothing to do: ${planned.sentence}`);
  const nothingOf = (planned: Planned): string =>
    planned.kind === "nothing" ? planned.sentence : expect.fail("a plan");

  it("registers a validator, and says what it has to do in every epoch, and that the page can't do that", () => {
    const newcomer = { ...facts, hasSeat: false, commissionBps: 0, priceWei: 1n, minimumStakeWei: 1n };
    const { statements } = planOf(planRegister(site, newcomer, { stakeWei: 1n, commissionBps: 0 }));
    expect(statements.join(" ")).to.match(
      /The page can't do that, since a closed browser reveals nothing: run a node .* Three missed reveals .* mean jail/,
    );
  });

  it("changes a commission in the next epoch, and warns if it rises", () => {
    const raised = planOf(planSetCommission(site, terms, 800));
    expect(raised.call).to.deep.include({ functionName: "setCommission", args: [800] });
    expect(raised.statements[0]).to.equal("Your commission changes from 5 to 8 % of your delegators' rewards.");
    expect(raised.statements[2]).to.match(/^After that you can't raise it again for 30 epochs/);
    expect(raised.outcomeOf([]).sentence).to.equal("Your commission will be 8 % from epoch 6.");
    expect(planOf(planSetCommission(site, terms, 100)).statements).to.have.lengthOf(2);
    expect(nothingOf(planSetCommission(site, terms, 500))).to.equal(`The commission of ${account} is already 5 %.`);
  });

  it("names an operator, and removes it", () => {
    const { call, outcomeOf } = planOf(planSetOperator(site, account, validator));
    expect(call).to.deep.include({ functionName: "setOperator", args: [validator] });
    expect(outcomeOf([]).sentence).to.equal(`${validator} acts for your validator from now on.`);
    expect(planOf(planSetOperator(site, validator, account)).statements[0]).to.equal(
      `From now on only you act for your validator; ${validator} no longer can.`,
    );
    expect(nothingOf(planSetOperator(site, validator, validator))).to.match(/already/);
  });

  it("leaves jail if the validator is in jail", () => {
    expect(planOf(planUnjail(site, terms)).call).to.deep.include({ functionName: "unjail", args: [] });
    expect(nothingOf(planUnjail(site, { ...terms, isJailed: false }))).to.equal(`${account} is not jailed.`);
  });

  it("registers a miner with a payment by allowance only", () => {
    const facts = { minerId: 0, balanceWei: parseEther("10"), priceWei: amountWei };
    const { call, payment } = planOf(planRegisterMiner(site, facts));
    expect(call).to.deep.include({ functionName: "registerMiner", args: [amountWei] });
    expect(payment).to.deep.include({ amountWei, withPermit: null });
    expect(nothingOf(planRegisterMiner(site, { ...facts, minerId: 3 }))).to.equal("You are already miner 3.");
  });

  it("completes a task with the result itself, and refunds the fee of a missed one", () => {
    const { call, statements } = planCompleteTask(site, 7, resultOf("42"));
    expect(call).to.deep.include({ functionName: "completeTask", args: [7n, keccak256("0x3432"), "0x3432"] });
    expect(statements[1]).to.match(/^Your result is stored on chain unencrypted/);
    const facts = { taskId: 7, client: account, feeWei: amountWei, isRefunded: false } as const;
    const refund = planOf(planRefundTask(site, facts));
    expect(refund.call).to.deep.include({ functionName: "refundTask", args: [7n] });
    expect(refund.outcomeOf([]).sentence).to.equal(`${account} got the 3 MDT of task 7 back.`);
    expect(nothingOf(planRefundTask(site, { ...facts, isRefunded: true }))).to.match(/ already got back the /);
  });

  it("publishes an endpoint, and removes it", () => {
    const { call, outcomeOf } = planOf(planSetEndpoint(site, "", "https://miner.example"));
    expect(call).to.deep.include({ functionName: "setEndpoint", args: ["https://miner.example"] });
    expect(outcomeOf([]).sentence).to.equal("Your endpoint is now https://miner.example.");
    const gone = planOf(planSetEndpoint(site, "https://miner.example", ""));
    expect(gone.outcomeOf([]).sentence).to.equal("You no longer publish an endpoint.");
    expect(nothingOf(planSetEndpoint(site, "", ""))).to.equal("You have published no endpoint.");
  });
});

describe("A text for a task", () => {
  it("is sent byte by byte, with the hash of those bytes, even if it looks like hexadecimal digits", () => {
    expect(inputOf("0x2a")).to.deep.equal({ inputHash: keccak256("0x30783261"), input: "0x30783261" });
    expect(resultOf("é")).to.deep.equal({ resultHash: keccak256("0xc3a9"), result: "0xc3a9" });
  });

  it("is sent in full up to 4,096 bytes; of a longer one only the hash is sent", () => {
    expect(inputOf("é".repeat(2_048)).input).to.have.lengthOf(2 + 2 * 4_096);
    const long = `${"é".repeat(2_048)}x`;
    expect(resultOf(long)).to.deep.equal({ resultHash: keccak256(stringToBytes(long)), result: "0x" });
  });
});
