import {
  type Abi,
  type AbiEvent,
  custom,
  decodeFunctionData,
  encodeAbiParameters,
  encodeErrorResult,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  numberToHex,
  pad,
} from "viem";
import { type Addresses, type ContractKey, deployedContracts } from "../../scripts/chain/abis";
import { type Connection, connectionOf } from "../../scripts/chain/connection";
import { type Deployment } from "../../scripts/chain/deployment";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { type NetworkConfig } from "../../scripts/config/networkConfig";

/** What a view returns for its arguments. */
type View = (...args: never[]) => unknown;

/** The answers of the node behind a connection. */
export interface Answers {
  /** By contract and function, as "scoreBoard.commitsOf"; a call of any other view fails. */
  readonly views?: Readonly<Partial<Record<`${ContractKey}.${string}`, View>>>;
  /** What any other method returns, by its name, as "eth_getBlockByNumber"; "eth_call" is of a contract that is none of the deployment's. */
  readonly methods?: Readonly<Record<string, (...params: never[]) => unknown>>;
}

/** How the deployment differs from the network `local` whose epoch 0 begins at the time 0. */
export interface DeploymentChanges {
  readonly clock?: Partial<NetworkConfig["clock"]>;
  readonly keeper?: Partial<NetworkConfig["keeper"]>;
  readonly genesisTimestamp?: number;
}

const keys = Object.keys(deployedContracts) as ContractKey[];

/** The contract's address: each contract has its own. */
export const addressOfContract = (key: ContractKey): Hex => pad(numberToHex(keys.indexOf(key) + 1), { size: 20 });

/** A deployment that was never seen before. */
export function deploymentWith({ clock, keeper, genesisTimestamp = 0 }: DeploymentChanges = {}): Deployment {
  const config = loadNetworkConfig("local");
  const addresses = Object.fromEntries(keys.map((key) => [deployedContracts[key][0], addressOfContract(key)]));
  return {
    id: "chain-1-00000000",
    chainId: 1,
    addresses: addresses as unknown as Addresses,
    choices: { network: "local", dao: addressOfContract("token"), genesisTimestamp, fromBlock: 0, nodeAccounts: [] },
    config: { ...config, clock: { ...config.clock, ...clock }, keeper: { ...config.keeper, ...keeper } },
  };
}

/**
 * A connection to a node that answers over JSON-RPC as the test says: for states that a real chain would reach only after hours.
 * @param onAsked Called with each question, as "scoreBoard.commitsOf" or "eth_chainId", and the block that it is about.
 */
export function answeringChain(
  { views = {}, methods = {} }: Answers,
  changes: DeploymentChanges = {},
  onAsked: (question: string, block: unknown) => void = () => undefined,
): Connection {
  const call = async ({ to, data }: { to: Hex; data: Hex }, block: unknown): Promise<Hex> => {
    const key = keys.find((one) => addressOfContract(one) === to);
    if (key === undefined) return (await methods.eth_call?.(...([{ to, data }, block] as never[]))) as Hex;
    const abi = deployedContracts[key][1] as Abi;
    const { functionName, args = [] } = decodeFunctionData({ abi, data });
    onAsked(`${key}.${functionName}`, block);
    const view = views[`${key}.${functionName}`];
    if (view === undefined) throw new Error(`Nobody expects ${key}.${functionName}.`);
    return encodeFunctionResult({ abi, functionName, result: await view(...(args as never[])) });
  };
  const request = async ({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> => {
    const list = params as readonly unknown[];
    if (method === "eth_call") return await call(list[0] as { to: Hex; data: Hex }, list[1]);
    onAsked(method, list[1]);
    const answer = methods[method];
    if (answer !== undefined) return await answer(...(list as never[]));
    if (method === "eth_chainId") return "0x1";
    throw new Error(`Nobody expects ${method}.`);
  };
  return connectionOf(custom({ request }, { retryCount: 0 }), deploymentWith(changes));
}

/** A block as a node returns it. */
export function blockAt(number: number, timestamp: number): object {
  return {
    number: numberToHex(number),
    hash: pad(numberToHex(number + 1)),
    timestamp: numberToHex(timestamp),
    transactions: [],
  };
}

/** To be thrown by a view: the contract refuses with its custom error. */
export function refusalBy(key: ContractKey, errorName: string, args: readonly unknown[] = []): Error {
  const abi: Abi = deployedContracts[key][1];
  const data = encodeErrorResult({ abi, errorName, args });
  return Object.assign(new Error("execution reverted"), { code: 3, data });
}

/** An event as a node returns it. */
interface NodeLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly blockNumber: Hex;
}

/** Where an event is: its place in the block, and the transaction by any number. */
export interface Place {
  readonly block: number;
  readonly log?: number;
  readonly transaction?: number;
}

/** An event of a contract, in the block that `blockAt` returns. */
export function logOf(key: ContractKey, eventName: string, args: object, { block, log = 0, transaction = 0 }: Place) {
  const abi = deployedContracts[key][1] as Abi;
  const event = abi.find((item): item is AbiEvent => item.type === "event" && item.name === eventName)!;
  const values = args as Readonly<Record<string, unknown>>;
  const plain = event.inputs.filter(({ indexed }) => indexed !== true);
  return {
    address: addressOfContract(key),
    topics: encodeEventTopics({ abi, eventName, args }) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => values[name!]),
    ),
    blockNumber: numberToHex(block),
    blockHash: pad(numberToHex(block + 1)),
    transactionHash: pad(numberToHex(block * 1_000 + transaction)),
    transactionIndex: numberToHex(transaction),
    logIndex: numberToHex(log),
    removed: false,
  };
}

/** The answers of `eth_getLogs` if the chain has these events. */
export function logsAmong(logs: readonly NodeLog[]) {
  return ({ address, topics = [], fromBlock, toBlock }: Record<string, unknown>): readonly NodeLog[] =>
    logs.filter(
      (log) =>
        [address].flat().includes(log.address) &&
        (topics as readonly unknown[]).every((topic, i) => topic === null || [topic].flat().includes(log.topics[i])) &&
        BigInt(log.blockNumber) >= BigInt(fromBlock as Hex) &&
        BigInt(log.blockNumber) <= BigInt(toBlock as Hex),
    );
}
