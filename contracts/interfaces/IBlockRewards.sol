// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IModernTensorToken} from "./IModernTensorToken.sol";
import {IStaking} from "./IStaking.sol";

/// @title BlockRewards: proof-of-stake rotation and its fixed reward
/// @notice Every slot has one leader, drawn at random in proportion to stake. The leader that shows up in its slot, by
/// calling `produce`, is paid a fixed reward; a leader that doesn't leaves a visible gap.
///
/// An epoch gets its leaders in two steps, both by anyone:
/// 1. `openEpoch` freezes the total stakes (own + delegated) of the epoch's active validators and notes the number of its block;
/// 2. `sealEpoch`, in a later block, takes the seed = keccak256(previous seed, hash of the noted block).
/// The noted block's hash does not exist while its transactions run, so nobody can try seeds until one suits: what is frozen
/// is frozen before the seed can be known. The chain keeps hashes for 256 blocks; if nobody sealed by then, `openEpoch` notes a
/// new block for the stakes frozen before. Whoever dislikes a seed can't hold it back alone, since anyone may seal.
/// (Who makes the blocks of the underlying chain has a little influence on their hashes, worth less than a block here.)
///
/// An epoch that nobody opens, or that has no active validator, has no leaders and pays no block rewards. Scores, settlement and
/// every other epoch are not touched by that. The slots before the epoch is sealed go without a block.
///
/// The reward (`rewardWei`; 2 MDT on the reference network) never changes: it pays for being there, which is the same work in any
/// slot. What depends on how useful the network is, is the Treasury's emission.
///
/// Rewards come out of this contract's own lifetime allowance for minting and end with it: the last one is what is left.
/// All amounts are wei of MDT; slots are counted from genesis. No view reverts.
interface IBlockRewards is IEpochClock {
    /// @notice How the leaders of an epoch came about; all zero if nobody opened it.
    /// @param notedBlock The block whose hash makes the seed.
    /// @param totalStakeWei Sum of the frozen stakes.
    /// @param seed Zero until sealed.
    struct Rotation {
        uint64 notedBlock;
        uint96 totalStakeWei;
        bytes32 seed;
    }

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice Block `notedBlock` will seed the leaders of `epoch`; `validators` hold `totalStakeWei`.
    event EpochOpened(uint64 indexed epoch, uint256 notedBlock, uint256 validators, uint256 totalStakeWei);
    /// @notice The leaders of `epoch` are known.
    event EpochSealed(uint64 indexed epoch, bytes32 seed);
    /// @notice `leader` produced `slot` and was paid `rewardWei`.
    event BlockProduced(uint64 indexed slot, address indexed leader, uint256 rewardWei);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice `value` can't be the construction parameter of this name.
    error InvalidAddress(string parameter, address value);
    /// @notice The reward must be above zero.
    error ZeroReward();
    /// @notice No validator is active in `epoch`.
    error NoActiveStake(uint64 epoch);
    /// @notice `epoch` is open: the hash of `notedBlock` is still to be had.
    error EpochAlreadyOpen(uint64 epoch, uint256 notedBlock);
    /// @notice `epoch` has its leaders.
    error EpochAlreadySealed(uint64 epoch);
    /// @notice Nobody has opened `epoch`.
    error EpochNotOpen(uint64 epoch);
    /// @notice `notedBlock` has no hash yet: seal in a later block.
    error NotedBlockNotOver(uint64 epoch, uint256 notedBlock);
    /// @notice The hash of `notedBlock` is gone: open the epoch again.
    error NotedBlockTooOld(uint64 epoch, uint256 notedBlock, uint256 blockNumber);
    /// @notice `epoch` has no leaders yet: open and seal it.
    error EpochNotSealed(uint64 epoch);
    /// @notice `slot` is for `leader` to produce, and `caller` does not act for it.
    error NotLeader(uint64 slot, address leader, address caller);
    /// @notice `slot` was produced before.
    error AlreadyProduced(uint64 slot);
    /// @notice Everything that could ever be paid here has been paid.
    error AllowanceUsedUp();

    // ------------------------------------------------------------------------------------------------------ actions

    /// @notice Freeze the stakes of the current epoch's active validators and note this block.
    /// @dev Who: anyone. Requirements: the epoch has active validators; it was not opened before, or its noted block is
    /// more than 256 blocks old and it is not sealed (then the stakes stay as they were frozen first).
    /// Effects: emits `EpochOpened`. Errors: `BeforeGenesis`, `EpochAlreadySealed`, `EpochAlreadyOpen`, `NoActiveStake`.
    /// With 100 validators it takes about 3.8 million gas, most of it for one storage slot per validator.
    function openEpoch() external;

    /// @notice Draw the seed of the current epoch, and with it the leaders of its slots.
    /// @dev Who: anyone. Requirements: the epoch is open and not sealed; noted block < this block ≤ noted block + 256.
    /// Effects: stores the seed; emits `EpochSealed`.
    /// Errors: `BeforeGenesis`, `EpochNotOpen`, `EpochAlreadySealed`, `NotedBlockNotOver`, `NotedBlockTooOld`.
    function sealEpoch() external;

    /// @notice Produce the current slot and be paid for it.
    /// @dev Who: owner or operator of the slot's leader. Requirements: the epoch is sealed; the slot is not produced; something is
    /// left of the allowance. A leader stays leader of its slots when it is slashed, jailed or leaves during the epoch.
    /// Effects: mints min(`rewardWei`, what is left) to the leader's owner; emits `BlockProduced`.
    /// Errors: `BeforeGenesis`, `EpochNotSealed`, `NotLeader`, `AlreadyProduced`, `AllowanceUsedUp`.
    function produce() external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice The token, of which this contract is a minter.
    function token() external view returns (IModernTensorToken);

    /// @notice Says who is active with how much stake.
    function staking() external view returns (IStaking);

    /// @notice The reward for a slot while the allowance lasts.
    function rewardWei() external view returns (uint256);

    /// @notice What the next `produce` pays: `rewardWei`, or what is left of the allowance.
    function nextRewardWei() external view returns (uint256);

    /// @notice The seed of the latest sealed epoch; zero before the first.
    function latestSeed() external view returns (bytes32);

    /// @notice How the leaders of `epoch` came about.
    function rotationOf(uint64 epoch) external view returns (Rotation memory);

    /// @notice The validators among which the leaders of `epoch` are drawn, and their frozen stakes; empty if nobody opened it.
    function candidatesOf(uint64 epoch) external view returns (address[] memory validators, uint256[] memory stakesWei);

    /// @notice The leader of `slot`; zero if its epoch is not sealed.
    /// @dev The stakes lie one after the other on a line; the leader is the one on whose stretch the point
    /// uint256(keccak256(abi.encode(seed, slot))) mod total falls. The total is below 2^96, so the remainder favours
    /// no validator by more than 2^-160.
    function leaderOf(uint64 slot) external view returns (address);

    /// @notice The leaders of all slots of `epoch`, in order; empty if it is not sealed.
    function leadersOf(uint64 epoch) external view returns (address[] memory);

    /// @notice Whether `slot` was produced.
    function hasProduced(uint64 slot) external view returns (bool);

    /// @notice How many slots of `epoch` were produced.
    function producedCount(uint64 epoch) external view returns (uint256);

    /// @notice The slots of `epoch` that were produced, in order; the others were missed, or are still to come.
    function producedSlots(uint64 epoch) external view returns (uint64[] memory);
}
