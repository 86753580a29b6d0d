// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IMinter} from "./IMinter.sol";
import {IScoreBoard} from "./IScoreBoard.sol";
import {IStaking} from "./IStaking.sol";

/// @title BlockRewards: proof-of-stake rotation and its fixed reward
/// @notice Every slot has one leader, drawn at random in proportion to stake. The leader that shows up in its slot, by
/// calling `produce`, is paid a fixed reward; a leader that doesn't leaves a visible gap.
///
/// An epoch e gets its leaders in two steps, both by anyone:
/// 1. `openEpoch` freezes the total stakes (own + delegated) of the epoch's active validators;
/// 2. `sealEpoch`, in a later block, takes the seed = keccak256(previous seed, prevrandao of its block) xor all salts that
///    validators revealed for their scores of e − 2 (`IScoreBoard.revealedSalts`). They are complete before e begins.
///
/// *Who could choose the seed.* Two sources that nobody holds together, so that neither's holders can try values until one suits:
/// - Who builds blocks can't: neither prevrandao nor the salts depend on what a block contains, so varying it off line
///   changes nothing. A proposer may leave out the call that seals, or its whole block, and so choose between this
///   block's value and a later one: one bit a block, as long as nobody else's call gets in.
/// - Who reveals can't: reveals for e − 2 end in e − 1, before the prevrandao of any block of e is known.
/// - Anyone may call `sealEpoch` from a contract that reverts unless the seed is to its taste. That too is one try a block,
///   and only until anybody else seals, which is paid: in practice, the first block after the opening.
/// Where prevrandao is not random (Arbitrum: always 1) the seed rests on the salts alone, and is known once the reveal window of
/// e − 2 closes. Each was committed to before any other could be read; but whoever reveals last may keep its salt
/// back, and chooses between two seeds, at the price of the epoch's reward for that seat and of a miss. A holder of n seats
/// with a commitment each chooses among 2^n, so many small seats have many bits; and who can keep others' reveals out of blocks
/// for the rest of the window (a sequencer) has a bit for each of those. There a draw can be bent by whoever gives up enough.
///
/// *Stakes can't be used to choose either.* A slot's point is scaled to the total stake, not reduced by it: a wei more or less moves
/// points and borders by a wei at most. So unstaking after a seed is known, where it can be known so early, moves them by
/// no more than what was taken out, and draws nothing anew.
///
/// An epoch that nobody opens, or that has no active validator, has no leaders and pays no block rewards. Scores, settlement and
/// every other epoch are not touched by that. The slots before the epoch is sealed go without a block.
///
/// The reward (`rewardWei`; 2 MDT on the reference network) never changes: it pays for being there, which is the same work in any
/// slot. What depends on how useful the network is, is the Treasury's emission.
///
/// *Opening and sealing* are paid one such reward each, to whoever calls, once per epoch, because they cost gas that every leader
/// of the epoch profits from: opening takes about 395,000 gas with 8 validators and 3.83 million with 100, most of it for one
/// storage slot per validator; sealing takes 80,000 to 100,000. At a gas price of 1 gwei that is 0.0004, 0.0038 and 0.0001
/// ether. On the reference network the two pay 4 MDT a day, beside 576 for slots; where gas costs more than that, who leads
/// slots has reason to call all the same. Whoever runs ahead of another's call has only done the work in its place.
///
/// Rewards come out of this contract's own lifetime allowance for minting and end with it: the last one is what is left. Opening and
/// sealing then still work, for nothing.
/// All amounts are wei of MDT; slots are counted from genesis. No view reverts.
interface IBlockRewards is IEpochClock, IMinter {
    /// @notice How the leaders of an epoch came about; all zero if nobody opened it.
    /// @param openedInBlock The block in which the stakes were frozen; the seed is of a later one.
    /// @param totalStakeWei Sum of the frozen stakes.
    /// @param seed Zero until sealed.
    struct Rotation {
        uint64 openedInBlock;
        uint96 totalStakeWei;
        bytes32 seed;
    }

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice The leaders of `epoch` will be drawn among `validators` that hold `totalStakeWei`; `opener` was paid `rewardWei`.
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

    /// @notice `value` can't be the construction parameter of this name.
    error InvalidAddress(string parameter, address value);
    /// @notice Another token is staked than the one that is paid here.
    error TokenMismatch(address stakedToken, address token);
    /// @notice The ScoreBoard counts the validators of `scored`, not of `staking`.
    error StakingMismatch(address scored, address staking);
    /// @notice The reward must be above zero.
    error ZeroReward();
    /// @notice No validator is active in `epoch`.
    error NoActiveStake(uint64 epoch);
    /// @notice The stakes of `epoch` were frozen in `openedInBlock`.
    error EpochAlreadyOpen(uint64 epoch, uint256 openedInBlock);
    /// @notice `epoch` has its leaders.
    error EpochAlreadySealed(uint64 epoch);
    /// @notice Nobody has opened `epoch`.
    error EpochNotOpen(uint64 epoch);
    /// @notice `epoch` was opened in this block: seal in a later one.
    error OpenedInThisBlock(uint64 epoch, uint256 blockNumber);
    /// @notice `epoch` has no leaders yet: open and seal it.
    error EpochNotSealed(uint64 epoch);
    /// @notice `slot` is for `leader` to produce, and `caller` does not act for it.
    error NotLeader(uint64 slot, address leader, address caller);
    /// @notice `slot` was produced before.
    error AlreadyProduced(uint64 slot);
    /// @notice Everything that could ever be paid here has been paid.
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
    /// @dev Who: owner or operator of the slot's leader. Requirements: the epoch is sealed; the slot is not produced; something is
    /// left of the allowance. A leader stays leader of its slots when it is slashed, jailed or leaves during the epoch.
    /// Effects: mints min(`rewardWei`, what is left) to the leader's owner; emits `BlockProduced`.
    /// Errors: `BeforeGenesis`, `EpochNotSealed`, `NotLeader`, `AlreadyProduced`, `AllowanceUsedUp`.
    function produce() external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice Says who is active with how much stake.
    function staking() external view returns (IStaking);

    /// @notice Says which salts were revealed.
    function scoreBoard() external view returns (IScoreBoard);

    /// @notice The reward for a slot, for opening and for sealing, while the allowance lasts.
    function rewardWei() external view returns (uint256);

    /// @notice What is paid next: `rewardWei`, or what is left of the allowance.
    function nextRewardWei() external view returns (uint256);

    /// @notice The seed of the latest sealed epoch; zero before the first.
    function latestSeed() external view returns (bytes32);

    /// @notice How the leaders of `epoch` came about.
    function rotationOf(uint64 epoch) external view returns (Rotation memory);

    /// @notice The validators among which the leaders of `epoch` are drawn, and their frozen stakes; empty if nobody opened it.
    function candidatesOf(uint64 epoch) external view returns (address[] memory validators, uint256[] memory stakesWei);

    /// @notice The leader of `slot`; zero if its epoch is not sealed.
    /// @dev The stakes lie one after the other on a line; the leader is the one on whose stretch the point
    /// ⌊h · total / 2^128⌋ falls, h being the upper 128 bits of keccak256(abi.encode(seed, slot)). A stretch so gets its share of
    /// the 2^128 values of h rounded up or down: no validator is favoured by more than 2^-128.
    function leaderOf(uint64 slot) external view returns (address);

    /// @notice The leaders of all slots of `epoch`, in order; empty if it is not sealed. Takes about 3,500 gas per slot, so that the
    /// 2,048 slots that a network's configuration may have at most fit a call.
    function leadersOf(uint64 epoch) external view returns (address[] memory);

    /// @notice Whether `slot` was produced.
    function hasProduced(uint64 slot) external view returns (bool);

    /// @notice How many slots of `epoch` were produced.
    function producedCount(uint64 epoch) external view returns (uint256);

    /// @notice The slots of `epoch` that were produced, in order; the others were missed, or are still to come.
    function producedSlots(uint64 epoch) external view returns (uint64[] memory);
}
