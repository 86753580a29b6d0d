import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Address, type PublicClient } from "viem";
import {
  type DeploymentChoices,
  deploymentChoicesSchema,
  deploymentDirectory,
  choicesFile,
  readRecord,
  type GenesisChoice,
} from "../chain/deployment";
import { type Chosen } from "../config/loadNetworkConfig";
import { deploymentsDirectory } from "../config/folders";
import { nodeAccounts } from "../chain/signer";
import { ConfigError, type NetworkConfig } from "../config/networkConfig";
import { nextTimestamp } from "../chain/blocks";
import { writeWhole } from "../keeper/archive/textFile";
import { z } from "zod";
import { sum } from "../core/fixedPoint";
import { writtenAddress } from "../core/strictJson";

/**
 * Chooses values once per deployment and records them before anything is sent, so that a stopped run resumes with the
 * same ones: when epoch 0 begins, who the DAO is, who gets tokens at genesis, and what differs from the configuration.
 */
export async function chooseOnce(
  reader: PublicClient,
  id: string,
  network: string,
  config: NetworkConfig,
  deployer: Address,
  chosen: Chosen = {},
  genesisFile?: string,
): Promise<DeploymentChoices> {
  const file = choicesFile(id);
  if (existsSync(file)) {
    const begun = readRecord(file, deploymentChoicesSchema);
    const other = Object.entries(chosen).find(
      ([name, value]) => !isDeepStrictEqual(begun[name as keyof Chosen], value),
    );
    if (other !== undefined) {
      const option = other[0] === "clock" ? "--epoch-seconds" : "--solo-after";
      throw new ConfigError(`${id} was started with another value of ${option}: omit the option to resume.`);
    }
    if (
      genesisFile !== undefined &&
      !isDeepStrictEqual(begun.genesis, readGenesis(genesisFile, begun.dao as Address))
    ) {
      throw new ConfigError(
        `${id} was started with another genesis: move ${deploymentDirectory(id)} away to deploy from the start, or omit --genesis to resume.`,
      );
    }
    return begun;
  }
  const dao = config.dao ?? deployer;
  if (config.dao === null && network !== "local") {
    throw new ConfigError(
      `Set "dao" in scripts/config/${network}.json: the recipient of the DAO's share can't be changed later.`,
    );
  }
  const now = Number(await nextTimestamp(reader));
  const choices: DeploymentChoices = {
    network,
    genesisTimestamp: now + (chosen.clock ?? config.clock).genesisDelaySeconds,
    dao,
    fromBlock: Number(await reader.getBlockNumber()),
    nodeAccounts: config.supply.nodeAccountAllocationWei > 0n ? [...(await nodeAccounts(reader))] : [],
    ...chosen,
    ...(genesisFile === undefined ? {} : { genesis: readGenesis(genesisFile, dao) }),
  };
  await writeWhole(file, [`${JSON.stringify(choices, null, 2)}\n`]);
  return choices;
}

/** Records of other chains with the same chain id: development nodes that ran earlier, or still run elsewhere. */
export function otherRecords(id: string): readonly string[] {
  const prefix = id.slice(0, id.lastIndexOf("-") + 1);
  if (!existsSync(deploymentsDirectory)) return [];
  return readdirSync(deploymentsDirectory).filter((entry) => entry.startsWith(prefix) && entry !== id);
}

/** How many accounts fit into the transaction that deploys the token. */
const mostAccounts = 400;

const wei = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));

/** The part of an export that is read here; the rest is for people. */
const exportSchema = z.object({
  totalSupplyWei: wei,
  restWei: wei,
  treasuryMintableWei: wei,
  blockRewardsMintableWei: wei,
  accounts: z.array(z.object({ account: writtenAddress, totalWei: wei })),
});

/**
 * What a new deployment takes over from an export: everyone's tokens, and what may still be minted. The rest, which
 * belongs to no account, goes to the DAO.
 * @throws ConfigError if the file is no export, does not add up, or has too many accounts.
 */
function readGenesis(file: string, dao: Address): GenesisChoice {
  const state = parse(file);
  const { accounts, restWei, totalSupplyWei, treasuryMintableWei, blockRewardsMintableWei } = state;
  const allWei = restWei + sum(accounts.map(({ totalWei }) => totalWei));
  if (allWei !== totalSupplyWei) {
    throw new ConfigError(`${file} distributes ${allWei} wei of a supply of ${totalSupplyWei} wei: export it again.`);
  }
  if (accounts.length > mostAccounts) {
    throw new ConfigError(
      `${file} has ${accounts.length} accounts, but a deployment can give tokens to at most ${mostAccounts}: combine the smallest into one account that pays them out later.`,
    );
  }
  const allocations = [
    ...accounts.map(({ account, totalWei }) => ({ account, amountWei: totalWei })),
    { account: dao, amountWei: restWei },
  ];
  return {
    allocations: allocations.map(({ account, amountWei }) => ({ account, amountWei: String(amountWei) })),
    treasuryAllowanceWei: String(treasuryMintableWei),
    blockRewardsAllowanceWei: String(blockRewardsMintableWei),
  };
}

function parse(file: string): z.output<typeof exportSchema> {
  try {
    return exportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new ConfigError(`${file} was not written by "state export".`);
  }
}
