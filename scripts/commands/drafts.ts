/**
 * `--dry-run` and `--safe`, for every command that sends: what it would send, for people, for programs or for a Safe.
 */
import { type Address, encodeFunctionData, formatEther, type Hex, isAddressEqual } from "viem";
import { parseAccount } from "viem/utils";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { estimateGas } from "../chain/estimate";
import { type Signer, signerOf } from "../chain/signer";
import { type Draft, type Drafter, refusalOf } from "../chain/transact";
import { ADDRESS } from "../core/address";
import { sum } from "../core/fixedPoint";
import { writeWhole } from "../keeper/archive/textFile";
import { describeCost } from "../show/amounts";
import { safeBatch } from "../show/safeBatch";
import { type CommandOutput, Drafted } from "./command";
import { parseAddress } from "./parameters";

/** How a command sends. */
export interface Sending {
  readonly from: string | undefined;
  readonly dryRun?: boolean;
  /** The file to write instead of sending. */
  readonly safe?: string | undefined;
}

/**
 * The sender. With --dry-run or --safe nothing is sent, and `--from` may be any address: its key is not needed.
 * @throws What `signerOf` throws; Error if --safe comes without the address of the Safe, or with --dry-run.
 */
export async function senderOf(chain: Connection, { from, dryRun = false, safe }: Sending): Promise<Signer> {
  if (!dryRun && safe === undefined) return signerOf(chain.reader, from, process.env);
  if (dryRun && safe !== undefined) throw new Error("--dry-run and --safe are mutually exclusive.");
  const address = from !== undefined && ADDRESS.test(from) ? parseAddress("from", from) : undefined;
  if (safe !== undefined && address === undefined) throw new Error("--safe needs --from with the address of the Safe.");
  const account = parseAccount(address ?? (await signerOf(chain.reader, from, process.env)));
  const drafter: Drafter = {
    ...account,
    async draft(draft) {
      throw new Drafted(await (safe === undefined ? shown : written)(chain, account.address, draft, safe!));
    },
  };
  return drafter;
}

/**
 * The transactions that would be sent; `gas` is null if it is unknown until earlier ones are mined.
 * @throws RefusedError if a contract refuses.
 */
async function drafted({ reader, deployment }: Connection, account: Address, { calls, assumed }: Draft) {
  const contractAt = (address: Address): string =>
    Object.entries(deployment.addresses).find(([, known]) => isAddressEqual(known, address))?.[0] ?? address;
  return Promise.all(
    calls.map(async (call, index) => {
      const { address: to, functionName } = call;
      const gas = await estimateGas(reader, account, call, index === 0 ? [] : assumed).catch((error: unknown) => {
        const refusal = refusalOf(functionName, error);
        // The changes of the calls before it are not there yet.
        if (refusal !== undefined && index > 0 && assumed === undefined) return null;
        throw refusal ?? error;
      });
      return { to, name: `${contractAt(to)}.${functionName}`, data: encodeFunctionData(call), gas };
    }),
  );
}

/** What --dry-run says. */
async function shown(chain: Connection, account: Address, draft: Draft): Promise<CommandOutput> {
  const { reader, deployment } = chain;
  const [transactions, gasPriceWei, balanceWei] = await Promise.all([
    drafted(chain, account, draft),
    reader.getGasPrice(),
    reader.getBalance({ address: account }),
  ]);
  const known = transactions.flatMap(({ gas }) => (gas === null ? [] : [gas]));
  const gas = sum(known);
  const feeWei = gas * gasPriceWei;
  const { symbol } = deployment.config.chain.currency;
  const { statements } = draft;
  return {
    json: { account, statements, transactions, gasPriceWei, feeWei },
    text: [
      "Nothing was sent. Without --dry-run:",
      ...statements,
      `${account} sends:`,
      ...transactions.map((one, i) => `${i + 1}. ${one.name}${one.gas === null ? "" : `, ${one.gas} gas`}`),
      `${describeCost({ gas, feeWei }, symbol)}${known.length < transactions.length ? " The gas of the others is known only once the transactions before them are mined." : ""}`,
      ...(balanceWei < feeWei
        ? [`${account} has only ${formatEther(balanceWei)} ${symbol}, too little for this gas.`]
        : []),
    ].join("\n"),
  };
}

/** Writes the file of --safe, and says so. */
async function written(chain: Connection, account: Address, draft: Draft, file: string): Promise<CommandOutput> {
  const transactions = await drafted(chain, account, draft);
  const { statements } = draft;
  await writeForSafe(
    chain,
    { calls: transactions, name: transactions.at(-1)!.name, description: statements.join(" ") },
    file,
  );
  return {
    json: { account, statements, transactions, file },
    text: [
      `Nothing was sent. Import ${file} into the Transaction Builder of the Safe ${account}. When its owners sign:`,
      ...statements,
    ].join("\n"),
  };
}

/** Writes a call of the SettlementQuorum to a file that any Safe imports. */
export function writeSettlingForSafe(chain: Connection, data: Hex, name: string, path: string): Promise<void> {
  const calls = [{ to: chain.contracts.settlementQuorum.address, data }];
  return writeForSafe(chain, { calls, name, description: "For the SettlementQuorum of ModernTensor." }, path);
}

/** Writes calls to a file that a Safe's Transaction Builder imports. */
async function writeForSafe(
  { reader, deployment }: Connection,
  { calls, ...meta }: Pick<Parameters<typeof safeBatch>[0], "calls" | "name" | "description">,
  path: string,
): Promise<void> {
  const batch = safeBatch({
    ...meta,
    chainId: deployment.chainId,
    calls: calls.map(({ to, data }) => ({ to, data })),
    createdAt: Number(await nextTimestamp(reader)),
  });
  await writeWhole(path, [JSON.stringify(batch, null, 2), "\n"]);
}
