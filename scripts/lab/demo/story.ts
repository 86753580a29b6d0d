import { type Address, type EIP1193RequestFn, type Hex, keccak256, maxUint256, toBytes } from "viem";
import { type Connection } from "../../chain/connection";
import { completeTask, inputOf, resultOf, submitTask } from "../../actions/tasks";
import { registerMiner } from "../../actions/miners";
import { transact } from "../../chain/transact";
import { delegate } from "../../actions/stakes";
import { registerValidator } from "../../actions/validators";
import { commitmentOf, encodeScores, type Score } from "../../core/scores";
import { U16_MAX } from "../../core/fixedPoint";
import { parseMdt } from "../../show/amounts";

/** Someone in the story: an account of the development chain, by index. */
export interface Person {
  readonly name: string;
  readonly index: number;
}

export interface ValidatorPerson extends Person {
  readonly stakeWei: bigint;
  readonly commissionBps: number;
}

export interface DelegatorPerson extends Person {
  readonly validator: string;
  readonly stakeWei: bigint;
}

export interface MinerPerson extends Person {
  /** How good its work is, 0…1; the story's truth, which honest validators measure. */
  readonly quality: number;
}

/** Deploys the network and settles its epochs. */
export const keeper: Person = { name: "Keeper", index: 0 };

/** Chiara praises her friends and nobody else; Dario misses a reveal; Elif mines too. */
export const validators: readonly ValidatorPerson[] = [
  { name: "Alba", index: 2, stakeWei: parseMdt("2000"), commissionBps: 1_000 },
  { name: "Bruno", index: 3, stakeWei: parseMdt("1500"), commissionBps: 500 },
  { name: "Chiara", index: 4, stakeWei: parseMdt("800"), commissionBps: 0 },
  { name: "Dario", index: 5, stakeWei: parseMdt("600"), commissionBps: 0 },
  { name: "Elif", index: 6, stakeWei: parseMdt("400"), commissionBps: 1_800 },
];

export const delegators: readonly DelegatorPerson[] = [
  { name: "Femi", index: 8, validator: "Bruno", stakeWei: parseMdt("1000") },
  { name: "Greta", index: 9, validator: "Bruno", stakeWei: parseMdt("700") },
  { name: "Hugo", index: 10, validator: "Alba", stakeWei: parseMdt("500") },
  { name: "Ines", index: 11, validator: "Elif", stakeWei: parseMdt("300") },
];

export const miners: readonly MinerPerson[] = [
  ["Elif", 6, 0.97],
  ["Juno", 12, 0.95],
  ["Kofi", 13, 0.9],
  ["Lena", 14, 0.86],
  ["Milo", 15, 0.8],
  ["Nora", 16, 0.74],
  ["Otto", 17, 0.68],
  ["Pia", 18, 0.6],
  ["Quin", 19, 0.5],
  ["Rosa", 20, 0.38],
  ["Sven", 21, 0.15],
  ["Tara", 22, 0.05],
].map(([name, index, quality]) => ({ name, index, quality }) as MinerPerson);

/** The friends whom Chiara praises. */
const friendsOfChiara: ReadonlySet<string> = new Set(["Sven", "Tara"]);

export const clients: readonly Person[] = [
  { name: "Uma", index: 24 },
  { name: "Vito", index: 25 },
  { name: "Wanda", index: 26 },
  { name: "Xeno", index: 27 },
];

/** What happens in one epoch. */
export interface Chapter {
  readonly title: string;
  /** How many tasks the clients pay for and the miners complete. */
  readonly tasks: number;
  /** How good everyone's work is in this epoch, relative to what they can do. */
  readonly qualityFactor: number;
  /** The validator that commits and then forgets to reveal. */
  readonly forgets?: string;
  /** Whether the keeper is there when the epoch becomes due. */
  readonly keeperIsAway?: boolean;
  /** The validator that governance slashes during the epoch. */
  readonly slashed?: string;
}

/** Twelve epochs with `local`'s numbers: difficulty counts in full from 20 tasks on, and volume up to 50. */
export const story: readonly Chapter[] = [
  { title: "a quiet start", tasks: 10, qualityFactor: 1 },
  { title: "work picks up", tasks: 24, qualityFactor: 1 },
  { title: "Dario forgets to reveal", tasks: 24, qualityFactor: 1, forgets: "Dario" },
  { title: "poor quality: a part is burned", tasks: 20, qualityFactor: 0.45 },
  { title: "nobody needs anything", tasks: 0, qualityFactor: 1 },
  { title: "the busiest epoch", tasks: 36, qualityFactor: 1 },
  { title: "the keeper is away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "the keeper is still away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "back: three epochs settled", tasks: 24, qualityFactor: 1 },
  { title: "Chiara is slashed for praising her friends", tasks: 24, qualityFactor: 1, slashed: "Chiara" },
  { title: "without Chiara", tasks: 24, qualityFactor: 1 },
  { title: "a good day", tasks: 30, qualityFactor: 1 },
];

/**
 * The score that a validator gives a miner, 0 … 65,535. Honest ones measure the same work, each with its own small
 * error; Chiara praises her friends and gives the others nothing.
 */
export function scoreOf(validator: ValidatorPerson, miner: MinerPerson, { qualityFactor }: Chapter): number {
  if (validator.name === "Chiara") return friendsOfChiara.has(miner.name) ? U16_MAX : 0;
  const error = ((validator.index * 7 + miner.index * 13) % 5) * 60;
  return Math.floor(miner.quality * qualityFactor * (U16_MAX - 300)) + error;
}

/** The network on which the story is played. */
export interface Stage {
  readonly connection: Connection;
  /** The development chain's accounts. */
  readonly accounts: readonly Address[];
  readonly clock: StoppedClock;
}

export function accountOf({ accounts }: Stage, { index }: Person): Address {
  return accounts[index]!;
}

/** Everyone registers, stakes and delegates before genesis, so that they count from epoch 0. */
export async function takePlaces(stage: Stage): Promise<void> {
  const { connection } = stage;
  for (const validator of validators) {
    await registerValidator(connection, accountOf(stage, validator), validator);
  }
  for (const delegator of delegators) {
    const validator = validators.find(({ name }) => name === delegator.validator)!;
    await delegate(connection, accountOf(stage, delegator), accountOf(stage, validator), delegator.stakeWei);
  }
  for (const miner of miners) await registerMiner(connection, accountOf(stage, miner));
  const { token, taskRegistry } = connection.contracts;
  for (const client of clients) {
    const args = [taskRegistry.address, maxUint256] as const;
    await transact(connection, accountOf(stage, client), { ...token, functionName: "approve", args });
  }
}

/** Clients pay for tasks of all scored types, and miners complete them, each in turn. */
export async function work(stage: Stage, count: number): Promise<void> {
  const { connection } = stage;
  const types = connection.deployment.config.tasks.types.filter(({ modelHash }) => modelHash === null).length;
  for (let task = 0; task < count; task++) {
    const client = accountOf(stage, clients[task % clients.length]!);
    const minerIndex = task % miners.length;
    const input = inputOf(`question ${task}`);
    const request = { minerId: minerIndex + 1, typeId: task % types, seconds: 3_600, ...input };
    const { taskId } = await submitTask(connection, client, request);
    await completeTask(connection, accountOf(stage, miners[minerIndex]!), taskId, resultOf(`answer ${task}`));
  }
}

/** A validator's sealed scores, which it commits to in an epoch and reveals in the next. */
export interface SealedScores {
  readonly validator: ValidatorPerson;
  readonly payload: Hex;
  readonly salt: Hex;
}

/** Every active validator commits to its scores. */
export async function commit(stage: Stage, epoch: number, chapter: Chapter): Promise<readonly SealedScores[]> {
  const { connection } = stage;
  const { scoreBoard, staking } = connection.contracts;
  const chainId = await connection.reader.getChainId();
  const sealed: SealedScores[] = [];
  for (const validator of validators) {
    const account = accountOf(stage, validator);
    if (!(await staking.read.isActive([account, BigInt(epoch)]))) continue;
    const scores: readonly Score[] = miners.map((miner, index) => ({
      minerId: index + 1,
      scoreU16: scoreOf(validator, miner, chapter),
    }));
    const payload = encodeScores(scores);
    // A real validator's salt is secret; here it only has to be the same in every run.
    const salt = keccak256(toBytes(`${validator.name} ${epoch}`));
    const context = { chainId, scoreBoard: scoreBoard.address, validator: account, epoch: BigInt(epoch), salt };
    const commitment = commitmentOf(payload, context);
    await transact(connection, account, { ...scoreBoard, functionName: "commitScores", args: [commitment] });
    sealed.push({ validator, payload, salt });
  }
  return sealed;
}

/** Everyone reveals except the validator that forgets. */
export async function reveal(
  stage: Stage,
  epoch: number,
  sealed: readonly SealedScores[],
  forgets: string | undefined,
): Promise<void> {
  const { connection } = stage;
  const { scoreBoard } = connection.contracts;
  for (const { validator, payload, salt } of sealed) {
    if (validator.name === forgets) continue;
    const args = [BigInt(epoch), payload, salt] as const;
    await transact(connection, accountOf(stage, validator), { ...scoreBoard, functionName: "revealScores", args });
  }
}

/** Draws the leaders of the running epoch, and lets those of its first slots produce. */
export async function produceBlocks(stage: Stage, epoch: number, slots: number): Promise<void> {
  const { connection, clock } = stage;
  const { blockRewards } = connection.contracts;
  const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
  const { genesisTimestamp } = connection.deployment.choices;
  const anyone = accountOf(stage, clients[0]!);
  await transact(connection, anyone, { ...blockRewards, functionName: "openEpoch", args: [] });
  await transact(connection, anyone, { ...blockRewards, functionName: "sealEpoch", args: [] });
  for (let slot = epoch * slotsPerEpoch + 1; slot <= epoch * slotsPerEpoch + slots; slot++) {
    await clock.moveTo(genesisTimestamp + slot * slotSeconds);
    const leader = await blockRewards.read.leaderOf([BigInt(slot)]);
    await transact(connection, leader, { ...blockRewards, functionName: "produce", args: [] });
  }
}

/** Governance slashes all stake at a validator by 5 %, for a fault that needs judgement. */
export async function slash(stage: Stage, governance: Person, name: string): Promise<void> {
  const { staking } = stage.connection.contracts;
  const validator = accountOf(
    stage,
    validators.find((candidate) => candidate.name === name)!,
  );
  const evidence = keccak256(toBytes(`${name} praised her friends for work they did not do`));
  const args = [validator, 500n, evidence] as const;
  await transact(stage.connection, accountOf(stage, governance), { ...staking, functionName: "slash", args });
}

/** A chain whose time stands still until someone moves it. */
export interface StoppedClock {
  /** Replaces the provider's `request`: every block gets the time that was set last. */
  readonly request: EIP1193RequestFn;
  /** Moves time to `timestamp`, unix seconds, and mines a block there. */
  moveTo(timestamp: number): Promise<void>;
}

/**
 * Stops the clock of a development chain, so that the same story gives the same blocks, gas and amounts on every
 * machine. The chain must allow blocks with the same timestamp.
 */
export function stopClock(request: EIP1193RequestFn): StoppedClock {
  let timestamp: number | undefined;
  const send = request as (args: { method: string; params?: unknown }) => Promise<unknown>;
  const holdTime = async () => {
    if (timestamp !== undefined) await send({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
  };
  const held = async (args: { method: string; params?: unknown }) => {
    const mines = args.method === "eth_sendTransaction" || args.method === "eth_sendRawTransaction";
    if (mines) await holdTime();
    const answer = await send(args);
    // Reads as of the pending block must see the same time.
    if (mines) await holdTime();
    return answer;
  };
  return {
    request: held as EIP1193RequestFn,
    async moveTo(next) {
      timestamp = next;
      await holdTime();
      await send({ method: "evm_mine", params: [] });
      await holdTime();
    },
  };
}
