import { keccak256, toBytes } from "viem";
import { LARGE, measureBoth, payOnce, posted } from "./claimGas";
import { gasOf, type GasStage, note, undone } from "./gasStage";
import { settle } from "./settle";
import { treeAfter } from "./trees";

/**
 * What happens to a root besides that its time comes, on a network with a claim delay, and claims against it then. All of
 * it is sent by the deployer, who holds every role.
 */
export async function measureRootLife(stage: GasStage): Promise<void> {
  await payOnce(stage);
  await posted(stage, 2, LARGE);
  const current = await posted(stage, 3, LARGE);
  await undone(stage, async () => {
    await measurePause(stage);
    await measureBoth(stage, current, "claim delay, after a pause");
  });
  const next = await treeAfter(stage, 4, LARGE);
  await settle(stage, { rewardsRoot: keccak256(toBytes("a wrong root")) });
  const { connection, accounts, clock } = stage;
  const { treasury } = connection.contracts;
  const epoch = (await treasury.read.nextEpochToSettle()) - 1n;
  const vetoes = await gasOf(connection, accounts[0]!, { ...treasury, functionName: "vetoRoot", args: [epoch] });
  note(stage, { name: "guardian: veto the pending root", size: 1 }, vetoes);
  await measureBoth(stage, current, "claim delay, the newest root vetoed");
  const args = [epoch, next.root, keccak256(toBytes("inputs")), 0n] as const;
  const reposts = await gasOf(connection, accounts[0]!, { ...treasury, functionName: "repostRoot", args });
  note(stage, { name: "keeper: repost a vetoed root", size: 1 }, reposts);
  const [, , claimableAt] = await treasury.read.pendingRoot();
  await clock.moveTo(Number(claimableAt));
  await measureBoth(stage, next, "claim delay, after a veto and a repost");
}

async function measurePause(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { treasury } = connection.contracts;
  const pauses = await gasOf(connection, accounts[0]!, { ...treasury, functionName: "pause", args: [] });
  note(stage, { name: "guardian: pause", size: 1 }, pauses);
  const unpauses = await gasOf(connection, accounts[0]!, { ...treasury, functionName: "unpause", args: [] });
  note(stage, { name: "admin: unpause", size: 1 }, unpauses);
}
