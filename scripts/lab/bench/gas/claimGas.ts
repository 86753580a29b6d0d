import { type Address, keccak256, parseEther, toBytes, parseAbi } from "viem";
import { type RewardTree } from "../../../core/rewardTree/buildRewardTree";
import { multiProofOf, proofOf } from "../../../core/rewardTree/proofs";
import { manyAccounts } from "../measure";
import { deployArtifact, gasOf, type GasStage, note, noteGas, treeAfter, undone } from "./gasNetwork";
import { claimArguments, prepareSettling, settle, SETTLEMENTS_TO_STEADY } from "./settlementGas";

/** Leaves of the tree for which claims have a gas target. */
const LARGE = 2 ** 14;
const REPEAT_TARGET = 59_450;
const FIRST_TARGET = 93_650;
const BATCH_TARGET_EACH = 32_000;
/** The settlement's gas does not depend on how many accounts its root is for. */
const STEADY_NAME = "settle: steady state, by accounts in the tree";
const STEADY_TARGET = 106_500;

/** The accounts whose claims are measured: one was paid before, the other never. Both are in every tree. */
const accountAt = manyAccounts(LARGE);
const paidBefore = accountAt(5);
const neverPaid = accountAt(9);

/** Claims without a claim delay, against trees of 2^10, 2^14 and 2^20 leaves, one by one and many at once. */
export async function measureClaims(stage: GasStage): Promise<void> {
  const bare = await deployBareClaims(stage);
  await payOnce(stage, bare);
  await measureAgainst(stage, await posted(stage, 2, 2 ** 10), bare);
  const previous = await posted(stage, 3, LARGE);
  await measureAgainst(stage, previous, bare);
  await measureBatches(stage, previous, "first time");
  await payBatch(stage, previous, 250);
  const current = await posted(stage, 4, LARGE);
  await measureBatches(stage, current, "repeated");
  await measureBoth(stage, previous, "against the previous root");
  await undone(stage, async () => {
    for (const account of [paidBefore, neverPaid]) await nameRecipient(stage, account);
    await measureBoth(stage, current, "to a recipient");
  });
  await measureAgainst(stage, await posted(stage, 5, 2 ** 20), bare);
}

/** Claims on a network with a claim delay, before and while a newer root is pending. */
export async function measureDelayedClaims(stage: GasStage): Promise<void> {
  await payOnce(stage);
  const previous = await posted(stage, 2, LARGE);
  const current = await posted(stage, 3, LARGE);
  await measureBoth(stage, current, "claim delay");
  await settle(stage);
  await measureBoth(stage, current, "claim delay, a newer root pending");
  await measureBoth(stage, previous, "claim delay, a newer root pending, against the previous root");
}

/** The tree of the first `size` accounts, posted by a settlement and claimable. */
async function posted(stage: GasStage, epochs: number, size: number): Promise<RewardTree> {
  const tree = await treeAfter(stage, epochs, size);
  const gas = await settle(stage, { rewardsRoot: tree.root });
  if (epochs > SETTLEMENTS_TO_STEADY) note(stage, STEADY_NAME, gas, { size, target: STEADY_TARGET });
  const { treasury } = stage.connection.contracts;
  const epoch = (await treasury.read.nextEpochToSettle()) - 1n;
  const delaySeconds = await treasury.read.claimDelaySeconds();
  await stage.clock.moveTo(Number(await treasury.read.revealEnd([epoch])) + delaySeconds);
  return tree;
}

/** Pays one of the two accounts whose claims are measured, after a separate settlement. */
async function payOnce(stage: GasStage, bare?: BareClaims): Promise<void> {
  await prepareSettling(stage);
  const tree = await posted(stage, 1, 16);
  await claim(stage, tree, paidBefore);
  await bare?.setRoot(tree);
  await bare?.claim(tree, paidBefore);
}

async function measureAgainst(stage: GasStage, tree: RewardTree, bare: BareClaims): Promise<void> {
  await bare.setRoot(tree);
  await measureBoth(stage, tree, undefined, bare);
}

/** What the two accounts pay for a claim against a tree, each as if it were the only one. */
async function measureBoth(stage: GasStage, tree: RewardTree, how?: string, bare?: BareClaims): Promise<void> {
  const size = tree.list.count;
  for (const [when, account, limit] of [
    ["repeated", paidBefore, REPEAT_TARGET],
    ["first time", neverPaid, FIRST_TARGET],
  ] as const) {
    const bareGas = bare && (await undone(stage, () => bare.claim(tree, account)));
    const gas = await undone(stage, () => claim(stage, tree, account));
    const name = how === undefined ? `claim, ${when}` : `claim, ${when}: ${how}`;
    note(stage, name, gas, { size, target: size === LARGE ? limit : undefined, bareGas });
  }
}

function claim({ connection, accounts }: GasStage, tree: RewardTree, account: Address): Promise<number> {
  const { cumulativeWei, proof } = proofOf(tree, account);
  const args = [account, cumulativeWei, proof] as const;
  return gasOf(connection, accounts[3]!, { ...connection.contracts.treasury, functionName: "claim", args });
}

async function measureBatches(stage: GasStage, tree: RewardTree, when: "first time" | "repeated"): Promise<void> {
  for (const size of [10, 100, 250]) {
    const gas = await undone(stage, () => payBatch(stage, tree, size));
    const target = size === 250 && when === "repeated" ? BATCH_TARGET_EACH : undefined;
    const name = `claimMany of 2^14 leaves, ${when}, per account`;
    note(stage, name, Math.ceil(gas / size), { size, target, unit: "gas per account" });
  }
}

/** Pays accounts from all over the tree in one call. */
function payBatch({ connection, accounts }: GasStage, tree: RewardTree, size: number): Promise<number> {
  const batch = multiProofOf(
    tree,
    Array.from({ length: size }, (_, k) => accountAt(100 + 64 * k)),
  );
  const args = claimArguments(batch);
  return gasOf(connection, accounts[3]!, { ...connection.contracts.treasury, functionName: "claimMany", args });
}

/** The recipient already has tokens, like a wallet that someone chooses to be paid at. */
async function nameRecipient({ connection, accounts, chain }: GasStage, account: Address): Promise<void> {
  await chain.impersonateAccount({ address: account });
  await chain.setBalance({ address: account, value: parseEther("1") });
  const args = [accounts[6]!] as const;
  await gasOf(connection, account, { ...connection.contracts.treasury, functionName: "setClaimRecipient", args });
}

/**
 * What can happen to a root besides becoming claimable, on a network with a claim delay, and claims afterwards. The
 * deployer, who holds every role, pauses, vetoes and reposts.
 */
export async function measureRootLife(stage: GasStage): Promise<void> {
  const { connection, accounts, clock } = stage;
  const { treasury } = connection.contracts;
  const admin = accounts[0]!;
  await payOnce(stage);
  await posted(stage, 2, LARGE);
  const current = await posted(stage, 3, LARGE);
  await undone(stage, async () => {
    await noteGas(stage, "guardian: pause", admin, { ...treasury, functionName: "pause", args: [] });
    await noteGas(stage, "admin: unpause", admin, { ...treasury, functionName: "unpause", args: [] });
    await measureBoth(stage, current, "claim delay, after a pause");
  });
  const next = await treeAfter(stage, 4, LARGE);
  await settle(stage, { rewardsRoot: keccak256(toBytes("a wrong root")) });
  const epoch = (await treasury.read.nextEpochToSettle()) - 1n;
  const veto = { ...treasury, functionName: "vetoRoot", args: [epoch] } as const;
  await noteGas(stage, "guardian: veto the pending root", admin, veto);
  await measureBoth(stage, current, "claim delay, the newest root vetoed");
  const args = [epoch, next.root, keccak256(toBytes("inputs")), 0n] as const;
  const repost = { ...treasury, functionName: "repostRoot", args } as const;
  await noteGas(stage, "keeper: repost a vetoed root", admin, repost);
  const [, , claimableAt] = await treasury.read.pendingRoot();
  await clock.moveTo(Number(claimableAt));
  await measureBoth(stage, next, "claim delay, after a veto and a repost");
}

const bareClaimsAbi = parseAbi([
  "constructor(address token, address treasury)",
  "function setRoot(bytes32 root)",
  "function claim(address account, uint256 cumulative, bytes32[] proof)",
]);

/** The contract that claims are compared with: it has the Treasury's leaves and none of its protections. */
interface BareClaims {
  setRoot(tree: RewardTree): Promise<void>;
  /** Claims for real; returns the gas. */
  claim(tree: RewardTree, account: Address): Promise<number>;
}

/** Deploys the bare contract and gives it the tokens that it pays out. */
async function deployBareClaims({ connection, accounts }: GasStage): Promise<BareClaims> {
  const { contracts } = connection;
  const abi = bareClaimsAbi;
  const sender = accounts[4]!;
  const args = [contracts.token.address, contracts.treasury.address] as const;
  const address = await deployArtifact(connection, sender, "fixtures/bench/MinimalClaim", abi, args);
  const funding = [address, await contracts.token.read.balanceOf([sender])] as const;
  await gasOf(connection, sender, { ...contracts.token, functionName: "transfer", args: funding });
  return {
    async setRoot({ root }) {
      await gasOf(connection, sender, { address, abi, functionName: "setRoot", args: [root] });
    },
    claim(tree, account) {
      const { cumulativeWei, proof } = proofOf(tree, account);
      return gasOf(connection, sender, { address, abi, functionName: "claim", args: [account, cumulativeWei, proof] });
    },
  };
}
