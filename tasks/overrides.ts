/** What Hardhat's own node and test runner do differently here, and which key deploys. */
import { TASK_NODE_SERVER_READY, TASK_TEST_GET_TEST_FILES } from "hardhat/builtin-tasks/task-names";
import { subtask, extendProvider } from "hardhat/config";
import { sep } from "node:path";
import { findChromium, NoChromiumError } from "../test/shared/chromium";
import { ProviderWrapper } from "hardhat/plugins";
import { type EIP1193Provider, type RequestArguments } from "hardhat/types";
import { type Hex, hexToBigInt, hexToNumber, type LocalAccount, type TransactionSerializable } from "viem";
import { httpEndpointOf } from "../scripts/commands/commandLine";
import "./idleConnections";

/** The development node mines a block every slot, because time in a chain stands still while no block is mined. */
subtask(TASK_NODE_SERVER_READY, async (args, hre, runSuper) => {
  const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
  const { slotSeconds } = loadNetworkConfig("local").clock;
  await hre.network.provider.send("evm_setIntervalMining", [slotSeconds * 1_000]);
  await runSuper(args);
});

const isIn = (folder: string) => (file: string) => file.includes(`${sep}test${sep}${folder}${sep}`);
const isBrowser = isIn("browser");
const elsewhere = [isIn("long"), isIn("network"), isIn("measured"), isIn("faults"), isBrowser];

/**
 * Files that tests share are no tests: as tests, they would be loaded into the process of others, and some are
 * programs.
 */
const isTest = (file: string): boolean => file.endsWith(".test.ts");

/** `npm test` omits suites with their own commands (docs/contributing.md). The tests in `browser` need Chromium. */
subtask(TASK_TEST_GET_TEST_FILES, async (args: { testFiles: string[] }, _hre, runSuper) => {
  const files = (await runSuper(args)) as string[];
  if (args.testFiles.length === 0) {
    return files.filter((file) => isTest(file) && !elsewhere.some((isThere) => isThere(file)));
  }
  if (files.some(isBrowser)) requireChromium();
  return files;
});

/** Ends the command with one sentence if there is no browser, before any test begins. */
function requireChromium(): void {
  try {
    findChromium(process.env.CHROMIUM_PATH);
  } catch (error) {
    if (!(error instanceof NoChromiumError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/**
 * The account that deploys: that of the key that signs every other command, if the environment has one, else one of the
 * node's.
 */
extendProvider(async (provider, { networks }, network) => {
  if (network === "hardhat" || networks[network] === undefined) return provider;
  const { readerOf } = await import("../scripts/chain/connection");
  const { signerOf } = await import("../scripts/chain/signer");
  const signer = await signerOf(readerOf(httpEndpointOf(process.env.MDT_RPC_URL)), undefined, process.env);
  // Hardhat's own wrappers stand for an EventEmitter in the same way.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return typeof signer === "string" ? provider : new SigningProvider(provider, signer as LocalAccount);
});

/** Acts as a node with one account, whose key is here, in a keystore or with a remote signer. */
class SigningProvider extends ProviderWrapper {
  constructor(
    provider: EIP1193Provider,
    private readonly account: LocalAccount,
  ) {
    super(provider);
  }

  override async request(question: RequestArguments): Promise<unknown> {
    const { method, params } = question;
    if (method === "eth_accounts") return [this.account.address];
    if (method !== "eth_sendTransaction") return this._wrappedProvider.request(question);
    const chainId = hexToNumber((await this._wrappedProvider.request({ method: "eth_chainId" })) as Hex);
    const [fields] = params as [Fields];
    const raw = await this.account.signTransaction(transactionOf(fields, chainId));
    return this._wrappedProvider.request({ method: "eth_sendRawTransaction", params: [raw] });
  }
}

/** A transaction as Ignition sends it: with its nonce, its gas and its fees. */
type Fields = Readonly<Record<"data" | "gas" | "nonce", Hex>> &
  Readonly<Partial<Record<"to" | "value" | "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas", Hex>>>;

function transactionOf(fields: Fields, chainId: number): TransactionSerializable {
  const { to, data, gas, nonce, value = "0x0", gasPrice, maxFeePerGas, maxPriorityFeePerGas } = fields;
  const common = { chainId, to, data, gas: hexToBigInt(gas), nonce: hexToNumber(nonce), value: hexToBigInt(value) };
  return gasPrice === undefined
    ? {
        ...common,
        maxFeePerGas: hexToBigInt(maxFeePerGas!),
        maxPriorityFeePerGas: hexToBigInt(maxPriorityFeePerGas!),
        type: "eip1559",
      }
    : { ...common, gasPrice: hexToBigInt(gasPrice), type: "legacy" };
}
