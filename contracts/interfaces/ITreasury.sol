// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMinter} from "./IMinter.sol";
import {IModernTensorToken} from "./IModernTensorToken.sol";
import {IRecyclingPool} from "./IRecyclingPool.sol";
import {IStaking} from "./IStaking.sol";

/// @title The Treasury: one settlement per epoch, and everyone's rewards until they are claimed
/// @notice The keeper computes an epoch and proposes the result; the Treasury executes it within bounds that no keeper
/// can change. Every amount is in wei of MDT.
///
/// Rewards are cumulative: a root commits to each account's total rewards since the beginning, a claim pays what the
/// account has not been paid yet, and rewards never expire. A leaf is
/// `keccak256(bytes.concat(keccak256(abi.encode(block.chainid, address(treasury), account, cumulativeWei))))` in a tree
/// of OpenZeppelin's `StandardMerkleTree`; a tree of one leaf has an empty proof.
///
/// Life of a root: a posted root is *pending* until `claimDelaySeconds` have passed, and then becomes *current* without
/// a call; the one before it is *previous*. Current and previous are claimable, so a claim in flight survives a
/// settlement. A newer root replaces a pending one (and includes it), and the full delay starts again. A veto removes
/// roots, never money: the next root includes the same rewards.
///
/// A pause stops settling, reposting and claiming. The guardian's pause ends automatically after
/// `MAX_GUARDIAN_PAUSE_SECONDS`, and the guardian can't pause again for `GUARDIAN_PAUSE_REST_SECONDS`; the admin's
/// pause ends when the admin ends it. If a root was pending when a pause began, its full claim delay starts again after
/// the pause, however the pause ended, so watchers have that time again.
interface ITreasury is IMinter {
    /// @notice The result of one epoch. The seven amounts after `emission` are its parts and add up to it exactly.
    /// @param epoch The epoch that is settled.
    /// @param emission The total that the epoch pays out, burns and returns.
    /// @param burnedUnmetQuota Burned because the network's quality was below its threshold.
    /// @param burnedQualityPenalty Burned from the rewards of miners whose own quality was below the threshold.
    /// @param minerRewards Added to the miners' cumulative rewards.
    /// @param validatorRewards Added to the validators' and delegators' cumulative rewards.
    /// @param daoShare Paid to the DAO.
    /// @param returned Dust and rewards that nobody earned; goes to the pool.
    /// @param utilityWad Utility of the epoch, 1e18 = 1; recorded, not checked.
    /// @param qualityWad Quality of the epoch, 1e18 = 1; recorded, not checked.
    /// @param rewardsRoot Root of everyone's cumulative rewards, including this epoch's.
    /// @param policyHash Hash of the applied policy; recorded, not checked.
    /// @param inputsHash Hash of the inputs of the computation; recorded, not checked.
    struct Settlement {
        uint64 epoch;
        uint128 emission;
        uint128 burnedUnmetQuota;
        uint128 burnedQualityPenalty;
        uint128 minerRewards;
        uint128 validatorRewards;
        uint128 daoShare;
        uint128 returned;
        uint64 utilityWad;
        uint64 qualityWad;
        bytes32 rewardsRoot;
        bytes32 policyHash;
        bytes32 inputsHash;
    }

    /// @notice The parameters of a Treasury. All are immutable except the holders of the three roles.
    /// @param token MDT.
    /// @param pool Recycled tokens, used before minting.
    /// @param staking Where `claimAndStake` stakes; it must have the Treasury's clock and token.
    /// @param dao Receives the DAO's share.
    /// @param baseRewardWei Ceiling of an epoch's emission before the first halving, above zero; 2 · base · interval,
    /// the whole schedule, is at most the token's `MAX_SUPPLY`.
    /// @param halvingIntervalEpochs Epochs between two halvings, above zero.
    /// @param claimDelaySeconds Seconds for which a posted root stays pending: at most half an epoch, because otherwise
    /// roots that are posted late would replace each other while pending, and nobody would be paid.
    /// @param maxDaoShareBps Maximum part of an emission that the DAO may be paid, in bps.
    /// @param admin Unpauses, and replaces the keeper and the guardian. There is always at least one.
    /// @param keeper Settles and reposts.
    /// @param guardian Vetoes and pauses.
    struct TreasuryParameters {
        IModernTensorToken token;
        IRecyclingPool pool;
        IStaking staking;
        address dao;
        uint256 baseRewardWei;
        uint64 halvingIntervalEpochs;
        uint32 claimDelaySeconds;
        uint16 maxDaoShareBps;
        address admin;
        address keeper;
        address guardian;
    }

    /// @notice Epoch `epoch` was settled.
    /// @param minted The amount minted for it.
    /// @param recycled The amount drawn from the pool for it; `minted + recycled` = its emission.
    /// @param totalSupply MDT's supply afterwards.
    event EpochSettled(
        uint64 indexed epoch,
        Settlement settlement,
        uint256 minted,
        uint256 recycled,
        uint256 totalSupply
    );
    /// @notice `amount` of `account`'s rewards was paid to `recipient`; `cumulative` is the total paid to the account
    /// so far.
    event Claimed(address indexed account, address indexed recipient, uint256 amount, uint256 cumulative);
    /// @notice From now on `account`'s rewards are paid to `recipient`; zero stands for the account itself.
    event ClaimRecipientSet(address indexed account, address indexed recipient);
    /// @notice From now on `account`'s rewards are staked with `validator`; zero ends that. A `ClaimRecipientSet` with
    /// any recipient except Staking ends that too.
    event AutoStakeSet(address indexed account, address indexed validator);
    /// @notice Nobody can claim against the root of `epoch` any more; `wasClaimable` says whether it was
    /// claimable before.
    event RootVetoed(uint64 indexed epoch, bytes32 indexed root, bool wasClaimable);
    /// @notice The keeper replaced the vetoed root of `epoch`; `returned` of its rewards went to the pool.
    event RootReposted(uint64 indexed epoch, bytes32 indexed root, bytes32 inputsHash, uint256 returned);
    /// @notice Settling, reposting and claiming stopped until `endsAt` (unix seconds), when they resume without an
    /// event; zero if only `unpause` ends the pause.
    event Paused(address account, uint64 endsAt);
    /// @notice Settling, reposting and claiming resumed.
    event Unpaused(address account);

    /// @notice `value` is not valid for this constructor parameter.
    error InvalidAddress(string parameter, address value);
    /// @notice The base reward must be above zero and at most the token's `MAX_SUPPLY`.
    error BaseRewardOutOfRange(uint256 baseRewardWei);
    /// @notice A halving interval has at least one epoch.
    error EmptyHalvingInterval();
    /// @notice The sum of all ceilings must not exceed the token's `MAX_SUPPLY`, so that minting never fails.
    error ScheduleAboveSupply(uint256 scheduleWei, uint256 maxSupplyWei);
    /// @notice The claim delay must be short enough for a root to become claimable before the next one is due.
    error ClaimDelayTooLong(uint256 delaySeconds, uint256 maximumSeconds);
    /// @notice The DAO's maximum share must be at most 10,000 bps.
    error DaoShareOutOfRange(uint256 shareBps);
    /// @notice The token of the pool or of Staking is not the Treasury's token.
    error TokenMismatch(address otherToken, address token);
    /// @notice Epochs are settled in order, each exactly once.
    error NotNextEpoch(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice Scores of `epoch` may be revealed until `dueAt` (unix seconds).
    error EpochNotDue(uint64 epoch, uint256 dueAt, uint256 timestamp);
    /// @notice The emission is more than the schedule allows for the epoch.
    error EmissionAboveCeiling(uint256 emission, uint256 ceiling);
    /// @notice The parts of the emission don't add up to it.
    error PartsMismatch(uint256 sumOfParts, uint256 emission);
    /// @notice The burned amount is more than any valid policy can burn.
    error BurnAboveLimit(uint256 burned, uint256 limit);
    /// @notice The DAO's share is above its maximum.
    error DaoShareAboveLimit(uint256 daoShare, uint256 limit);
    /// @notice The root is zero although the settlement posts `rewards`.
    error RootMissing(uint64 epoch, uint256 rewards);
    /// @notice Only the newest settled epoch's root can be reposted.
    error NotNewestEpoch(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice The root of `epoch` was not vetoed, or was already reposted.
    error RootNotVetoed(uint64 epoch);
    /// @notice The repost returns more than `returnable`, what is left of the epoch's posted rewards; zero once they
    /// were claimable.
    error ReturnedAbovePosted(uint256 returned, uint256 returnable);
    /// @notice `epoch` has not been settled, so it has no root.
    error EpochNotSettled(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice No root of `fromEpoch` or later can be vetoed. A pending one always can, a claimable one only while
    /// paused.
    error NothingToVeto(uint64 fromEpoch);
    /// @notice Account, amount and proof lead to a root that is not claimable (wrong, pending, vetoed or too old).
    error RootNotClaimable(bytes32 root);
    /// @notice `account` has already been paid all of `cumulative`.
    error NothingToClaim(address account, uint256 cumulative, uint256 claimed);
    /// @notice No account can have earned more than all ceilings together: `cumulative` must be below 2^96.
    error CumulativeTooLarge(address account, uint256 cumulative);
    /// @notice A batch needs one cumulative amount per account.
    error BatchLengthMismatch(uint256 accounts, uint256 cumulatives);
    /// @notice The batch has no accounts.
    error EmptyBatch();
    /// @notice Rewards paid to the Treasury or to Staking itself would be lost.
    error InvalidRecipient(address recipient);
    /// @notice Staking an account's rewards failed, perhaps for lack of gas: send enough to give it `gas`.
    error TooLittleGas(uint256 gas);
    /// @notice The Treasury is paused.
    error TreasuryPaused();
    /// @notice The Treasury is not paused.
    error TreasuryNotPaused();
    /// @notice Only the guardian or the admin may pause.
    error NotGuardianOrAdmin(address account);
    /// @notice The guardian paused recently and may pause again from `allowedFrom` (unix seconds); the admin may pause
    /// at any time.
    error GuardianMustRest(uint64 allowedFrom);

    /// @notice Settles one epoch: draws recycled tokens, mints the rest, burns, pays the DAO, returns what nobody
    /// earned, and posts the root of everyone's rewards.
    /// @dev Who: `KEEPER_ROLE`, not while paused.
    /// Requirements: `epoch` is `nextEpochToSettle()` and its reveal window is over; emission <=
    /// `emissionCeiling(epoch)`; the parts add up to the emission exactly; both burned parts together <= floor(70 % of
    /// the emission); the DAO's share <= floor(`maxDaoShareBps` of the emission); the root is non-zero if miners or
    /// validators are rewarded.
    /// Effects: drawn = min(pool's balance, emission), minted = emission − drawn; the drawn and the returned amount are
    /// netted into one transfer and booked separately; the root is posted with the full claim delay, unless it equals
    /// the newest one, which then stays unchanged. Emits `EpochSettled`. Errors: `AccessControlUnauthorizedAccount`,
    /// `TreasuryPaused`, `NotNextEpoch`, `EpochNotDue`, `EmissionAboveCeiling`, `PartsMismatch`, `BurnAboveLimit`,
    /// `DaoShareAboveLimit`, `RootMissing`.
    function settleEpoch(Settlement calldata settlement) external;

    /// @notice Posts another root for the newest settled epoch after a veto, with a new claim delay.
    /// @dev Who: `KEEPER_ROLE`, not while paused.
    /// Requirements: `epoch` is the newest settled one; its root was vetoed and not reposted since; `returned` <= what
    /// is left of the miner and validator rewards that the epoch posted, and zero if the vetoed root was claimable,
    /// because part of them may then have been paid, and returning them would take others' rewards. The root is
    /// non-zero if returnable rewards remain. Effects: the same rewards are divided differently; `returned` (dust of
    /// the new division) goes to the pool, booked as `Returned`. Claims paid before the veto stay paid. A later
    /// settlement replaces the root like any pending one. Emits `RootReposted`. Errors:
    /// `AccessControlUnauthorizedAccount`, `TreasuryPaused`, `NotNewestEpoch`, `RootNotVetoed`, `ReturnedAbovePosted`,
    /// `RootMissing`.
    function repostRoot(uint64 epoch, bytes32 root, bytes32 inputsHash, uint128 returned) external;

    /// @notice Removes the pending root if it stands for `epoch` or a later one; while paused, the current and the
    /// previous root too, each if it stands for `epoch` or a later one. A root stands for the last epoch that posted
    /// it.
    /// @dev Who: `GUARDIAN_ROLE`, at any time.
    /// Requirements: `epoch` is settled; at least one root is removed.
    /// Effects: no money moves; claims continue against the remaining claimable roots, and no older root becomes
    /// claimable; if the newest root was removed, the keeper may repost it; a later settlement never makes a vetoed
    /// root claimable. Emits `RootVetoed` for each root. Errors: `AccessControlUnauthorizedAccount`, `EpochNotSettled`,
    /// `NothingToVeto`.
    function vetoRoot(uint64 epoch) external;

    /// @notice Stops settling, reposting and claiming.
    /// @dev Who: `GUARDIAN_ROLE`, from `guardianMayPauseFrom()` on, for `MAX_GUARDIAN_PAUSE_SECONDS`;
    /// `DEFAULT_ADMIN_ROLE` (even if it also holds the other role), without an end, also during a guardian's pause.
    /// Effects: a pending root waits for its full delay after the pause; emits `Paused`. Errors: `NotGuardianOrAdmin`,
    /// `TreasuryPaused`, `GuardianMustRest`.
    function pause() external;

    /// @notice Ends the pause.
    /// @dev Who: `DEFAULT_ADMIN_ROLE`; `GUARDIAN_ROLE` only for a pause that ends automatically. So a stolen guardian
    /// key can't end the admin's pause. Effects: the full claim delay of a pending root starts again; emits
    /// `Unpaused`. Errors: `AccessControlUnauthorizedAccount`, `TreasuryNotPaused`.
    function unpause() external;

    /// @notice Pays `account`'s unpaid rewards to its recipient, or stakes them if `setAutoStake` is set.
    /// @dev Who: anyone, for any account, not while paused.
    /// Requirements: the proof leads from (account, cumulative) to the current or the previous root; something is
    /// unpaid. Effects: `claimedOf(account)` = `cumulative`; emits `Claimed`. Errors: `TreasuryPaused`,
    /// `RootNotClaimable`, `NothingToClaim`, `CumulativeTooLarge`, `TooLittleGas`.
    /// @param cumulative The account's total rewards according to the root.
    /// @param proof Siblings from the leaf up; empty for a tree of one leaf.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external;

    /// @notice Pays many accounts with one multiproof, each as `claim` does.
    /// @dev Who: anyone, for any account, not while paused.
    /// Requirements: at least one account; one cumulative amount for each; accounts in the order of the leaves of
    /// OpenZeppelin's multiproof; the proof leads to the current or the previous root.
    /// Effects: as `claim` for each account with unpaid rewards; the others (already paid, or named twice) are skipped,
    /// so nobody can make a batch fail by claiming first. Errors: `TreasuryPaused`, `EmptyBatch`,
    /// `BatchLengthMismatch`, `RootNotClaimable`, `CumulativeTooLarge`, `TooLittleGas`, OpenZeppelin's
    /// `MerkleProofInvalidMultiproof`.
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external;

    /// @notice Stakes the caller's unpaid rewards with `validator`, in the caller's name.
    /// @dev Who: the account itself, not while paused; its recipient is ignored. If someone claims for the account
    /// first, its recipient is paid instead, and this call reverts with `NothingToClaim`: that costs them gas and gains
    /// them nothing, and the account can still stake with `IStaking.delegate`. Requirements: as `claim`; those of
    /// `IStaking.stakeFor`. Effects: `claimedOf(caller)` = `cumulative`; the amount moves to Staking; emits `Claimed`
    /// with Staking as recipient. Errors: as `claim`, and those of `IStaking.stakeFor`.
    function claimAndStake(uint256 cumulative, bytes32[] calldata proof, address validator) external;

    /// @notice From now on the caller's rewards are paid to `recipient`; zero (the default) means to the caller itself.
    /// @dev Who: the account itself, also while paused. Requirements: `recipient` is neither the Treasury nor Staking.
    /// Effects: ends automatic staking; emits `ClaimRecipientSet`; rewards already paid are not affected. Errors:
    /// `InvalidRecipient`.
    function setClaimRecipient(address recipient) external;

    /// @notice From now on every claim for the caller stakes its rewards with `validator`, in the caller's name; zero
    /// ends that, and claims pay the caller again.
    /// @dev Who: the account itself, also while paused. Effects: Staking becomes the recipient; emits
    /// `ClaimRecipientSet` and `AutoStakeSet`. It applies from the next claim. If the validator is in jail, or Staking
    /// refuses (the validator left, or its index is exhausted), the claim pays the account itself: neither a claim nor
    /// a batch fails because of it.
    ///
    /// What others can do with this setting. Anyone who claims for the account chooses the time: if they claim shortly
    /// before a slash, the claimed amount is slashed like the rest of the account's stake there, and they gain nothing.
    /// A validator may raise its commission as far and as often as Staking allows. Gas: staking gets 1,000,000, several
    /// times what it needs, so a batch is bounded; if it fails for lack of gas, the transaction reverts with
    /// `TooLittleGas`, so nobody can force payment instead of staking. Neither MDT nor Staking calls back. Accounts can
    /// avoid all this by claiming first, with `claimAndStake`.
    function setAutoStake(address validator) external;

    /// @notice The role that settles and reposts.
    function KEEPER_ROLE() external view returns (bytes32);

    /// @notice The role that vetoes and pauses.
    function GUARDIAN_ROLE() external view returns (bytes32);

    /// @notice Maximum part of an emission that may be burned, in bps: 7,000 = 70 %, the most that a valid policy can
    /// burn.
    function MAX_BURN_BPS() external view returns (uint256);

    /// @notice The guardian's longest pause: 14 days.
    function MAX_GUARDIAN_PAUSE_SECONDS() external view returns (uint32);

    /// @notice Time after a guardian's pause in which the guardian can't pause again: 30 days.
    function GUARDIAN_PAUSE_REST_SECONDS() external view returns (uint32);

    /// @notice The pool of recycled tokens.
    function pool() external view returns (IRecyclingPool);

    /// @notice Where rewards are staked.
    function staking() external view returns (IStaking);

    /// @notice Receives the DAO's share of each epoch.
    function dao() external view returns (address);

    /// @notice Ceiling of an epoch's emission before the first halving.
    function baseRewardWei() external view returns (uint256);

    /// @notice Epochs between two halvings.
    function halvingIntervalEpochs() external view returns (uint64);

    /// @notice Maximum part of an emission that the DAO may be paid, in bps.
    function maxDaoShareBps() external view returns (uint16);

    /// @notice Seconds for which a posted root stays pending.
    function claimDelaySeconds() external view returns (uint32);

    /// @notice The most that `epoch` may emit: floor(base reward / 2^floor(epoch / halving interval)).
    function emissionCeiling(uint64 epoch) external view returns (uint256);

    /// @notice The one epoch that can be settled next; every epoch before it is settled.
    function nextEpochToSettle() external view returns (uint64);

    /// @notice Whether settling, reposting and claiming are stopped.
    function paused() external view returns (bool);

    /// @notice Unix seconds at which the pause ends automatically; zero if it does not, or if there is none.
    function pauseEndsAt() external view returns (uint64);

    /// @notice Unix seconds from which the guardian may pause; zero before its first pause.
    function guardianMayPauseFrom() external view returns (uint64);

    /// @notice The pending root; all zero if there is none.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    /// @return claimableAt Unix seconds from which it is the current root; during a pause without an end, a time beyond
    /// the year 30,000.
    function pendingRoot() external view returns (bytes32 root, uint64 epoch, uint64 claimableAt);

    /// @notice The newest claimable root (not claimable while paused); zero if there is none.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    function currentRoot() external view returns (bytes32 root, uint64 epoch);

    /// @notice The root before the current one, claimable too (unless paused); zero if there is none.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    function previousRoot() external view returns (bytes32 root, uint64 epoch);

    /// @notice What a repost could do now.
    /// @return vetoed Whether the newest settled epoch's root was vetoed and not reposted.
    /// @return epoch That epoch; zero if `vetoed` is false.
    /// @return returnableWei The most that the repost may return to the pool; zero if `vetoed` is false.
    function vetoedSettlement() external view returns (bool vetoed, uint64 epoch, uint256 returnableWei);

    /// @notice The total paid to `account` so far.
    function claimedOf(address account) external view returns (uint256);

    /// @notice The recipient of `account`'s rewards: itself by default; Staking if they are staked.
    function claimRecipientOf(address account) external view returns (address);

    /// @notice The validator with which the rewards of `account` are staked; zero if they are paid.
    function autoStakeValidatorOf(address account) external view returns (address);
}
