import { impersonateAccount, setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers, ignition } from "hardhat";
import { zeroAddress } from "viem";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import {
  modernTensor,
  moduleParameters,
  taskTypeTerms,
  type TaskTypeTerms,
} from "../../scripts/ignition/modules/ModernTensor";
import {
  type BlockRewards,
  type Directory,
  type ModernTensorToken,
  type PolicyRegistry,
  type RecyclingPool,
  type ScoreBoard,
  type SettlementQuorum,
  type Staking,
  type StakingLens,
  type TaskRegistry,
  type Treasury,
} from "../../typechain-types/ethers";

/** Parameters of the Ignition module that a test sets differently from the network `local`. */
export type ModuleParameters = ReturnType<typeof moduleParameters>["ModernTensor"];

/** The whole system, deployed and wired by the Ignition module that every network is deployed with. */
export interface System {
  readonly token: ModernTensorToken;
  readonly pool: RecyclingPool;
  readonly policyRegistry: PolicyRegistry;
  readonly staking: Staking;
  readonly stakingLens: StakingLens;
  readonly taskRegistry: TaskRegistry;
  readonly scoreBoard: ScoreBoard;
  readonly blockRewards: BlockRewards;
  readonly treasury: Treasury;
  readonly settlementQuorum: SettlementQuorum;
  readonly directory: Directory;
  readonly clock: ModuleParameters["clock"];
}

/** Deploys the system; the first account deploys it and holds every role. */
export async function deploySystem(
  secondsUntilGenesis: number,
  {
    taskTypes,
    ...overrides
  }: Partial<Omit<ModuleParameters, "clock">> & {
    readonly clock?: Partial<ModuleParameters["clock"]>;
    readonly taskTypes?: readonly TaskTypeTerms[];
  } = {},
): Promise<System> {
  const [, dao] = await ethers.getSigners();
  const config = loadNetworkConfig("local");
  const { ModernTensor: local } = moduleParameters(config, {
    genesisTimestamp: (await time.latest()) + secondsUntilGenesis,
    dao: dao!.address,
    nodeAccounts: [],
  });
  const clock = { ...local.clock, ...overrides.clock };
  const chosen = { ...local, ...overrides, clock };
  // Emission and fees halve together, whichever of them a test sets.
  const halvingIntervalEpochs = overrides.halvingIntervalEpochs ?? chosen.feeRule.halvingIntervalEpochs;
  const feeRule = { ...chosen.feeRule, halvingIntervalEpochs };
  const parameters = { ModernTensor: { ...chosen, halvingIntervalEpochs, feeRule } };
  const scored = taskTypeTerms(config).filter(({ verifier }) => verifier === zeroAddress);
  const contracts = await ignition.deploy(modernTensor(taskTypes ?? scored), { parameters });
  return { ...(contracts as unknown as Omit<System, "clock">), clock };
}

/** One of the contracts as a sender, with ether for gas: for calls that only that contract may make. */
export async function signerOf(contract: { getAddress(): Promise<string> }): Promise<HardhatEthersSigner> {
  const address = await contract.getAddress();
  await impersonateAccount(address);
  await setBalance(address, 10n ** 24n);
  return ethers.getSigner(address);
}

/** Grants a role to `holder`, and revokes it from the deployer. */
export async function moveRole(
  contract: Pick<Treasury, "grantRole" | "renounceRole" | "runner">,
  role: string,
  holder: HardhatEthersSigner,
): Promise<void> {
  const [deployer] = await ethers.getSigners();
  if (holder.address === deployer!.address) return;
  await contract.grantRole(role, holder);
  await contract.renounceRole(role, deployer!);
}
