import { type Address } from "viem";
import { openArchive, type EpochArchive } from "../../keeper/archive/epochArchive";
import { claimableRewards, claimAndStake, claimFor } from "../../actions/rewards";
import { epochStatus } from "../../keeper/facts/epochStatus";
import { type ExplainedEpoch, explainEpochs } from "../../keeper/settle/epochInputs";
import { type EpochFigures, readSettledEpochs } from "../../keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../keeper/settle/settleEpoch";
import { type Verification, verifyEpochs } from "../../keeper/verify/verifyEpochs";
import {
  accountOf,
  type Chapter,
  clients,
  commit,
  delegators,
  keeper,
  miners,
  type Person,
  produceBlocks,
  reveal,
  type SealedScores,
  slash,
  type Stage,
  story,
  takePlaces,
  validators,
  work,
} from "./story";
import { sum } from "../../core/fixedPoint";
import { inTemporaryFolder } from "../temporaryFolder";

/** Slots of each epoch whose leader shows up. */
const producedSlots = 4;

/** From this epoch on the keeper only posts roots, and people claim. */
const claimsFromEpoch = 6;

/** Someone's part in the economy, in wei. */
export interface DemoAccount {
  readonly name: string;
  readonly account: Address;
  readonly roles: readonly string[];
  readonly earnedWei: bigint;
  readonly claimedWei: bigint;
  /** Fees of the tasks that it completed as a miner in all epochs. */
  readonly feesWei: bigint;
  /** The agreed score and the consensus (a share of 2^32) of the last epoch; null if it is no miner. */
  readonly agreedScoreWad: bigint | null;
  readonly consensusBits: bigint | null;
  /** Own stake and delegations at the end. */
  readonly stakeWei: bigint;
}

export interface DemoResult {
  readonly epochs: readonly EpochFigures[];
  /** The same epochs with the facts that they were computed from. */
  readonly explained: readonly ExplainedEpoch[];
  readonly accounts: readonly DemoAccount[];
  readonly conservation: readonly ConservationCheck[];
  /** Every epoch computed again from the chain alone. */
  readonly verification: Verification;
}

/**
 * Plays the story on a freshly deployed network: twelve epochs of tasks, scores, settlements and claims.
 * @param onChapter Called when an epoch begins, to show progress.
 */
export function runDemo(stage: Stage, onChapter: (epoch: number, chapter: Chapter) => void): Promise<DemoResult> {
  return inTemporaryFolder(async (folder) => play(stage, await openArchive(stage.connection, folder), onChapter));
}

async function play(
  stage: Stage,
  archive: EpochArchive,
  onChapter: (epoch: number, chapter: Chapter) => void,
): Promise<DemoResult> {
  const { clock } = stage.connection.deployment.config;
  const { genesisTimestamp } = stage.connection.deployment.choices;
  const epochSeconds = clock.slotSeconds * clock.slotsPerEpoch;
  await stage.clock.moveTo(genesisTimestamp - epochSeconds);
  await takePlaces(stage);
  let sealed: readonly SealedScores[] = [];
  for (let epoch = 0; epoch <= story.length; epoch++) {
    const before = story[epoch - 1];
    const chapter = story[epoch];
    const start = genesisTimestamp + epoch * epochSeconds;
    await stage.clock.moveTo(start);
    if (before !== undefined) await reveal(stage, epoch - 1, sealed, before.forgets);
    if (chapter !== undefined) {
      onChapter(epoch, chapter);
      await produceBlocks(stage, epoch, producedSlots);
    }
    await stage.clock.moveTo(start + clock.revealSlots * clock.slotSeconds);
    if (before !== undefined && before.keeperIsAway !== true) await settleWhatIsDue(stage, archive);
    if (chapter !== undefined) sealed = await playEpoch(stage, epoch, chapter);
  }
  await claimEverything(stage, archive);
  const explained = await explainEpochs(stage.connection, archive);
  return {
    epochs: explained.map(({ figures }) => figures),
    explained,
    accounts: await accountsOf(stage, archive, explained),
    conservation: await checkConservation(stage, archive),
    verification: await verifyEpochs(stage.connection, story.length - 1),
  };
}

async function playEpoch(stage: Stage, epoch: number, chapter: Chapter): Promise<readonly SealedScores[]> {
  await work(stage, chapter.tasks);
  if (chapter.slashed !== undefined) await slash(stage, keeper, chapter.slashed);
  return commit(stage, epoch, chapter);
}

/** Settles as the keeper, epoch after epoch, until nothing is due. */
async function settleWhatIsDue(stage: Stage, archive: EpochArchive): Promise<void> {
  const { connection } = stage;
  const { payRecipientsUpTo } = connection.deployment.config.settlement;
  for (;;) {
    const { nextEpochToSettle } = await epochStatus(connection);
    const outcome = await settleNextEpoch(connection, archive, {
      signer: accountOf(stage, keeper),
      payRecipientsUpTo: nextEpochToSettle < claimsFromEpoch ? payRecipientsUpTo : 0,
    });
    if (outcome.kind !== "settled") return;
  }
}

/** Claims what no settlement has paid: Alba stakes hers, Femi claims for all delegators. */
async function claimEverything(stage: Stage, archive: EpochArchive): Promise<void> {
  const { connection } = stage;
  const [alba, ...otherValidators] = validators;
  const albaAccount = accountOf(stage, alba!);
  await claimAndStake(connection, archive, albaAccount, albaAccount);
  for (const person of [...otherValidators, ...miners]) {
    const account = accountOf(stage, person);
    await claimFor(connection, archive, account, account);
  }
  const [femi] = delegators;
  for (const person of delegators)
    await claimFor(connection, archive, accountOf(stage, femi!), accountOf(stage, person));
}

async function accountsOf(
  stage: Stage,
  archive: EpochArchive,
  explained: readonly ExplainedEpoch[],
): Promise<readonly DemoAccount[]> {
  const minersOfEpochs = explained.flatMap(({ computed }) => computed?.inputs.miners ?? []);
  const standing = archive.standing(story.length - 1);
  const scoreOfAccount = new Map(standing?.miners.map((miner) => [miner.account, miner]));
  const people = new Map<number, { person: Person; roles: string[] }>();
  const casts = { validator: validators, delegator: delegators, miner: miners, client: clients } as const;
  for (const [role, cast] of Object.entries(casts)) {
    for (const person of cast) {
      const entry = people.get(person.index) ?? { person, roles: [] };
      entry.roles.push(role);
      people.set(person.index, entry);
    }
  }
  return Promise.all(
    [...people.values()].map(async ({ person, roles }) => {
      const account = accountOf(stage, person);
      const { cumulativeWei, claimedWei } = await claimableRewards(stage.connection, archive, account);
      const score = scoreOfAccount.get(account.toLowerCase());
      return {
        name: person.name,
        account,
        roles,
        earnedWei: cumulativeWei,
        claimedWei,
        feesWei: sum(
          minersOfEpochs.flatMap((miner) => (miner.account === account.toLowerCase() ? [miner.feesWei] : [])),
        ),
        agreedScoreWad: score === undefined ? null : BigInt(score.agreedScoreWad),
        consensusBits: score === undefined ? null : BigInt(score.consensus),
        stakeWei: await stakeOf(stage, account),
      };
    }),
  );
}

/** Own stake and delegations together. */
async function stakeOf({ connection, accounts }: Stage, account: Address): Promise<bigint> {
  const { staking } = connection.contracts;
  const next = await staking.read.addedCountsFrom({ blockTag: "pending" });
  const stakes = await Promise.all(
    validators.map(async ({ index }) => {
      const validator = accounts[index]!;
      return validator === account
        ? staking.read.stakeAt([validator, next])
        : staking.read.delegationAt([validator, account, next]);
    }),
  );
  return sum(stakes);
}

/** One sum that must come out to the wei. */
export interface ConservationCheck {
  readonly name: string;
  readonly leftWei: bigint;
  readonly rightWei: bigint;
}

/** Adds up every token of the network in several ways; both sides of each check must be equal. */
async function checkConservation(stage: Stage, archive: EpochArchive): Promise<readonly ConservationCheck[]> {
  const { connection, accounts } = stage;
  const { token, pool, treasury, blockRewards } = connection.contracts;
  const { supply } = connection.deployment.config;
  const contracts = Object.values(connection.deployment.addresses);
  const settled = await readSettledEpochs(connection);
  const balanceOf = (account: Address) => token.read.balanceOf([account]);
  const [balances, rewards, totalSupplyWei, totalMintedWei, totalBurnedWei, blockRewardsLeftWei] = await Promise.all([
    Promise.all([...accounts, ...contracts].map(balanceOf)),
    Promise.all(accounts.map((account) => claimableRewards(connection, archive, account))),
    token.read.totalSupply(),
    token.read.totalMinted(),
    token.read.totalBurned(),
    token.read.mintable([blockRewards.address]),
  ]);
  const genesisWei = supply.daoAllocationWei + supply.nodeAccountAllocationWei * BigInt(accounts.length);
  return [
    {
      name: "the parts of every emission = everything emitted",
      leftWei: sum(
        settled.map(
          ({ settlement: s }) =>
            s.burnedUnmetQuota + s.burnedQualityPenalty + s.minerRewards + s.validatorRewards + s.daoShare + s.returned,
        ),
      ),
      rightWei: sum(settled.map(({ settlement }) => settlement.emission)),
    },
    {
      name: "recycled + minted = everything emitted",
      leftWei: sum(settled.map(({ recycledWei, mintedWei }) => recycledWei + mintedWei)),
      rightWei: sum(settled.map(({ settlement }) => settlement.emission)),
    },
    {
      name: "genesis + minted for epochs and blocks = everything ever minted",
      leftWei:
        genesisWei +
        sum(settled.map(({ mintedWei }) => mintedWei)) +
        supply.blockRewardsAllowanceWei -
        blockRewardsLeftWei,
      rightWei: totalMintedWei,
    },
    { name: "minted - burned = total supply", leftWei: totalMintedWei - totalBurnedWei, rightWei: totalSupplyWei },
    { name: "everyone's balance = total supply", leftWei: sum(balances), rightWei: totalSupplyWei },
    {
      name: "rewards of all epochs = earned by accounts",
      leftWei: sum(settled.map(({ settlement }) => settlement.minerRewards + settlement.validatorRewards)),
      rightWei: sum(rewards.map(({ cumulativeWei }) => cumulativeWei)),
    },
    {
      name: "earned - claimed = what the Treasury holds",
      leftWei: sum(rewards.map(({ cumulativeWei, claimedWei }) => cumulativeWei - claimedWei)),
      rightWei: await balanceOf(treasury.address),
    },
    {
      name: "recycled in - recycled out = what the pool holds",
      leftWei: (await pool.read.totalIn()) - (await pool.read.totalOut()),
      rightWei: await pool.read.available(),
    },
  ];
}
