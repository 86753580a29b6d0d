import { expect } from "chai";
import {
  createPublicClient,
  custom,
  encodeFunctionData,
  keccak256,
  parseEther,
  stringToBytes,
  zeroAddress,
  zeroHash,
} from "viem";
import { type Payment, type Site } from "../../scripts/actions/plan";
import { planDelegate, planStake } from "../../scripts/actions/stakes";
import { planSubmitTask } from "../../scripts/actions/tasks";
import { inputOf, resultOf } from "../../scripts/actions/taskBytes";
import { everything, planRedelegate, planUnstake } from "../../scripts/actions/unstakes";
import { planRegister } from "../../scripts/actions/validators";
import { byContractName, contractsOf } from "../../scripts/chain/contracts";
import { type Position } from "../../scripts/views/positions";

const account = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const validator = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
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
    const type = { typeId: 0, name: "text" };
    const task = { minerId: 1, type, feeWei: amountWei, seconds: 60, ...inputOf("x") };
    const plans = [
      planStake(site, facts, amountWei),
      planDelegate(site, facts, { validator, commissionBps: 100 }, amountWei),
      planSubmitTask(site, { balanceWei: amountWei, types: [], burnBps: 5_000, now: 1n }, task),
      ...(registered.kind === "plan" ? [registered.plan] : []),
    ];
    const names = plans.map(({ call, payment }) => {
      const permitted = (payment as Payment).withPermit({ deadline: 1n, v: 27, r: zeroHash, s: zeroHash });
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

  it("tells whether a task's input goes on chain, for everybody to read, or its hash alone", () => {
    const taskFacts = { balanceWei: amountWei, types: [], burnBps: 5_000, now: 1n };
    const task = { minerId: 1, type: { typeId: 0, name: "text" }, feeWei: amountWei, seconds: 60 };
    const told = (content: ReturnType<typeof inputOf>) =>
      planSubmitTask(site, taskFacts, { ...task, ...content }).statements[2];
    expect(told(inputOf("6 times 7?"))).to.equal(
      "Your input goes on chain as it is: the miner takes it from there, and anybody can read it for good.",
    );
    expect(told({ inputHash: zeroHash, input: "0x" })).to.equal(
      "On chain goes the hash of your input alone: the miner needs the input from you, and validators too.",
    );
  });

  it("tells what will change in exact amounts", () => {
    const { statements } = planStake(site, facts, amountWei);
    expect(statements[0]).to.equal("You add 3 MDT to your own stake, which then is 35 MDT.");
    expect(statements.at(-1)).to.equal("Your balance goes from 10 to 7 MDT.");
  });

  it("takes everything where everything was asked for, and says who stops being a validator then", () => {
    const own: Position = {
      validator: account,
      countsWei: amountWei,
      willCountWei: amountWei,
      withdrawableWei: 0n,
      exits: [],
    };
    const stakes = { ...epochs, positions: [own] };
    const { call, statements } = planUnstake(site, stakes, account, everything);
    expect(call.args).to.deep.equal([account, everything]);
    expect(statements[0]).to.equal("You take 3 MDT out of your own stake; 0 MDT stay.");
    expect(statements[1]).to.match(/^You stop being a validator from epoch 6 on/);
    expect(planUnstake(site, stakes, account, 1n).statements).to.have.lengthOf(3);
  });

  it("moves a delegation, and says from when it counts where", () => {
    const held: Position = { validator, countsWei: 0n, willCountWei: amountWei, withdrawableWei: 0n, exits: [] };
    const stakes = { ...epochs, positions: [held] };
    const target = { validator: zeroAddress, commissionBps: 700 };
    const { call, payment, statements, outcomeOf } = planRedelegate(site, stakes, validator, target, everything);
    expect(call).to.deep.include({ functionName: "redelegate", args: [validator, zeroAddress, everything] });
    expect(payment).to.equal(null);
    expect(statements[0]).to.equal(`You move 3 MDT from validator ${validator} to ${zeroAddress}; 0 MDT stay.`);
    expect(statements[1]).to.match(/^It counts for the old one until epoch 7, .* keeps 7 % of what it earns\.$/);
    expect(outcomeOf([])).to.deep.include({ amountWei, countsFrom: 7 });
  });

  it("has nothing to do for who is a validator already", () => {
    const seated = { ...facts, commissionBps: 0, priceWei: 1n, minimumStakeWei: 1n };
    expect(planRegister(site, seated, { stakeWei: 1n, commissionBps: 0 }).kind).to.equal("nothing");
  });
});

describe("A text for a task", () => {
  it("is carried byte by byte, under the hash of those bytes, even where it looks like hexadecimal digits", () => {
    expect(inputOf("0x2a")).to.deep.equal({ inputHash: keccak256("0x30783261"), input: "0x30783261" });
    expect(resultOf("é")).to.deep.equal({ resultHash: keccak256("0xc3a9"), result: "0xc3a9" });
  });

  it("is carried up to 4,096 bytes, and a longer one goes by its hash alone", () => {
    expect(inputOf("é".repeat(2_048)).input).to.have.lengthOf(2 + 2 * 4_096);
    const long = `${"é".repeat(2_048)}x`;
    expect(resultOf(long)).to.deep.equal({ resultHash: keccak256(stringToBytes(long)), result: "0x" });
  });
});
