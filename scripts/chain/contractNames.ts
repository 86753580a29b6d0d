/** The contracts of one deployment, by their names in Solidity. */
export const contractNames = [
  "ModernTensorToken",
  "RecyclingPool",
  "PolicyRegistry",
  "Staking",
  "TaskRegistry",
  "ScoreBoard",
  "BlockRewards",
  "Treasury",
] as const;

export type ContractName = (typeof contractNames)[number];
