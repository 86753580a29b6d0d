// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IMinter} from "./IMinter.sol";
import {IScoreBoard} from "./IScoreBoard.sol";
import {IStaking} from "./IStaking.sol";

/// @title BlockRewards: proof-of-stake rotation and its fixed reward
/// @notice Every slot has one leader, drawn at random in proportion to stake. A leader that calls `produce` in its
/// slot gets a fixed reward; one that does not leaves its slot visibly empty.
///
/// The leaders of epoch e are drawn in two steps, which anyone can take:
/// 1. `openEpoch` freezes the total stakes (own + delegated) of the epoch's active validators;
/// 2. `sealEpoch`, in a later block, takes the seed = keccak256(previous seed, prevrandao of its block) xor all salts
///    that validators revealed for their scores of e − 2 (`IScoreBoard.revealedSalts`). They are complete before e
///    begins.
///
/// *Who could influence the seed.* It has two sources that nobody controls together, so nobody can try values until one
/// suits:
/// - Block builders can't: neither prevrandao nor the salts depend on a block's contents, so varying them offline
/// changes nothing. A proposer can leave out the sealing call, or its whole block, and so choose between this block's
/// value and a later one: one bit per block, as long as nobody else's call is included.
/// - Validators that reveal can't: reveals for e − 2 end in e − 1, before the prevrandao of any block of e is known.
/// - Anyone can call `sealEpoch` from a contract that reverts unless the seed suits it. That is also one try per block,
/// and only until someone else seals; sealing is paid, so in practice that is in the first block after the opening. On
/// chains where prevrandao is not random (Arbitrum: always 1), the seed depends on the salts alone, and is known once
/// the reveal window of e − 2 closes. Each salt was committed before any other could be read; but the last validator to
/// reveal can withhold its salt, and so choose between two seeds, at the price of that seat's reward for the epoch and
/// a missed reveal. A holder of n seats, each with a commitment, chooses among 2^n seeds, so many small seats have many
/// bits; and a party that can keep others' reveals out of blocks for the rest of the window (a sequencer) has a bit for
/// each of them. On these chains a draw can be manipulated at that price.
///
/// *Changing stakes does not help either.* A slot's point is scaled to the total stake, not reduced modulo it: a wei
/// more or less moves points and borders by at most a wei. So unstaking after the seed is known moves them by at most
/// the unstaked amount, and does not redraw anything.
///
/// An epoch that nobody opens, or that has no active validators, has no leaders and pays no block rewards. That does
/// not affect scores, settlement or other epochs. Slots before the sealing have no block.
///
/// The reward (`rewardWei`; 2 MDT on the reference network) never changes: it pays for presence, which is the same work
/// in any slot. Only the Treasury's emission depends on the network's utility.
///
/// *Opening and sealing* pay the caller one reward each, once per epoch, because they cost gas and every leader of the
/// epoch benefits: opening takes about 395,000 gas with 8 validators and 3.83 million with 100, most of it for one
/// storage slot per validator; sealing takes 80,000 to 100,000. At a gas price of 1 gwei that is 0.0004, 0.0038 and
/// 0.0001 ether. On the reference network the two pay 4 MDT a day, compared with 576 for slots; if gas costs more than
/// that, slot leaders still have a reason to call. A front-runner only does the work instead of the other caller.
///
/// Rewards are minted from this contract's own lifetime allowance; the last reward is what is left of it. After that,
/// opening and sealing still work, unpaid. All amounts are wei of MDT; slots are counted from genesis. No view reverts.
interface IBlockRewards is IEpochClock, IMinter {
    /// @notice The state of an epoch's draw; all zero if nobody opened the epoch.
    /// @param openedInBlock The block that froze the stakes; the seed is from a later one.
    /// @param totalStakeWei Sum of the frozen stakes.
    /// @param seed Zero until sealed.
    struct Rotation {
        uint64 openedInBlock;
        uint96 totalStakeWei;
        bytes32 seed;
    }

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice The leaders of `epoch` will be drawn among `validators` that hold `totalStakeWei`; `opener` was paid
    /// `rewardWei`.
    event EpochOpened(
        uint64 indexed epoch,
        address indexed opener,
        uint256 validators,
        uint256 totalStakeWei,
        uint256 rewardWei
    );
    /// @notice The leaders of `epoch` are known; `sealer` was paid `rewardWei`.
    event EpochSealed(uint64 indexed epoch, address indexed sealer, bytes32 seed, uint256 rewardWei);
    /// @notice `leader` produced `slot` and was paid `rewardWei`.
    event BlockProduced(uint64 indexed slot, address indexed leader, uint256 rewardWei);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice `value` is not valid for this constructor parameter.
    error InvalidAddress(string parameter, address value);
    /// @notice The staked token is not the token paid here.
    error TokenMismatch(address stakedToken, address token);
    /// @notice The ScoreBoard counts the validators of `scored`, not of `staking`.
    error StakingMismatch(address scored, address staking);
    /// @notice The reward must be above zero.
    error ZeroReward();
    /// @notice No validator is active in `epoch`.
    error NoActiveStake(uint64 epoch);
    /// @notice The stakes of `epoch` were frozen in `openedInBlock`.
    error EpochAlreadyOpen(uint64 epoch, uint256 openedInBlock);
    /// @notice `epoch` is already sealed.
    error EpochAlreadySealed(uint64 epoch);
    /// @notice Nobody has opened `epoch`.
    error EpochNotOpen(uint64 epoch);
    /// @notice `epoch` was opened in this block: seal in a later one.
    error OpenedInThisBlock(uint64 epoch, uint256 blockNumber);
    /// @notice `epoch` has no leaders yet: open and seal it.
    error EpochNotSealed(uint64 epoch);
    /// @notice The leader of `slot` is `leader`, for which `caller` may not act.
    error NotLeader(uint64 slot, address leader, address caller);
    /// @notice `slot` is already produced.
    error AlreadyProduced(uint64 slot);
    /// @notice The contract's minting allowance is used up.
    error AllowanceUsedUp();

    // ------------------------------------------------------------------------------------------------------ actions

    /// @notice Freeze the stakes of the current epoch's active validators.
    /// @dev Who: anyone. Requirements: the epoch has active validators; it was not opened before.
    /// Effects: stores them in one slot each; mints min(`rewardWei`, what is left) to the caller; emits `EpochOpened`.
    /// Errors: `BeforeGenesis`, `EpochAlreadyOpen`, `NoActiveStake`.
    function openEpoch() external;

    /// @notice Draw the seed of the current epoch, and with it the leaders of its slots.
    /// @dev Who: anyone. Requirements: the epoch was opened in an earlier block and is not sealed.
    /// Effects: stores the seed; mints min(`rewardWei`, what is left) to the caller; emits `EpochSealed`.
    /// Errors: `BeforeGenesis`, `EpochAlreadySealed`, `EpochNotOpen`, `OpenedInThisBlock`.
    function sealEpoch() external;

    /// @notice Produce the current slot and be paid for it.
    /// @dev Who: owner or operator of the slot's leader. Requirements: the epoch is sealed; the slot is not produced;
    /// the allowance is not used up. A leader stays leader of its slots even if it is slashed, jailed or leaves during
    /// the epoch. Effects: mints min(`rewardWei`, what is left) to the leader's owner; emits `BlockProduced`. Errors:
    /// `BeforeGenesis`, `EpochNotSealed`, `NotLeader`, `AlreadyProduced`, `AllowanceUsedUp`.
    function produce() external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice The contract that knows the active validators and their stake.
    function staking() external view returns (IStaking);

    /// @notice The contract that knows the revealed salts.
    function scoreBoard() external view returns (IScoreBoard);

    /// @notice The reward for a slot, for opening and for sealing, while the allowance lasts.
    function rewardWei() external view returns (uint256);

    /// @notice The next reward: `rewardWei`, or what is left of the allowance.
    function nextRewardWei() external view returns (uint256);

    /// @notice The seed of the latest sealed epoch; zero before the first.
    function latestSeed() external view returns (bytes32);

    /// @notice The state of the draw of `epoch`.
    function rotationOf(uint64 epoch) external view returns (Rotation memory);

    /// @notice The validators among which the leaders of `epoch` are drawn, and their frozen stakes; empty if nobody
    /// opened it.
    function candidatesOf(uint64 epoch) external view returns (address[] memory validators, uint256[] memory stakesWei);

    /// @notice The leader of `slot`; zero if its epoch is not sealed.
    /// @dev The stakes lie end to end on a line; the leader is the validator on whose stretch the point ⌊h · total /
    /// 2^128⌋ falls, with h = the upper 128 bits of keccak256(abi.encode(seed, slot)). Each stretch gets its share of
    /// the 2^128 values of h, rounded up or down: no validator is favoured by more than 2^-128.
    function leaderOf(uint64 slot) external view returns (address);

    /// @notice The leaders of all slots of `epoch`, in order; empty if it is not sealed. Takes about 3,500 gas per
    /// slot, so that 2,048 slots, the most that a network's configuration may have, fit a call.
    function leadersOf(uint64 epoch) external view returns (address[] memory);

    /// @notice Whether `slot` was produced.
    function hasProduced(uint64 slot) external view returns (bool);

    /// @notice How many slots of `epoch` were produced.
    function producedCount(uint64 epoch) external view returns (uint256);

    /// @notice The slots of `epoch` that were produced, in order; the others were missed or are in the future.
    function producedSlots(uint64 epoch) external view returns (uint64[] memory);
}
