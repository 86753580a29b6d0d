import { type Address, parseAbi } from "viem";
import { type RewardTree } from "../../../core/rewardTree/buildRewardTree";
import { proofOf } from "../../../core/rewardTree/proofs";
import { deployArtifact, gasOf, type GasStage } from "./gasNetwork";

const bareClaimsAbi = parseAbi([
  "constructor(address token, address treasury)",
  "function setRoot(bytes32 root)",
  "function claim(address account, uint256 cumulative, bytes32[] proof)",
]);

/** The contract that claims are compared with: it has the Treasury's leaves and none of its protections. */
export interface BareClaims {
  setRoot(tree: RewardTree): Promise<void>;
  /** Claims for real; returns the gas. */
  claim(tree: RewardTree, account: Address): Promise<number>;
}

/** Deploys it and gives it the tokens that it pays out. */
export async function deployBareClaims({ connection, accounts }: GasStage): Promise<BareClaims> {
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
