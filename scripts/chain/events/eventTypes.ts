/** Which events are kept, and how they are written into the store and read from it. */
import {
  type Abi,
  type AbiEvent,
  type AbiParameter,
  decodeEventLog,
  DecodeLogDataMismatch,
  DecodeLogTopicsMismatch,
  type GetEventArgs,
  type Hex,
} from "viem";
import { type EventRow } from "../../store/eventStore";
import { type ContractKey, deployedContracts } from "../abis";
import { type RawLog } from "../logs";

/**
 * The events that the program reads, by the contract that emits them. The store also holds all other events of the
 * contracts.
 */
const sources = {
  StakeChanged: "staking",
  ValidatorLeft: "staking",
  Redelegated: "staking",
  Slashed: "staking",
  ValidatorRegistered: "staking",
  CommissionChanged: "staking",
  ScoresRevealed: "scoreBoard",
  PolicyPublished: "policyRegistry",
  EpochSettled: "treasury",
  RootVetoed: "treasury",
  RootReposted: "treasury",
  Claimed: "treasury",
  Paused: "treasury",
  Unpaused: "treasury",
  EpochOpened: "blockRewards",
  EpochSealed: "blockRewards",
  BlockProduced: "blockRewards",
  SettlementSigned: "settlementQuorum",
  RepostSigned: "settlementQuorum",
  MinerRegistered: "taskRegistry",
  TaskSubmitted: "taskRegistry",
  TaskCompleted: "taskRegistry",
  TaskRefunded: "taskRegistry",
  TaskTypeSet: "taskRegistry",
  Transfer: "token",
} as const satisfies Readonly<Record<string, ContractKey>>;

export type EventName = keyof typeof sources;

type AbiOf<N extends EventName> = (typeof deployedContracts)[(typeof sources)[N]][1];

/** An event of the system, decoded. */
export type ChainEvent<N extends EventName = EventName> = N extends EventName
  ? {
      readonly name: N;
      readonly args: GetEventArgs<AbiOf<N>, N, { EnableUnion: false; IndexedOnly: false; Required: true }>;
      readonly block: number;
      readonly log: number;
      readonly blockHash: Hex;
      readonly transactionHash: Hex;
      readonly transactionIndex: number;
    }
  : never;

/**
 * A log as a row of the store; undefined for an event that no contract of the system declares.
 * @throws DecodeLogDataMismatch, DecodeLogTopicsMismatch for a log that its contract can't have emitted.
 */
export function rowOf(log: RawLog, keyOf: ReadonlyMap<string, ContractKey>): EventRow | undefined {
  const [contract, abi] = deployedContracts[keyOf.get(log.address.toLowerCase())!];
  const decoded = decode(log, abi);
  if (decoded === undefined) return undefined;
  const { eventName, args } = decoded;
  const { inputs } = eventOf(abi, eventName);
  const subject = inputs.find(({ type }) => type === "address");
  const { epoch } = args as { readonly epoch?: bigint };
  return {
    block: Number(log.blockNumber),
    log: log.logIndex,
    transaction_index: log.transactionIndex,
    transaction_hash: log.transactionHash,
    block_hash: log.blockHash,
    contract,
    name: eventName,
    epoch: typeof epoch === "bigint" ? Number(epoch) : null,
    subject: subject === undefined ? null : (args[subject.name!] as string).toLowerCase(),
    args: JSON.stringify(args, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  };
}

interface Decoded {
  readonly eventName: string;
  readonly args: Readonly<Record<string, unknown>>;
}

function decode({ topics, data }: RawLog, abi: Abi): Decoded | undefined {
  try {
    return decodeEventLog({ abi, topics: topics, data, strict: true }) as unknown as Decoded;
  } catch (error) {
    if (error instanceof DecodeLogDataMismatch || error instanceof DecodeLogTopicsMismatch) throw error;
    return undefined;
  }
}

/** The event in a row of the store. */
export function eventOfRow<N extends EventName>(row: EventRow): ChainEvent<N> {
  const { inputs } = eventOf(deployedContracts[sources[row.name as N]][1], row.name);
  return {
    name: row.name,
    args: revive(JSON.parse(row.args), { type: "tuple", components: inputs }),
    block: row.block,
    log: row.log,
    blockHash: row.block_hash,
    transactionHash: row.transaction_hash,
    transactionIndex: row.transaction_index,
  } as unknown as ChainEvent<N>;
}

function eventOf(abi: Abi, name: string): AbiEvent {
  return abi.find((item): item is AbiEvent => item.type === "event" && item.name === name)!;
}

/** Integers of up to this many bits are numbers, as in viem; larger ones are bigints. */
const mostNumberBits = 48;

/** A value from JSON in the form that viem gives it. */
function revive(value: unknown, parameter: AbiParameter): unknown {
  const { type } = parameter;
  if (type.endsWith("]")) {
    const item = { ...parameter, type: type.slice(0, type.lastIndexOf("[")) };
    return (value as readonly unknown[]).map((one) => revive(one, item));
  }
  if ("components" in parameter) {
    const fields = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(parameter.components.map((one) => [one.name!, revive(fields[one.name!], one)]));
  }
  const bits = /^u?int(\d+)$/.exec(type)?.[1];
  return bits !== undefined && Number(bits) > mostNumberBits ? BigInt(value as string) : value;
}
