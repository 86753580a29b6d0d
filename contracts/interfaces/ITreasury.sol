// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMinter} from "./IMinter.sol";
import {IModernTensorToken} from "./IModernTensorToken.sol";
import {IRecyclingPool} from "./IRecyclingPool.sol";
import {IStaking} from "./IStaking.sol";

/// @title The Treasury: one settlement per epoch, and everybody's rewards until they are claimed
/// @notice The keeper computes an epoch and proposes the result; the Treasury executes it within bounds that no keeper
/// can move. Every amount is in wei of MDT.
///
/// Rewards are cumulative: a root commits to what each account has earned since the beginning, a claim pays the
/// difference to what the account has been paid, and nothing expires. A leaf is
/// `keccak256(bytes.concat(keccak256(abi.encode(block.chainid, address(treasury), account, cumulativeWei))))`
/// in a tree of OpenZeppelin's `StandardMerkleTree`; a tree of one leaf has an empty proof.
///
/// Life of a root: a posted root is *pending* until `claimDelaySeconds` have passed and is then *current* without
/// anyone's call; the one before it is *previous*. Current and previous are claimable, so a claim in flight survives
/// a settlement. A pending root is replaced by a newer one (which includes it) and the full delay starts again.
/// A veto removes roots, never money: what they promised is promised again by the next root.
///
/// A pause stops settling, reposting and claiming. The guardian's ends by itself after `MAX_GUARDIAN_PAUSE_SECONDS`, and for
/// `GUARDIAN_PAUSE_REST_SECONDS` after its end there is no other one; the admin's ends when the admin says so. A root that was pending
/// when a pause began waits for its full delay after it, however the pause ended, so whoever watches has that time again.
interface ITreasury is IMinter {
    /// @notice The result of one epoch. The seven amounts after `emission` are its parts and add up to it exactly.
    /// @param epoch The epoch that is settled.
    /// @param emission What the epoch pays out, burns and returns, in all.
    /// @param burnedUnmetQuota Burned because the network's quality was below its threshold.
    /// @param burnedQualityPenalty Burned out of the rewards of miners whose own quality was below the threshold.
    /// @param minerRewards Added to the miners' cumulative rewards.
    /// @param validatorRewards Added to the validators' and delegators' cumulative rewards.
    /// @param daoShare Paid to the DAO.
    /// @param returned Dust and shares that nobody could receive; goes to the pool.
    /// @param utilityWad Utility of the epoch, 1e18 = 1; recorded, not checked.
    /// @param qualityWad Quality of the epoch, 1e18 = 1; recorded, not checked.
    /// @param rewardsRoot Root of everybody's cumulative rewards, this epoch's included.
    /// @param policyHash Hash of the policy that was applied; recorded, not checked.
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

    /// @notice What a Treasury is made of. All of it is immutable but the three roles' holders.
    /// @param token MDT.
    /// @param pool Recycled tokens, spent before anything is minted.
    /// @param staking Where `claimAndStake` stakes; its clock and its token must be the Treasury's own.
    /// @param dao Receives the DAO's share.
    /// @param baseRewardWei Ceiling of an epoch's emission before the first halving, above zero; 2 · base · interval, the whole
    /// schedule, is at most the token's `MAX_SUPPLY`.
    /// @param halvingIntervalEpochs Epochs between two halvings, above zero.
    /// @param claimDelaySeconds How long a posted root stays pending: half an epoch at most, or a root that is posted a little late would
    /// be replaced while it is pending, again and again, and nobody be paid.
    /// @param maxDaoShareBps The most of an emission that the DAO may be paid, in bps.
    /// @param admin Unpauses, and replaces the keeper and the guardian. There always is one.
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
    /// @param minted What was minted for it.
    /// @param recycled What was drawn from the pool for it; `minted + recycled` = its emission.
    /// @param totalSupply MDT's supply afterwards.
    event EpochSettled(
        uint64 indexed epoch,
        Settlement settlement,
        uint256 minted,
        uint256 recycled,
        uint256 totalSupply
    );
    /// @notice `amount` of `account`'s rewards was paid to `recipient`; `cumulative` is what the account was paid in all.
    event Claimed(address indexed account, address indexed recipient, uint256 amount, uint256 cumulative);
    /// @notice From now on `account` is paid at `recipient`; zero stands for the account itself.
    event ClaimRecipientSet(address indexed account, address indexed recipient);
    /// @notice From now on `account`'s rewards are staked with `validator`; zero ends that. `ClaimRecipientSet` with another
    /// recipient than Staking ends it too.
    event AutoStakeSet(address indexed account, address indexed validator);
    /// @notice The root of `epoch` can't be claimed against any more; `wasClaimable` says whether it could.
    event RootVetoed(uint64 indexed epoch, bytes32 indexed root, bool wasClaimable);
    /// @notice The keeper replaced the vetoed root of `epoch`; `returned` of its rewards went to the pool.
    event RootReposted(uint64 indexed epoch, bytes32 indexed root, bytes32 inputsHash, uint256 returned);
    /// @notice Settling, reposting and claiming stopped until `endsAt` (unix seconds), when they go on without an event; zero if
    /// only `unpause` ends it.
    event Paused(address account, uint64 endsAt);
    /// @notice Settling, reposting and claiming go on.
    event Unpaused(address account);

    /// @notice `value` can't be the construction parameter of this name.
    error InvalidAddress(string parameter, address value);
    /// @notice The base reward must be above zero and at most the token's `MAX_SUPPLY`.
    error BaseRewardOutOfRange(uint256 baseRewardWei);
    /// @notice A halving interval has at least one epoch.
    error EmptyHalvingInterval();
    /// @notice All ceilings together must be within the token's `MAX_SUPPLY`, so that no mint is ever refused.
    error ScheduleAboveSupply(uint256 scheduleWei, uint256 maxSupplyWei);
    /// @notice A root must have matured before the next one is due.
    error ClaimDelayTooLong(uint256 delaySeconds, uint256 maximumSeconds);
    /// @notice The DAO's maximum is a share: at most 10,000 bps.
    error DaoShareOutOfRange(uint256 shareBps);
    /// @notice The pool or Staking works with another token than the Treasury mints.
    error TokenMismatch(address otherToken, address token);
    /// @notice Epochs are settled in order, each exactly once.
    error NotNextEpoch(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice Scores of `epoch` may be revealed until `dueAt` (unix seconds).
    error EpochNotDue(uint64 epoch, uint256 dueAt, uint256 timestamp);
    /// @notice More than the schedule allows for the epoch.
    error EmissionAboveCeiling(uint256 emission, uint256 ceiling);
    /// @notice The parts of the emission don't add up to it.
    error PartsMismatch(uint256 sumOfParts, uint256 emission);
    /// @notice More burned than any admissible policy can burn.
    error BurnAboveLimit(uint256 burned, uint256 limit);
    /// @notice More to the DAO than its maximum of the emission.
    error DaoShareAboveLimit(uint256 daoShare, uint256 limit);
    /// @notice `rewards` would be promised to nobody.
    error RootMissing(uint64 epoch, uint256 rewards);
    /// @notice Only the newest settled epoch's root can be posted again.
    error NotNewestEpoch(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice The root of `epoch` was not vetoed, or was posted again already.
    error RootNotVetoed(uint64 epoch);
    /// @notice More returned than what is left of the epoch's posted rewards, which is nothing once they could be claimed.
    error ReturnedAbovePosted(uint256 returned, uint256 returnable);
    /// @notice `epoch` has not been settled, so it has no root.
    error EpochNotSettled(uint64 epoch, uint64 nextEpochToSettle);
    /// @notice No root of `fromEpoch` or later can be vetoed: unpaused only a pending one, paused the claimable ones too.
    error NothingToVeto(uint64 fromEpoch);
    /// @notice Account, amount and proof lead to a root that can't be claimed against (wrong, pending, vetoed or too old).
    error RootNotClaimable(bytes32 root);
    /// @notice `account` was paid all of `cumulative` before.
    error NothingToClaim(address account, uint256 cumulative, uint256 claimed);
    /// @notice No account can have earned more than all ceilings together: `cumulative` must be below 2^96.
    error CumulativeTooLarge(address account, uint256 cumulative);
    /// @notice A batch needs one cumulative amount per account.
    error BatchLengthMismatch(uint256 accounts, uint256 cumulatives);
    /// @notice A batch without accounts proves nothing and pays nobody.
    error EmptyBatch();
    /// @notice Rewards paid to the Treasury or to Staking itself would be lost.
    error InvalidRecipient(address recipient);
    /// @notice The transaction has too little gas for staking an account's rewards, which is given `gas`.
    error TooLittleGas(uint256 gas);
    /// @notice Not while paused.
    error TreasuryPaused();
    /// @notice Only while paused.
    error TreasuryNotPaused();
    /// @notice Only the guardian or the admin pauses.
    error NotGuardianOrAdmin(address account);
    /// @notice The guardian paused not long ago, and may again from `allowedFrom` (unix seconds); the admin may at once.
    error GuardianMustRest(uint64 allowedFrom);

    /// @notice Settles one epoch: draws recycled tokens, mints the rest, burns, pays the DAO, returns what nobody could
    /// receive, and posts the root of everybody's rewards.
    /// @dev Who: `KEEPER_ROLE`, not while paused.
    /// Requirements: `epoch` is `nextEpochToSettle()` and its reveal window is over; emission <= `emissionCeiling(epoch)`;
    /// the parts add up to the emission exactly; both burned parts together <= floor(70 % of the emission); the DAO's share
    /// <= floor(`maxDaoShareBps` of the emission); the root is non-zero if miners or validators are rewarded.
    /// Effects: drawn = min(pool's balance, emission), minted = emission − drawn; what is drawn and what is returned is
    /// netted into one transfer and booked as both; the root is posted with the full claim delay, unless it equals the
    /// newest one, which then stays as it is. Emits `EpochSettled`.
    /// Errors: `AccessControlUnauthorizedAccount`, `TreasuryPaused`, `NotNextEpoch`, `EpochNotDue`,
    /// `EmissionAboveCeiling`, `PartsMismatch`, `BurnAboveLimit`, `DaoShareAboveLimit`, `RootMissing`.
    function settleEpoch(Settlement calldata settlement) external;

    /// @notice Posts the newest settled epoch's root again after a veto, with a new claim delay.
    /// @dev Who: `KEEPER_ROLE`, not while paused.
    /// Requirements: `epoch` is the newest settled one; its root was vetoed and not posted again since; `returned` <=
    /// what is left of the miner and validator rewards that the epoch posted, and zero if the vetoed root could be claimed
    /// against: of what was paid nothing is left to return but others' rewards. The root is non-zero if something
    /// returnable stays.
    /// Effects: the same rewards are promised in other proportions; `returned` (dust of the new division) goes to the
    /// pool, booked as `Returned`. What was claimed before the veto stays paid.
    /// A later settlement supersedes the root as it would any pending one.
    /// Emits `RootReposted`.
    /// Errors: `AccessControlUnauthorizedAccount`, `TreasuryPaused`, `NotNewestEpoch`, `RootNotVetoed`,
    /// `ReturnedAbovePosted`, `RootMissing`.
    function repostRoot(uint64 epoch, bytes32 root, bytes32 inputsHash, uint128 returned) external;

    /// @notice Removes the pending root if it stands for `epoch` or a later one; while paused, the current and the
    /// previous root too, each if it stands for `epoch` or a later one. A root stands for the last epoch that posted it.
    /// @dev Who: `GUARDIAN_ROLE`, at any time.
    /// Requirements: `epoch` is settled; at least one root is removed.
    /// Effects: no money moves; claims go on against those of the claimable roots that remain, and never against an older one;
    /// if the newest root was removed the keeper may repost it, and a newer settlement promotes nothing that was vetoed. Emits
    /// `RootVetoed` for each root.
    /// Errors: `AccessControlUnauthorizedAccount`, `EpochNotSettled`, `NothingToVeto`.
    function vetoRoot(uint64 epoch) external;

    /// @notice Stops settling, reposting and claiming.
    /// @dev Who: `GUARDIAN_ROLE`, from `guardianMayPauseFrom()` on, for `MAX_GUARDIAN_PAUSE_SECONDS`; `DEFAULT_ADMIN_ROLE` (also
    /// where it holds the other role), without an end, also while a guardian's pause lasts.
    /// Effects: a pending root waits for its full delay after the pause; emits `Paused`.
    /// Errors: `NotGuardianOrAdmin`, `TreasuryPaused`, `GuardianMustRest`.
    function pause() external;

    /// @notice Ends the pause.
    /// @dev Who: `DEFAULT_ADMIN_ROLE`; `GUARDIAN_ROLE` where the pause would end by itself. So a stolen guardian key can't
    /// end the admin's. Effects: the full delay of a pending root begins; emits `Unpaused`.
    /// Errors: `AccessControlUnauthorizedAccount`, `TreasuryNotPaused`.
    function unpause() external;

    /// @notice Pays `account` what it has earned beyond what it was paid, at its recipient, or stakes it where `setAutoStake` says so.
    /// @dev Who: anyone, for anyone, not while paused.
    /// Requirements: the proof leads from (account, cumulative) to the current or the previous root; something is left.
    /// Effects: `claimedOf(account)` = `cumulative`; emits `Claimed`.
    /// Errors: `TreasuryPaused`, `RootNotClaimable`, `NothingToClaim`, `CumulativeTooLarge`, `TooLittleGas`.
    /// @param cumulative What the root says the account has earned since the beginning.
    /// @param proof Siblings from the leaf up; empty for a tree of one leaf.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external;

    /// @notice Pays many accounts with one multiproof, each as `claim` does.
    /// @dev Who: anyone, for anyone, not while paused.
    /// Requirements: at least one account; one cumulative amount for each; accounts in the order of the leaves of
    /// OpenZeppelin's multiproof; the proof leads to the current or the previous root.
    /// Effects: as `claim` for each account that has something left; the others (paid before, or named twice) are
    /// skipped, so nobody can spoil a batch by claiming first.
    /// Errors: `TreasuryPaused`, `EmptyBatch`, `BatchLengthMismatch`, `RootNotClaimable`, `CumulativeTooLarge`, `TooLittleGas`,
    /// OpenZeppelin's `MerkleProofInvalidMultiproof`.
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external;

    /// @notice Stakes what the caller has earned beyond what it was paid, in the caller's name, on `validator`.
    /// @dev Who: the account itself, not while paused; its recipient is ignored. Anybody who claims for the account first has it
    /// paid at its recipient instead, and this call is refused with `NothingToClaim`: it costs them gas and gains them nothing,
    /// and the account stakes what it was paid by `IStaking.delegate`.
    /// Requirements: as `claim`; those of `IStaking.stakeFor`.
    /// Effects: `claimedOf(caller)` = `cumulative`; the amount moves to Staking; emits `Claimed` with Staking as recipient.
    /// Errors: as `claim`, and those of `IStaking.stakeFor`.
    function claimAndStake(uint256 cumulative, bytes32[] calldata proof, address validator) external;

    /// @notice From now on the caller's rewards are paid to `recipient`; zero (the default) means to the caller itself.
    /// @dev Who: the account itself, also while paused. Requirements: neither the Treasury nor Staking. Effects: ends what
    /// `setAutoStake` began; emits `ClaimRecipientSet`; rewards already paid are not affected. Errors: `InvalidRecipient`.
    function setClaimRecipient(address recipient) external;

    /// @notice From now on whoever claims for the caller stakes its rewards with `validator`, in the caller's name; zero ends
    /// that, and the caller itself is paid again.
    /// @dev Who: the account itself, also while paused. Effects: Staking takes the place of the recipient; emits
    /// `ClaimRecipientSet` and `AutoStakeSet`. The next claim obeys it, or no longer obeys it.
    /// Where the validator is jailed, or Staking refuses (it left, or slashes have worn it out), the account itself is paid:
    /// a claim and a batch never fail for it.
    ///
    /// What others can make of it. Whoever claims chooses the moment: shortly before a slash the claimed amount is slashed like
    /// the rest of the account's stake there, and the claimant gains nothing of it. A validator may raise its commission as far and as
    /// often as Staking lets it. Gas: staking is given 1,000,000, several times what it takes, so a batch has a bound; a transaction that
    /// gives it less fails with `TooLittleGas`, so nobody can have the account paid where it would have staked. Neither MDT nor
    /// Staking calls anybody back. Who wants none of this claims by itself, before others do, with `claimAndStake`.
    function setAutoStake(address validator) external;

    /// @notice Who settles and reposts.
    function KEEPER_ROLE() external view returns (bytes32);

    /// @notice Who vetoes and pauses.
    function GUARDIAN_ROLE() external view returns (bytes32);

    /// @notice The most of an emission that may be burned, in bps: 7,000 = 70 %, the most that an admissible policy can.
    function MAX_BURN_BPS() external view returns (uint256);

    /// @notice The longest pause of the guardian's.
    function MAX_GUARDIAN_PAUSE_SECONDS() external view returns (uint32);

    /// @notice How long after a guardian's pause the guardian can't pause again.
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

    /// @notice The most of an emission that the DAO may be paid, in bps.
    function maxDaoShareBps() external view returns (uint16);

    /// @notice How long a posted root stays pending.
    function claimDelaySeconds() external view returns (uint32);

    /// @notice The most that `epoch` may emit: floor(base reward / 2^floor(epoch / halving interval)).
    function emissionCeiling(uint64 epoch) external view returns (uint256);

    /// @notice The one epoch that can be settled next; every epoch before it is settled.
    function nextEpochToSettle() external view returns (uint64);

    /// @notice Whether settling, reposting and claiming are stopped.
    function paused() external view returns (bool);

    /// @notice Unix seconds at which the pause ends by itself; zero if it does not, or there is none.
    function pauseEndsAt() external view returns (uint64);

    /// @notice Unix seconds from which the guardian may pause; zero before its first pause.
    function guardianMayPauseFrom() external view returns (uint64);

    /// @notice The root that waits for its claim delay; all zero if none does.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    /// @return claimableAt Unix seconds from which it is the current root; while a pause has no end, a time beyond the year 30,000.
    function pendingRoot() external view returns (bytes32 root, uint64 epoch, uint64 claimableAt);

    /// @notice The newest root that can be claimed against (unless paused); zero if there is none.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    function currentRoot() external view returns (bytes32 root, uint64 epoch);

    /// @notice The root before the current one, claimable too (unless paused); zero if there is none.
    /// @return root The root.
    /// @return epoch The last epoch that posted it.
    function previousRoot() external view returns (bytes32 root, uint64 epoch);

    /// @notice What `repostRoot` would let the keeper do now.
    /// @return vetoed Whether the newest settled epoch's root was vetoed and not posted again.
    /// @return epoch That epoch; zero if `vetoed` is false.
    /// @return returnableWei The most that the repost may return to the pool; zero if `vetoed` is false.
    function vetoedSettlement() external view returns (bool vetoed, uint64 epoch, uint256 returnableWei);

    /// @notice What `account` was paid in all.
    function claimedOf(address account) external view returns (uint256);

    /// @notice Where `account` is paid: its recipient, or itself; Staking where its rewards are staked.
    function claimRecipientOf(address account) external view returns (address);

    /// @notice The validator with whom the rewards of `account` are staked; zero if they are paid.
    function autoStakeValidatorOf(address account) external view returns (address);
}
