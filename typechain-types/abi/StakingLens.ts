// Written from StakingLens.sol by "npx hardhat compile".
export const stakingLensAbi = [
  {"inputs":[{"name":"staking_","type":"address"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"name":"validator","type":"address"},{"name":"accounts","type":"address[]"},{"name":"epoch","type":"uint64"}],"name":"delegationsAt","outputs":[{"name":"amountsWei","type":"uint256[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"epoch","type":"uint64"}],"name":"seatedValidators","outputs":[{"components":[{"name":"validator","type":"address"},{"name":"ownWei","type":"uint256"},{"name":"totalWei","type":"uint256"},{"name":"index","type":"uint256"},{"name":"commissionBps","type":"uint16"},{"name":"isActive","type":"bool"},{"name":"isJailed","type":"bool"}],"name":"seated","type":"tuple[]"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"staking","outputs":[{"name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"validator","type":"address"}],"name":"statusOf","outputs":[{"components":[{"name":"operator","type":"address"},{"name":"lives","type":"uint32"},{"name":"isSeated","type":"bool"},{"name":"isJailed","type":"bool"},{"name":"releasableEpoch","type":"uint64"},{"name":"commissionBps","type":"uint16"},{"name":"nextRiseEpoch","type":"uint64"},{"name":"ownWei","type":"uint256"},{"name":"totalWei","type":"uint256"},{"name":"index","type":"uint256"}],"name":"status","type":"tuple"}],"stateMutability":"view","type":"function"},
] as const;
