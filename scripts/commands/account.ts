/** `account show`: all that an account has on the network, in one look. */
import { type Address, formatEther, isAddressEqual } from "viem";
import { claimableRewards } from "../actions/rewards";
import { type Connection } from "../chain/connection";
import { listRoles } from "../chain/roles";
import { addressOf, signerOf } from "../chain/signer";
import { max } from "../core/fixedPoint";
import { positionOf } from "../core/rewardTree/rewardList";
import { proofOf } from "../core/rewardTree/proofs";
import { lowerCase } from "../core/strictJson";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { openArchive } from "../keeper/archive/openArchive";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type PostedRoot, readRewardRoots } from "../keeper/facts/rewardRoots";
import { readSettlements } from "../keeper/facts/settledEpochs";
import { carriedInto } from "../keeper/settle/carriedInto";
import { formatMdt } from "../show/amounts";
import { isoTime } from "../show/moments";
import { percentOfWad } from "../show/shares";
import { renderColumns } from "../show/table";
import { readPositions } from "../views/positions";
import { listValidators } from "../views/validatorList";
import { type OwnReturn, readOwnReturn } from "../views/validatorRecords";
import { chainOf } from "./context";
import { earningsHere, foreverMilliseconds } from "./earnings";
import { parseAddress } from "./parameters";
import { type Run } from "./table";

export const show: Run<"account", "show"> = async ({ account: text, from }, context) => {
  const chain = await chainOf(context);
  const account =
    text === undefined ? addressOf(await signerOf(chain.reader, from, process.env)) : parseAddress("account", text);
  const standing = await readStanding(chain, account);
  return { json: standing, text: describe(chain, standing) };
};

type Standing = Awaited<ReturnType<typeof readStanding>>;

async function readStanding(chain: Connection, account: Address) {
  const { reader, contracts } = chain;
  const { choices, config } = chain.deployment;
  const [balanceWei, gasWei, minerId, roles, listed, { epoch }] = await Promise.all([
    contracts.token.read.balanceOf([account]),
    reader.getBalance({ address: account }),
    contracts.taskRegistry.read.minerIdOf([account]),
    listRoles(chain),
    listValidators(chain),
    epochStatus(chain),
  ]);
  const archive = await openArchive(chain);
  const validators = listed.map(({ validator }) => validator);
  const positions = await readPositions(contracts, account, validators, epoch ?? 0);
  const epochSeconds = config.clock.slotSeconds * config.clock.slotsPerEpoch;
  return {
    account,
    balanceWei,
    gasWei,
    rewards: await readRewards(chain, archive, account),
    stakeReturn: await readOwnReturn(chain, account, earningsHere(chain, archive).stakesIn(foreverMilliseconds)),
    stakes: positions.map((position) => ({
      ...position,
      exits: position.exits.map((exit) => ({
        ...exit,
        withdrawableAt: choices.genesisTimestamp + exit.withdrawableEpoch * epochSeconds,
      })),
    })),
    minerId: minerId === 0 ? null : minerId,
    validator: listed.find(({ validator }) => isAddressEqual(validator, account)) ?? null,
    operates: listed
      .filter(({ validator, operator }) => isAddressEqual(operator, account) && !isAddressEqual(validator, account))
      .map(({ validator }) => validator),
    roles: roles
      .filter(({ holders }) => holders.some((holder) => isAddressEqual(holder, account)))
      .map(({ role, contract }) => ({ role, contract })),
  };
}

/** What was earned, and where it is: paid, claimable, maturing, or in no root that lives, as after a veto. Amounts in wei. */
async function readRewards(chain: Connection, archive: EpochArchive, account: Address) {
  const { settled, vetoes } = await readSettlements(chain);
  const { cumulative } = await carriedInto(chain, archive, settled.length, settled);
  const [{ claimedWei, claimableWei, epoch, cumulativeWei }, { pending, paused }, recipient] = await Promise.all([
    claimableRewards(chain, archive, account),
    readRewardRoots(chain, vetoes),
    chain.contracts.treasury.read.claimRecipientOf([account]),
  ]);
  const coveredWei = max(cumulativeWei, claimedWei);
  const maturedWei = max(coveredWei, pending === null ? 0n : await earnedBy(archive, pending, account));
  const earnedWei = max(maturedWei, cumulative.get(lowerCase(account)) ?? 0n);
  return {
    ...{ earnedWei, claimedWei, claimableWei, epoch, recipient, paused },
    maturingWei: maturedWei - coveredWei,
    claimableAt: pending?.claimableAt ?? null,
    waitingForRootWei: earnedWei - maturedWei,
  };
}

async function earnedBy(archive: EpochArchive, { epoch, root }: PostedRoot, account: Address): Promise<bigint> {
  const tree = await archive.tree(epoch, root);
  if (tree === undefined || positionOf(tree.list, account) === undefined) return 0n;
  return proofOf(tree, account).cumulativeWei;
}

function describe({ deployment }: Connection, standing: Standing): string {
  const { account, balanceWei, gasWei, rewards, stakeReturn, stakes, minerId, validator, operates, roles } = standing;
  const mdt = (wei: bigint): string => `${formatMdt(wei)} MDT`;
  const { claimedWei, claimableWei, maturingWei, claimableAt, waitingForRootWei, recipient, paused } = rewards;
  const rows: (readonly [what: string, amount: string, note: string])[] = [
    ["balance", mdt(balanceWei), `and ${formatEther(gasWei)} ${deployment.config.chain.currency.symbol} for gas`],
    ["claimable", mdt(claimableWei), paused ? "while paused nothing can be claimed" : ""],
    ...(maturingWei === 0n ? [] : [["maturing", mdt(maturingWei), `claimable from ${isoTime(claimableAt!)}`] as const]),
    ...(waitingForRootWei === 0n
      ? []
      : [
          [
            "waiting",
            mdt(waitingForRootWei),
            "earned, but its root was vetoed or replaced: the next one has it",
          ] as const,
        ]),
    ["paid so far", mdt(claimedWei), isAddressEqual(recipient, account) ? "" : `claims are paid to ${recipient}`],
    ...stakes.flatMap(({ validator: on, countsWei, willCountWei, withdrawableWei, exits }) => [
      ...(countsWei + willCountWei === 0n ? [] : [[...stakeRow(account, on, countsWei, willCountWei)] as const]),
      ...(withdrawableWei === 0n ? [] : [["withdrawable", mdt(withdrawableWei), `from ${on}`] as const]),
      ...exits.map(({ amountWei, withdrawableEpoch, withdrawableAt }) => {
        const when = `from ${on}, in epoch ${withdrawableEpoch}, ${isoTime(withdrawableAt)}`;
        return ["unstaking", mdt(amountWei), when] as const;
      }),
    ]),
    ...returnRow(stakeReturn),
  ];
  const parts = [
    ...(minerId === null ? [] : [`Miner ${minerId}.`]),
    ...(validator === null
      ? []
      : [
          `Validator, ${validator.status}: ${mdt(validator.totalWei)} at stake in all, commission ${validator.commissionBps / 100} %.`,
        ]),
    ...operates.map((one) => `Operator of the validator ${one}.`),
    ...roles.map(({ role, contract }) => `Role ${role} on ${contract}.`),
  ];
  return [account, renderColumns(["left", "right", "left"], rows), ...parts].join("\n");
}

function returnRow({ epochs, yearlyReturnWad }: OwnReturn) {
  if (yearlyReturnWad === null) return [];
  const measured = `on stake, measured over ${epochs === 1 ? "the settled epoch" : `${epochs} settled epochs`} of late that it had some in`;
  return [["return a year", percentOfWad(yearlyReturnWad), measured] as const];
}

function stakeRow(account: Address, validator: Address, countsWei: bigint, willCountWei: bigint) {
  const later = willCountWei === countsWei ? "" : `; ${formatMdt(willCountWei)} MDT from the epoch after the next`;
  const isOwn = isAddressEqual(account, validator);
  const what = isOwn ? "own stake" : "delegated";
  return [what, `${formatMdt(countsWei)} MDT`, `${isOwn ? "counts" : `to ${validator}`}${later}`] as const;
}
