import { formatMdt } from "../show/amounts";
import { renderTable } from "../show/table";
import { readSupply } from "../views/supply";
import { chainOf } from "./context";
import { type Run, type Runs } from "./table";
import { totalOf, type Amounts, exportState } from "../core/stateExport";
import { openArchive, type EpochArchive } from "../keeper/archive/epochArchive";
import { writeWhole } from "../keeper/archive/textFile";
import { type Address, type Hex, toEventSelector, zeroAddress } from "viem";
import { atBlock } from "../chain/atBlock";
import { type Connection } from "../chain/connection";
import { readLogRanges } from "../chain/logs";
import { max, sum } from "../core/fixedPoint";
import { lowerCase } from "../core/address";
import { epochStatus } from "../keeper/facts/epochStatus";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { carriedInto } from "../keeper/settle/epochInputs";
import { type Position, readPositions } from "../views/accounts";

export const supply: Run<"", "supply"> = async (_args, context) => {
  const supply = await readSupply(await chainOf(context));
  const titles: Readonly<Record<keyof typeof supply, string>> = {
    maxSupplyWei: "cap on all tokens ever minted",
    totalMintedWei: "minted so far, genesis included",
    totalBurnedWei: "burned",
    totalSupplyWei: "total supply",
    circulatingWei: "circulating",
    stakedWei: "at stake or unbonding",
    unclaimedWei: "unclaimed rewards",
    poolWei: "in the recycling pool",
    treasuryMintableWei: "the Treasury may still mint",
    blockRewardsMintableWei: "BlockRewards may still mint",
  };
  const rows = Object.entries(titles) as [keyof typeof supply, string][];
  return {
    json: supply,
    text: renderTable(
      ["", ">MDT"],
      rows.map(([key, title]) => [title, formatMdt(supply[key])]),
    ),
  };
};

export const state: Runs<"state"> = {
  async export({ out }, context) {
    const chain = await chainOf(context);
    const { holdings, positions, ...state } = await readState(chain, await openArchive(chain));
    const accounts = holdings.map((one) => ({
      ...one,
      totalWei: totalOf(one),
      positions: positions.get(one.account) ?? [],
    }));
    const file = { ...state, accounts };
    const text = JSON.stringify(file, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2);
    await writeWhole(out, [`${text}\n`]);
    const isPaused = await chain.contracts.treasury.read.paused();
    const warning = isPaused
      ? ""
      : " Warning: claims and settlements are possible now. Pause the Treasury before the export that you will use.";
    return {
      json: file,
      text: `${out} has ${accounts.length} accounts as of block ${state.block}. With ${formatMdt(state.restWei)} MDT in the pool and from rounding, they add up to the total supply, ${formatMdt(state.totalSupplyWei)} MDT.${warning}`,
    };
  },
};

/** The owner of every token, at one block; rewards are those that follow from the epochs' facts, whatever the root. */
export async function readState(connection: Connection, archive: EpochArchive) {
  const block = await connection.reader.getBlockNumber();
  const view = atBlock(connection, block);
  const { contracts, deployment } = view;
  const { staking, taskRegistry, treasury, token } = contracts;
  const [balances, positions, unclaimed, escrow, supply] = await Promise.all([
    balancesOf(view, block),
    positionsOf(view),
    unclaimedOf(view, archive),
    escrowOf(view),
    readSupply(view),
  ]);
  const [stakingWei, treasuryWei, registryWei] = await Promise.all(
    [staking, treasury, taskRegistry].map(({ address }) => token.read.balanceOf([address])),
  );
  const own = new Set(Object.values(deployment.addresses).map(lowerCase));
  const isOwn = ([account]: readonly [Address, bigint]): boolean => own.has(account);
  const staked = new Map(Array.from(positions, ([account, all]) => [account, sum(all.map(stakeOf))]));
  const state = exportState(
    supply.totalSupplyWei,
    new Map([...balances].filter((one) => !isOwn(one))),
    sum([...balances].filter(isOwn).map(([, amountWei]) => amountWei)),
    {
      staked: { heldWei: stakingWei!, amounts: staked },
      unclaimed: { heldWei: treasuryWei!, amounts: unclaimed },
      escrow: { heldWei: registryWei!, amounts: escrow },
    },
  );
  const { treasuryMintableWei, blockRewardsMintableWei } = supply;
  const at = { deployment: deployment.id, block: Number(block) };
  return { ...state, ...at, treasuryMintableWei, blockRewardsMintableWei, positions };
}

/** All stake with one validator, including what is leaving. */
function stakeOf({ willCountWei, withdrawableWei, exits }: Position): bigint {
  return willCountWei + withdrawableWei + sum(exits.map(({ amountWei }) => amountWei));
}

const transfer = toEventSelector("Transfer(address,address,uint256)");

/** The sum of all transfers since deployment, read from the node: the event store has only those of the pool. */
async function balancesOf({ reader, contracts, deployment }: Connection, block: bigint): Promise<Amounts> {
  const balances = new Map<Address, bigint>();
  const add = (topic: Hex, amountWei: bigint): void => {
    const account: Address = `0x${topic.slice(-40)}`;
    balances.set(account, (balances.get(account) ?? 0n) + amountWei);
  };
  const filter = { address: contracts.token.address, topics: [transfer] };
  for await (const { logs } of readLogRanges(reader, [filter], BigInt(deployment.choices.fromBlock), block)) {
    for (const { topics, data } of logs) {
      add(topics[1]!, -BigInt(data));
      add(topics[2]!, BigInt(data));
    }
  }
  balances.delete(zeroAddress);
  return balances;
}

async function positionsOf(view: Connection): Promise<ReadonlyMap<Address, readonly Position[]>> {
  const validatorsOf = new Map<Address, Set<Address>>();
  for (const { args } of await view.events.select(["StakeChanged"])) {
    const account = lowerCase(args.account);
    validatorsOf.set(account, (validatorsOf.get(account) ?? new Set()).add(args.validator));
  }
  const epoch = (await epochStatus(view)).epoch ?? 0;
  const read = [...validatorsOf].map(
    async ([account, validators]) =>
      [account, await readPositions(view.contracts, account, [...validators], epoch)] as const,
  );
  return new Map(await Promise.all(read));
}

async function unclaimedOf(view: Connection, archive: EpochArchive): Promise<Amounts> {
  const settled = await readSettledEpochs(view);
  const { cumulative } = await carriedInto(view, archive, settled.length, settled);
  const left = Array.from(cumulative, async ([account, earnedWei]) => {
    const claimedWei = await view.contracts.treasury.read.claimedOf([account]);
    return [lowerCase(account), max(earnedWei - claimedWei, 0n)] as const;
  });
  return new Map(await Promise.all(left));
}

/** The fees of open tasks, which go back to their clients. */
async function escrowOf({ events }: Connection): Promise<Amounts> {
  const open = new Map<bigint, readonly [Address, bigint]>();
  for (const { name, args } of await events.select(["TaskSubmitted", "TaskCompleted", "TaskRefunded"])) {
    if (name === "TaskSubmitted") open.set(args.taskId, [lowerCase(args.client), args.feeWei]);
    else open.delete(args.taskId);
  }
  const escrow = new Map<Address, bigint>();
  for (const [client, feeWei] of open.values()) escrow.set(client, (escrow.get(client) ?? 0n) + feeWei);
  return escrow;
}
