import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { type DevelopmentNode, nodeAccount, startNode } from "./node";

/** A node with a deployment whose epoch 0, without any activity, is settled. */
export async function startSettledNode(): Promise<DevelopmentNode> {
  const node = await startNode();
  const chain = await node.deploy();
  const { genesisTimestamp, clock } = { ...chain.deployment.choices, ...chain.deployment.config };
  await node.advanceTo(BigInt(genesisTimestamp + (clock.slotsPerEpoch + clock.revealSlots) * clock.slotSeconds));
  const archive = await openArchive(chain, node.dataDirectory);
  await settleNextEpoch(chain, archive, { signer: nodeAccount(0), payRecipientsUpTo: 0 });
  return node;
}
