import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { deployTreasury } from "../../shared/deployTreasury";
import { Dice } from "../staking/walk";
import { MAX_DAO_SHARE_BPS, Refused } from "./model";
import { type Step, Walk } from "./walk";

const isLong = process.env.MDT_LONG === "1";
const STEPS = isLong ? 3_000 : 150;
const SEED = Number(process.env.MDT_SEED ?? (isLong ? "2" : "7"));
const DELAY_SECONDS = 30n;
const RETURNED = 3;

/** The name of the error that the model predicts for a step, or undefined if it succeeds. */
function predict(step: Step): string | undefined {
  try {
    step.mirror();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

async function expectSameRoots({ deployment, model }: Walk, now: number) {
  const { treasury } = deployment;
  const [pending, current, previous] = [
    await treasury.pendingRoot(),
    await treasury.currentRoot(),
    await treasury.previousRoot(),
  ];
  expect([pending.root, current.root, previous.root]).to.deep.equal(model.roots(now));
  expect(await treasury.nextEpochToSettle()).to.equal(model.nextEpoch);
  expect(await treasury.paused()).to.equal(model.isPaused(now));
  const vetoed = model.vetoed ? [true, model.nextEpoch - 1n, model.returnableWei] : [false, 0n, 0n];
  expect(await treasury.vetoedSettlement()).to.deep.equal(vetoed);
}

/** Checks the invariants, which the messages state. */
async function expectSoundBooks({ deployment, model, earned, people, thief }: Walk) {
  const { treasury, token, pool, actors } = deployment;
  const balanceWei = await token.balanceOf(treasury);
  expect(balanceWei, "the Treasury holds what came in and did not go out").to.equal(model.balanceWei);
  expect(await pool.available(), "the pool holds what came in and did not go out").to.equal(model.poolWei);
  expect(await pool.totalOut(), "what was drawn is booked").to.equal(model.drawnWei);
  expect(await pool.totalBySource(RETURNED), "what was returned is booked").to.equal(model.returnedWei);
  expect(await pool.other(), "nothing reaches the pool unbooked").to.equal(0n);
  expect(await token.balanceOf(actors.dao), "the DAO has its shares").to.equal(model.daoWei);
  expect(await token.totalSupply(), "supply moves by mints and burns alone").to.equal(model.supplyWei);
  let paidWei = 0n;
  let owedWei = 0n;
  for (const account of [...people, thief]) {
    const claimedWei = await treasury.claimedOf(account);
    expect(claimedWei).to.equal(model.claimedOf(account));
    paidWei += claimedWei;
    const unpaidWei = (earned.get(account) ?? 0n) - claimedWei;
    if (unpaidWei > 0n) owedWei += unpaidWei;
  }
  expect(paidWei + balanceWei, "what is paid out never exceeds what was posted").to.equal(model.promisedWei);
  const stolenWei = model.claimedOf(thief);
  expect(balanceWei + stolenWei >= owedWei, "balance >= everything unclaimed, but for what was stolen").to.equal(true);
}

describe("Treasury: any sequence of actions", () => {
  it(`matches a plain model and keeps sound books (${STEPS} steps, seed ${SEED})`, async () => {
    const deployment = await deployTreasury(DELAY_SECONDS, MAX_DAO_SHARE_BPS);
    const { treasury, token, pool, actors } = deployment;
    await token.connect(actors.whale).approve(pool, MaxUint256);
    await time.increaseTo(await treasury.revealEnd(0n));
    const dice = new Dice(SEED);
    const walk = new Walk(deployment, dice, await token.totalSupply());
    const outcomes = new Map<string, number>();
    let now = await time.latest();
    for (let step = 0; step < STEPS; ++step) {
      now += walk.pauseSeconds();
      const action = walk.next(now);
      const isDue = BigInt(now) >= (await treasury.revealEnd(walk.model.nextEpoch));
      if (action.name.startsWith("settle") && !isDue) continue;
      await time.setNextBlockTimestamp(now);
      const refusal = predict(action);
      const outcome = `${action.name.split(" ")[0]!}: ${refusal ?? "done"}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (refusal === undefined) await action.send();
      else {
        const refusing = refusal.startsWith("ERC20") ? token : treasury;
        await expect(action.send(), action.name).to.be.revertedWithCustomError(refusing, refusal);
      }
      // A refused transaction is not mined, so the block that the views see may be older than `now`.
      await expectSameRoots(walk, await time.latest());
      await expectSoundBooks(walk);
    }
    const expected = ["settle: done", "claim: done", "claimMany: done", "veto: done", "repost: done", "pause: done"];
    for (const outcome of expected) {
      expect(outcomes.get(outcome) ?? 0, outcome).to.be.greaterThan(0);
    }
  });
});
