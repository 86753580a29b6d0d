import { type Address, encodeAbiParameters, type Hex, keccak256, maxUint256, parseEther, toBytes, toHex } from "viem";
import { manyAccounts } from "../measure";
import { gasOf, type GasStage, moveToEpoch, note } from "./gasNetwork";
import { commitmentOf, encodeScores } from "../../../core/scores";
import { measureTasks } from "./taskGas";

const MDT = 10n ** 18n;
const VALIDATORS = 100;

const accountAt = manyAccounts(VALIDATORS);
const validators = Array.from({ length: VALIDATORS }, (_, i) => accountAt(i));

/** What validators, delegators, miners and clients send, on a network with all of its 100 seats taken. */
export async function measurePeople(stage: GasStage): Promise<void> {
  await moveToEpoch(stage, -1);
  for (const validator of validators.slice(0, -1))
    await registerValidator(stage, validator, funderOf(stage, validator));
  await moveToEpoch(stage, 0);
  const [last, funder] = [validators.at(-1)!, funderOf(stage, validators.at(-1)!)];
  const registers = await registerValidator(stage, last, funder);
  note(stage, { name: "validator: register, the last free seat", size: VALIDATORS }, registers);
  await measureAdding(stage, "first");
  await measureMiners(stage);
  await moveToEpoch(stage, 1);
  await measureAdding(stage, "again");
  await measureUnstaking(stage);
  await measureTasks(stage);
  await moveToEpoch(stage, 3);
  await measureRotation(stage);
  await measureCommits(stage, validators);
  await moveToEpoch(stage, 4);
  await measureReveals(stage, validators, 3);
  await measureWithdrawal(stage);
}

/** Gives an account what it needs and lets it register; returns the gas of the registration alone. */
export async function registerValidator(
  { connection, chain }: GasStage,
  validator: Address,
  funder: Address,
): Promise<number> {
  const { token, staking } = connection.contracts;
  await chain.impersonateAccount({ address: validator });
  await chain.setBalance({ address: validator, value: parseEther("100") });
  const funding = [validator, 200n * MDT] as const;
  await gasOf(connection, funder, { ...token, functionName: "transfer", args: funding });
  await gasOf(connection, validator, { ...token, functionName: "approve", args: [staking.address, maxUint256] });
  const args = [validator, 1_000, 40n * MDT, maxUint256] as const;
  return gasOf(connection, validator, { ...staking, functionName: "registerValidator", args });
}

function funderOf({ accounts }: GasStage, validator: Address): Address {
  return accounts[10 + (validators.indexOf(validator) % 10)]!;
}

function delegatorOf({ accounts }: GasStage): Address {
  return accounts[20]!;
}

/** Stake that a validator and a delegator add. */
async function measureAdding(stage: GasStage, when: "first" | "again"): Promise<void> {
  const { connection } = stage;
  const { staking, token } = connection.contracts;
  const stakes = await gasOf(connection, validators[0]!, { ...staking, functionName: "stake", args: [MDT] });
  note(stage, { name: `validator: stake more, ${when}`, size: 1 }, stakes);
  const delegator = delegatorOf(stage);
  await gasOf(connection, delegator, { ...token, functionName: "approve", args: [staking.address, maxUint256] });
  const args = [validators[0]!, 5n * MDT] as const;
  const delegates = await gasOf(connection, delegator, { ...staking, functionName: "delegate", args });
  note(stage, { name: `delegator: delegate, ${when}`, size: 1 }, delegates);
}

async function measureUnstaking(stage: GasStage): Promise<void> {
  const { staking } = stage.connection.contracts;
  const args = [validators[0]!, MDT] as const;
  const gas = await gasOf(stage.connection, delegatorOf(stage), { ...staking, functionName: "unstake", args });
  note(stage, { name: "delegator: unstake", size: 1 }, gas);
}

async function measureWithdrawal(stage: GasStage): Promise<void> {
  const { staking } = stage.connection.contracts;
  const args = [validators[0]!] as const;
  const gas = await gasOf(stage.connection, delegatorOf(stage), { ...staking, functionName: "withdraw", args });
  note(stage, { name: "delegator: withdraw", size: 1 }, gas);
}

/** The second miner's registration: the first one also pays for slots that all share. */
async function measureMiners(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { taskRegistry, token } = connection.contracts;
  let gas = 0;
  for (const miner of accounts.slice(21, 23)) {
    await gasOf(connection, miner, { ...token, functionName: "approve", args: [taskRegistry.address, maxUint256] });
    gas = await gasOf(connection, miner, { ...taskRegistry, functionName: "registerMiner", args: [maxUint256] });
  }
  note(stage, { name: "miner: register", size: 1 }, gas);
}

/** The leaders of an epoch are drawn, and produce. */
async function measureRotation(stage: GasStage): Promise<void> {
  const { connection, accounts } = stage;
  const { blockRewards } = connection.contracts;
  const anyone = accounts[25]!;
  const opens = await gasOf(connection, anyone, { ...blockRewards, functionName: "openEpoch", args: [] });
  note(stage, { name: "block rewards: open an epoch", size: VALIDATORS }, opens);
  const seals = await gasOf(connection, anyone, { ...blockRewards, functionName: "sealEpoch", args: [] });
  note(stage, { name: "block rewards: seal an epoch", size: VALIDATORS }, seals);
  await produce(stage, 1);
  const later: number[] = [];
  for (let slot = 2; slot <= 17; slot++) later.push(await produce(stage, slot));
  // Chance decides who leads, and where it stands how many steps its search takes: a bound repeats exactly.
  const bound = Math.ceil(Math.max(...later) / 1_000) * 1_000;
  note(stage, { name: "block rewards: produce a slot, at most", size: VALIDATORS }, bound);
}

/** The leader of a slot of the running epoch produces it. */
async function produce({ connection, clock }: GasStage, slotOfEpoch: number): Promise<number> {
  const { blockRewards } = connection.contracts;
  const { config, choices } = connection.deployment;
  const { slotsPerEpoch, slotSeconds } = config.clock;
  const slot = Number(await blockRewards.read.currentEpoch()) * slotsPerEpoch + slotOfEpoch;
  await clock.moveTo(choices.genesisTimestamp + slot * slotSeconds);
  const leader = await blockRewards.read.leaderOf([BigInt(slot)]);
  return gasOf(connection, leader, { ...blockRewards, functionName: "produce", args: [] });
}

/** How many miners the scores of the first, the second, … validator are about. */
const SIZES = [100, 1_000, 4_096];
const salt = keccak256(toBytes("salt"));

/** Commits to scores in the running epoch. */
async function measureCommits(stage: GasStage, validators: readonly Address[]): Promise<void> {
  const { connection } = stage;
  const { scoreBoard } = connection.contracts;
  const chainId = await connection.reader.getChainId();
  const epoch = await scoreBoard.read.currentEpoch();
  for (const [i, size] of SIZES.entries()) {
    const validator = validators[i]!;
    const context = { chainId, scoreBoard: scoreBoard.address, validator, epoch, salt };
    const args = [commitmentOf(payloadOf(size), context)] as const;
    const gas = await gasOf(connection, validator, { ...scoreBoard, functionName: "commitScores", args });
    if (i === SIZES.length - 1) note(stage, { name: "scores: commit", size: 1 }, gas);
  }
}

/** Reveals what was committed to in `epoch`. */
async function measureReveals(stage: GasStage, validators: readonly Address[], epoch: number): Promise<void> {
  const { connection, chain } = stage;
  const { scoreBoard } = connection.contracts;
  for (const [i, size] of SIZES.entries()) {
    // As if so many miners had registered before the commit: registering them all would take minutes.
    const index = minerCountSlot(validators[i]!, BigInt(epoch));
    await chain.setStorageAt({ address: scoreBoard.address, index, value: toHex(size, { size: 32 }) });
    const args = [BigInt(epoch), payloadOf(size), salt] as const;
    const gas = await gasOf(connection, validators[i]!, { ...scoreBoard, functionName: "revealScores", args });
    note(stage, { name: "scores: reveal, by miners", size }, gas);
  }
}

/** Where the score board keeps `minerCount` of a commit: the second word of it, in the mapping of slot 0. */
function minerCountSlot(validator: Address, epoch: bigint): Hex {
  const ofEpoch = keccak256(encodeAbiParameters([{ type: "uint64" }, { type: "uint256" }], [epoch, 0n]));
  const commit = keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [validator, ofEpoch]));
  return toHex(BigInt(commit) + 1n, { size: 32 });
}

function payloadOf(miners: number): Hex {
  return encodeScores(Array.from({ length: miners }, (_, i) => ({ minerId: i + 1, scoreU16: (i * 7_919) % 65_536 })));
}
