import { type PublicClient } from "viem";
import { isOfChain } from "../../chain/blocks";
import { type DeploymentFacts } from "../api/answers";
import { type Look, type Misfit } from "./chainLink";

/**
 * The newest block, if the chain is the deployment's.
 * @param trustedNumber Newest block of an earlier look that found the right chain: a block after it needs no check.
 */
export async function lookAtChain(
  reader: PublicClient,
  deployment: DeploymentFacts,
  trustedNumber: bigint | undefined,
): Promise<Look> {
  try {
    const { number, timestamp } = await reader.getBlock({ blockTag: "latest" });
    const isTrusted = trustedNumber !== undefined && number >= trustedNumber;
    const misfit = isTrusted ? undefined : await misfitOf(reader, deployment);
    return misfit ?? { kind: "block", number, timestamp };
  } catch {
    return { kind: "unreachable" };
  }
}

async function misfitOf(reader: PublicClient, deployment: DeploymentFacts): Promise<Misfit | undefined> {
  const [chainId, code, block0] = await Promise.all([
    reader.getChainId(),
    reader.getCode({ address: deployment.contracts.Treasury }),
    reader.getBlock({ blockNumber: 0n }),
  ]);
  if (chainId !== deployment.chainId) return { kind: "wrongChain", chainId };
  if (code === undefined) return { kind: "empty" };
  return isOfChain(deployment.id, block0.hash) ? undefined : { kind: "replaced" };
}
