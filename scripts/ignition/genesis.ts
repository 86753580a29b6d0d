import { readFileSync } from "node:fs";
import { type Address } from "viem";
import { z } from "zod";
import { type GenesisChoice } from "../chain/deployment";
import { ConfigError } from "../config/networkConfig";
import { sum } from "../core/fixedPoint";
import { writtenAddress } from "../core/strictJson";

/** How many accounts fit into the transaction that makes the token. */
const mostAccounts = 400;

const wei = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));

/** What is read of an export; people may have the rest. */
const exportSchema = z.object({
  totalSupplyWei: wei,
  restWei: wei,
  treasuryMintableWei: wei,
  blockRewardsMintableWei: wei,
  accounts: z.array(z.object({ account: writtenAddress, totalWei: wei })),
});

/**
 * What a new deployment takes over from an export: everybody's tokens, and what may still be minted. What was nobody's goes to
 * the DAO.
 * @throws ConfigError where the file is no export, does not add up, or has too many accounts.
 */
export function readGenesis(file: string, dao: Address): GenesisChoice {
  const state = parse(file);
  const { accounts, restWei, totalSupplyWei, treasuryMintableWei, blockRewardsMintableWei } = state;
  const allWei = restWei + sum(accounts.map(({ totalWei }) => totalWei));
  if (allWei !== totalSupplyWei) {
    throw new ConfigError(`${file} distributes ${allWei} wei of a supply of ${totalSupplyWei} wei: export it again.`);
  }
  if (accounts.length > mostAccounts) {
    throw new ConfigError(
      `${file} has ${accounts.length} accounts, and a deployment gives tokens to ${mostAccounts} at most: move the smallest to an account that pays them afterwards.`,
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
