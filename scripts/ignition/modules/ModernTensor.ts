import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { isAddress, keccak256, toBytes, zeroAddress, zeroHash } from "viem";
import { verifierNameOf } from "../../config/folders";
import { type DeploymentChoices } from "../../chain/deployment";
import { type NetworkConfig } from "../../config/networkConfig";

const SLASHER_ROLE = keccak256(toBytes("SLASHER_ROLE"));
const KEEPER_ROLE = keccak256(toBytes("KEEPER_ROLE"));

/**
 * The whole system: the token, the contracts that use it, the calls that wire them, and the directory, which no
 * contract knows. The deployer holds every role until `npx mdt roles handover` gives it away. Only settling belongs to
 * the quorum, which takes over the deployer's role at the Treasury. Parameters: `moduleParameters` below.
 * @param types From `taskTypeTerms` below.
 */
export const modernTensor = (types: readonly TaskTypeTerms[]) => buildModule("ModernTensor", (m) => system(m, types));

function system(m: Builder, types: readonly TaskTypeTerms[]) {
  const deployer = m.getAccount(0);
  const clock = m.getParameter("clock");

  const token = m.contract("ModernTensorToken", [m.getParameter("genesis"), m.getParameter("maxSupplyWei")]);
  const pool = m.contract("RecyclingPool", [token]);
  const staking = m.contract("Staking", [
    {
      clock,
      token,
      pool,
      admin: deployer,
      minimumStakeWei: m.getParameter("minimumStakeWei"),
      maximumSeats: m.getParameter("maximumSeats"),
      seatSafeEpochs: m.getParameter("seatSafeEpochs"),
      slashCapBps: m.getParameter("slashCapBps"),
      exitDelayEpochs: m.getParameter("exitDelayEpochs"),
      jailEpochs: m.getParameter("jailEpochs"),
      registrationPrice: m.getParameter("validatorPrice"),
    },
  ]);
  const stakingLens = m.contract("StakingLens", [staking]);
  const policyRegistry = m.contract("PolicyRegistry", [clock, staking, deployer, m.getParameter("policyJson")]);
  const taskRegistry = m.contract("TaskRegistry", [
    clock,
    {
      token,
      pool,
      staking,
      burnBps: m.getParameter("feeBurnBps"),
      feeRule: m.getParameter("feeRule"),
      closingSlots: m.getParameter("closingSlots"),
      minerPrice: m.getParameter("minerPrice"),
      taskTypes: withVerifiers(m, types),
      admin: deployer,
      taskGovernor: deployer,
    },
  ]);
  const scoreBoard = m.contract("ScoreBoard", [clock, staking, taskRegistry]);
  const rewardWei = m.getParameter("blockRewardWei");
  const blockRewards = m.contract("BlockRewards", [clock, token, staking, scoreBoard, rewardWei]);
  const settling = deploySettling(m, { token, pool, staking, blockRewards });
  const work = { policyRegistry, staking, stakingLens, taskRegistry, scoreBoard };
  const used = { token, pool, ...work, blockRewards, ...settling };
  wire(m, used);
  return { ...used, directory: m.contract("Directory", [], { after: [blockRewards, settling.treasury] }) };
}

/** Task types with the verifiers that they name, each deployed once. */
function withVerifiers(m: Builder, types: readonly TaskTypeTerms[]) {
  const named = new Set(types.map(({ verifier }) => verifier).filter((verifier) => !isAddress(verifier)));
  const deployed = new Map([...named].map((circuit) => [circuit, m.contract(verifierNameOf(circuit))]));
  return types.map((type) => ({ ...type, verifier: deployed.get(type.verifier) ?? type.verifier }));
}

type Builder = Parameters<Parameters<typeof buildModule>[1]>[0];
type Wired = Record<
  "token" | "pool" | "staking" | "taskRegistry" | "scoreBoard" | "blockRewards" | "treasury" | "settlementQuorum",
  Parameters<Builder["call"]>[0]
>;

/** The Treasury, and the quorum that settles through it. */
function deploySettling(
  m: Builder,
  { token, pool, staking, blockRewards }: Pick<Wired, "token" | "pool" | "staking" | "blockRewards">,
) {
  const deployer = m.getAccount(0);
  const treasury = m.contract("Treasury", [
    m.getParameter("clock"),
    {
      token,
      pool,
      staking,
      dao: m.getParameter("dao"),
      baseRewardWei: m.getParameter("baseRewardWei"),
      halvingIntervalEpochs: m.getParameter("halvingIntervalEpochs"),
      claimDelaySeconds: m.getParameter("claimDelaySeconds"),
      maxDaoShareBps: m.getParameter("maxDaoShareBps"),
      admin: deployer,
      keeper: deployer,
      guardian: deployer,
    },
  ]);

  const settlementQuorum = m.contract("SettlementQuorum", [
    treasury,
    blockRewards,
    m.getParameter("quorumBps"),
    m.getParameter("quorumFloorWei"),
    m.getParameter("soloAfterSeconds"),
    deployer,
    deployer,
  ]);
  return { treasury, settlementQuorum };
}

/** Wires contracts to those that were deployed after them. */
function wire(m: Builder, contracts: Wired): void {
  const { token, pool, staking, taskRegistry, scoreBoard, blockRewards, treasury, settlementQuorum } = contracts;
  m.call(token, "wireMinters", [
    [treasury, blockRewards],
    [m.getParameter("treasuryAllowanceWei"), m.getParameter("blockRewardsAllowanceWei")],
  ]);
  m.call(pool, "wire", [treasury, staking, taskRegistry]);
  m.call(staking, "grantRole", [SLASHER_ROLE, scoreBoard], { id: "scoreBoardMaySlash" });
  m.call(staking, "grantRole", [SLASHER_ROLE, m.getAccount(0)], { id: "governanceMaySlash" });
  m.call(treasury, "grantRole", [KEEPER_ROLE, settlementQuorum], { id: "quorumMaySettle" });
  m.call(treasury, "renounceRole", [KEEPER_ROLE, m.getAccount(0)], { id: "nobodyElseMaySettle" });
}

/**
 * The Ignition module's parameters: the network's configuration, and the choices for this deployment. The same
 * arguments give the same parameters, so that a stopped deployment can be resumed.
 */
export function moduleParameters(
  config: NetworkConfig,
  choices: Pick<DeploymentChoices, "genesisTimestamp" | "dao" | "nodeAccounts" | "genesis">,
) {
  const { clock, supply, emission, settlement, quorum, staking, validatorPrice, minerPrice, tasks, policies } = config;
  const genesis = [
    { account: choices.dao, amountWei: supply.daoAllocationWei },
    ...choices.nodeAccounts.map((account) => ({ account, amountWei: supply.nodeAccountAllocationWei })),
    ...(choices.genesis?.allocations ?? []).map(({ account, amountWei }) => ({
      account,
      amountWei: BigInt(amountWei),
    })),
  ];
  return {
    ModernTensor: {
      clock: {
        genesisTimestamp: choices.genesisTimestamp,
        slotSeconds: clock.slotSeconds,
        slotsPerEpoch: clock.slotsPerEpoch,
        revealSlots: clock.revealSlots,
      },
      genesis: genesis.filter(({ amountWei }) => amountWei > 0n),
      maxSupplyWei: supply.maxSupplyWei,
      treasuryAllowanceWei: supply.treasuryAllowanceWei,
      blockRewardsAllowanceWei: supply.blockRewardsAllowanceWei,
      policyJson: policies[0]!.json,
      minimumStakeWei: staking.minimumStakeWei,
      maximumSeats: staking.seats,
      seatSafeEpochs: staking.seatSafeEpochs,
      slashCapBps: staking.maxSlashPerEpochBps,
      exitDelayEpochs: staking.exitDelayEpochs,
      jailEpochs: staking.jailEpochs,
      validatorPrice,
      feeBurnBps: tasks.feeBurnBps,
      feeRule: {
        volumeFeeWei: tasks.volumeFeeWei,
        difficultyFeeWei: tasks.difficultyFeeWei,
        halvingIntervalEpochs: emission.halvingIntervalEpochs,
      },
      closingSlots: clock.closingSlots,
      minerPrice,
      blockRewardWei: emission.blockRewardWei,
      dao: choices.dao,
      baseRewardWei: emission.baseRewardWei,
      halvingIntervalEpochs: emission.halvingIntervalEpochs,
      claimDelaySeconds: settlement.claimDelaySeconds,
      maxDaoShareBps: emission.maxDaoShareBps,
      quorumBps: quorum.bps,
      quorumFloorWei: quorum.floorWei,
      soloAfterSeconds: quorum.soloAfterSeconds,
    },
  };
}

/** A task type as the TaskRegistry takes it; `verifier` is an address, or the folder of circuits/ whose verifier is deployed. */
export interface TaskTypeTerms {
  readonly difficultyBps: number;
  readonly isOpen: boolean;
  readonly minFeeWei: bigint;
  readonly verifier: string;
  readonly modelHash: string;
}

/**
 * Task types for the Ignition module, beside its parameters: a parameter can't be a contract that is deployed first.
 */
export function taskTypeTerms({ tasks }: NetworkConfig): readonly TaskTypeTerms[] {
  return tasks.types.map(({ difficultyBps, minimumFeeWei, verifier, modelHash }) => ({
    difficultyBps,
    isOpen: true,
    minFeeWei: minimumFeeWei,
    verifier: verifier ?? zeroAddress,
    modelHash: modelHash ?? zeroHash,
  }));
}
