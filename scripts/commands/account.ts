/** `account show`: everything that an account has on the network. */
import { type Address, formatEther, isAddressEqual, zeroAddress } from "viem";
import { claimableRewards } from "../actions/rewards";
import { type Connection } from "../chain/connection";
import { listRoles } from "../chain/participants";
import { addressOf, signerOf } from "../chain/signer";
import { max } from "../core/fixedPoint";
import { positionOf } from "../core/rewardTree/rewardList";
import { proofOf } from "../core/rewardTree/proofs";
import { lowerCase } from "../core/address";
import { type EpochArchive, openArchive } from "../keeper/archive/epochArchive";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type PostedRoot, readRewardRoots } from "../keeper/facts/rewardRoots";
import { readSettlements } from "../keeper/facts/settledEpochs";
import { carriedInto } from "../keeper/settle/epochInputs";
import { formatMdt, percentOfWad } from "../show/amounts";
import { isoTime } from "../show/moments";
import { renderNotes, widthOf, wrapped } from "../show/table";
import { startOf } from "../views/epochTimes";
import { readPositions, readProfile } from "../views/accounts";
import { listValidators, type OwnReturn, readOwnReturn } from "../views/validators";
import { chainOf } from "./context";
import { earningsHere, foreverMilliseconds } from "./income";
import { parseAddress } from "./parameters";
import { type Runs } from "./table";

export const account: Runs<"account"> = {
  async show({ account: text, from }, context) {
    const chain = await chainOf(context);
    const account =
      text === undefined ? addressOf(await signerOf(chain.reader, from, process.env)) : parseAddress("account", text);
    const standing = await readStanding(chain, account);
    return { json: standing, text: describe(chain, standing) };
  },
};

type Standing = Awaited<ReturnType<typeof readStanding>>;

async function readStanding(chain: Connection, account: Address) {
  const { reader, contracts } = chain;
  const [balanceWei, gasWei, profile, minerId, roles, listed, { epoch }] = await Promise.all([
    contracts.token.read.balanceOf([account]),
    reader.getBalance({ address: account }),
    readProfile(chain, account),
    contracts.taskRegistry.read.minerIdOf([account]),
    listRoles(chain),
    listValidators(chain),
    epochStatus(chain),
  ]);
  const archive = await openArchive(chain);
  const validators = listed.map(({ validator }) => validator);
  const positions = await readPositions(contracts, account, validators, epoch ?? 0);
  const nameOf = (address: Address) => listed.find(({ validator }) => validator === address)?.profile?.name ?? null;
  return {
    account,
    profile,
    balanceWei,
    gasWei,
    rewards: await readRewards(chain, archive, account),
    stakeReturn: await readOwnReturn(chain, account, earningsHere(chain, archive).stakesIn(foreverMilliseconds)),
    stakes: positions.map((position) => ({
      ...position,
      name: nameOf(position.validator),
      willCountEpoch: (epoch ?? 0) + 2,
      willCountAt: startOf(chain, (epoch ?? 0) + 2),
      exits: position.exits.map((exit) => ({ ...exit, withdrawableAt: startOf(chain, exit.withdrawableEpoch) })),
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

/** Earned rewards in wei: paid, claimable, maturing, or in no current or pending root, as after a veto. */
async function readRewards(chain: Connection, archive: EpochArchive, account: Address) {
  const { settled, vetoes } = await readSettlements(chain);
  const { cumulative } = await carriedInto(chain, archive, settled.length, settled);
  const { treasury } = chain.contracts;
  const [{ claimedWei, claimableWei, epoch, cumulativeWei }, { pending, paused }, recipient, staked] =
    await Promise.all([
      claimableRewards(chain, archive, account),
      readRewardRoots(chain, vetoes),
      treasury.read.claimRecipientOf([account]),
      treasury.read.autoStakeValidatorOf([account]),
    ]);
  const coveredWei = max(cumulativeWei, claimedWei);
  const maturedWei = max(coveredWei, pending === null ? 0n : await earnedBy(archive, pending, account));
  const earnedWei = max(maturedWei, cumulative.get(lowerCase(account)) ?? 0n);
  return {
    ...{ earnedWei, claimedWei, claimableWei, epoch, recipient, paused },
    autoStake: isAddressEqual(staked, zeroAddress) ? null : staked,
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
  const { account, profile, balanceWei, gasWei, rewards, stakeReturn, stakes } = standing;
  const { minerId, validator, operates, roles } = standing;
  const mdt = (wei: bigint): string => `${formatMdt(wei)} MDT`;
  const { claimedWei, claimableWei, maturingWei, claimableAt, waitingForRootWei, paused } = rewards;
  const rows: readonly Row[] = [
    ["balance", mdt(balanceWei), `and ${formatEther(gasWei)} ${deployment.config.chain.currency.symbol} for gas`],
    ["claimable", mdt(claimableWei), paused ? "nobody can claim during the pause" : ""],
    ...(maturingWei === 0n ? [] : [["maturing", mdt(maturingWei), `claimable from ${isoTime(claimableAt!)}`] as const]),
    ...(waitingForRootWei === 0n
      ? []
      : [
          [
            "waiting",
            mdt(waitingForRootWei),
            "earned, but the root was vetoed or replaced: the next root will include it",
          ] as const,
        ]),
    ["paid so far", mdt(claimedWei), whereClaimsGo(account, rewards)],
    ...stakes.flatMap((stake) => [
      ...(stake.countsWei + stake.willCountWei === 0n ? [] : [stakeRow(account, stake)]),
      ...leavingRows(stake),
    ]),
    ...returnRow(stakeReturn),
  ];
  const parts = [
    ...(minerId === null ? [] : [`Miner ${minerId}.`]),
    ...(validator === null
      ? []
      : [
          `Validator, ${validator.status}: ${mdt(validator.totalWei)} of own and delegated stake, commission ${validator.commissionBps / 100} %.`,
        ]),
    ...operates.map((one) => `Operator of the validator ${one}.`),
    ...roles.map(({ role, contract }) => `Role ${role} on ${contract}.`),
  ];
  const width = widthOf(process.stdout);
  const title = wrapped(`${account}${inBrackets(profile?.name)}`, width);
  return [title, renderNotes(rows, width), ...parts.map((part) => wrapped(part, width))].join("\n");
}

/** A name behind an address, if there is one. */
function inBrackets(name: string | null | undefined): string {
  return (name ?? "") === "" ? "" : ` (${name})`;
}

function returnRow({ epochs, yearlyReturnWad }: OwnReturn) {
  if (yearlyReturnWad === null) return [];
  const measured = `on stake, measured over the ${epochs === 1 ? "recent settled epoch" : `${epochs} recent settled epochs`} in which it had stake`;
  return [["yearly return", percentOfWad(yearlyReturnWad), measured] as const];
}

type Stake = Standing["stakes"][number];
type Row = readonly [what: string, amount: string, note: string];

function whereClaimsGo(account: Address, { recipient, autoStake }: Standing["rewards"]): string {
  if (autoStake !== null) return `claims are staked with ${autoStake}`;
  return isAddressEqual(recipient, account) ? "" : `claims are paid to ${recipient}`;
}

function stakeRow(account: Address, { validator, name, countsWei, willCountWei, ...from }: Stake): Row {
  const when = `by epoch ${from.willCountEpoch}, ${isoTime(from.willCountAt)}`;
  const later = willCountWei === countsWei ? "" : `; ${formatMdt(willCountWei)} MDT ${when}`;
  const isOwn = isAddressEqual(account, validator);
  const where = isOwn ? "counts" : `to ${validator}${inBrackets(name)}`;
  return [isOwn ? "own stake" : "delegated", `${formatMdt(countsWei)} MDT`, `${where}${later}`];
}

function leavingRows({ validator, withdrawableWei, exits }: Stake): readonly Row[] {
  const now: readonly Row[] =
    withdrawableWei === 0n ? [] : [["withdrawable", `${formatMdt(withdrawableWei)} MDT`, `from ${validator}`]];
  const later = exits.map(({ amountWei, withdrawableEpoch, withdrawableAt }): Row => {
    const when = `from ${validator}, in epoch ${withdrawableEpoch}, ${isoTime(withdrawableAt)}`;
    return ["unstaking", `${formatMdt(amountWei)} MDT`, when];
  });
  return [...now, ...later];
}
