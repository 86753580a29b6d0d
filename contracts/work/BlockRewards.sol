// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IBlockRewards} from "../interfaces/IBlockRewards.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IScoreBoard} from "../interfaces/IScoreBoard.sol";
import {IStaking} from "../interfaces/IStaking.sol";

/// @title BlockRewards
/// @notice Draws a leader for every slot in proportion to stake, and pays the leaders that produce their slots and the
/// callers that open and seal epochs.
/// @dev Always:
/// - the candidates of an epoch are written once, in an earlier block than its seed;
/// - an epoch has at most one seed, and a seed never changes;
/// - opening and sealing an epoch are paid once each, a slot at most once, to its leader, during the slot; all payments
///   together stay within the mint allowance.
contract BlockRewards is IBlockRewards, EpochClock {
    using BitMaps for BitMaps.BitMap;
    using Checkpoints for Checkpoints.Trace160;

    /// @inheritdoc IMinter
    IModernTensorToken public immutable token;
    /// @inheritdoc IBlockRewards
    IStaking public immutable staking;
    /// @inheritdoc IBlockRewards
    IScoreBoard public immutable scoreBoard;
    /// @inheritdoc IBlockRewards
    uint256 public immutable rewardWei;

    /// @inheritdoc IBlockRewards
    bytes32 public latestSeed;
    mapping(uint64 epoch => Rotation) private _rotations;
    /// @dev Validators laid end to end on a line as long as their total stake: where each begins (96 bits) => its
    /// address (160 bits), one slot each. The library's binary search finds the leader.
    mapping(uint64 epoch => Checkpoints.Trace160) private _candidates;
    BitMaps.BitMap private _produced;

    /// @param clock The clock that all contracts of the deployment share.
    /// @param token_ MDT; this contract must be one of its minters before anyone is paid.
    /// @param staking_ The source of active validators and their stake.
    /// @param scoreBoard_ The source of revealed salts.
    /// @param rewardWei_ The reward for a slot, for opening and for sealing, in wei.
    constructor(
        ClockParameters memory clock,
        IModernTensorToken token_,
        IStaking staking_,
        IScoreBoard scoreBoard_,
        uint256 rewardWei_
    ) EpochClock(clock) {
        _requireSameClock(staking_);
        _requireSameClock(scoreBoard_);
        IStaking scored = scoreBoard_.staking();
        if (scored != staking_) revert StakingMismatch(address(scored), address(staking_));
        if (address(token_) == address(0)) revert InvalidAddress("token", address(0));
        IModernTensorToken stakedToken = staking_.token();
        if (stakedToken != token_) revert TokenMismatch(address(stakedToken), address(token_));
        if (rewardWei_ == 0) revert ZeroReward();
        token = token_;
        staking = staking_;
        scoreBoard = scoreBoard_;
        rewardWei = rewardWei_;
    }

    /// @inheritdoc IBlockRewards
    function openEpoch() external {
        uint64 epoch = currentEpoch();
        Rotation storage rotation = _rotations[epoch];
        if (rotation.openedInBlock != 0) revert EpochAlreadyOpen(epoch, rotation.openedInBlock);

        uint96 totalStakeWei = _freezeStakes(epoch);
        (rotation.openedInBlock, rotation.totalStakeWei) = (uint64(block.number), totalStakeWei);
        uint256 paidWei = nextRewardWei();
        emit EpochOpened(epoch, msg.sender, _candidates[epoch].length(), totalStakeWei, paidWei);
        token.mint(msg.sender, paidWei);
    }

    /// @inheritdoc IBlockRewards
    function sealEpoch() external {
        uint64 epoch = currentEpoch();
        Rotation storage rotation = _rotations[epoch];
        if (rotation.seed != 0) revert EpochAlreadySealed(epoch);
        uint256 openedInBlock = rotation.openedInBlock;
        if (openedInBlock == 0) revert EpochNotOpen(epoch);
        if (openedInBlock == block.number) revert OpenedInThisBlock(epoch, openedInBlock);

        bytes32 salts = epoch < 2 ? bytes32(0) : scoreBoard.revealedSalts(epoch - 2);
        bytes32 seed = keccak256(abi.encode(latestSeed, block.prevrandao)) ^ salts;
        rotation.seed = seed;
        latestSeed = seed;
        uint256 paidWei = nextRewardWei();
        emit EpochSealed(epoch, msg.sender, seed, paidWei);
        token.mint(msg.sender, paidWei);
    }

    /// @inheritdoc IBlockRewards
    function produce() external {
        uint64 slot = currentSlot();
        uint64 epoch = _epochOf(slot);
        address leader = leaderOf(slot);
        if (leader == address(0)) revert EpochNotSealed(epoch);
        if (staking.validatorOf(msg.sender) != leader) revert NotLeader(slot, leader, msg.sender);
        if (_produced.get(slot)) revert AlreadyProduced(slot);
        uint256 paidWei = nextRewardWei();
        if (paidWei == 0) revert AllowanceUsedUp();

        _produced.set(slot);
        emit BlockProduced(slot, leader, paidWei);
        token.mint(leader, paidWei);
    }

    /// @inheritdoc IMinter
    function leastAllowanceWei() external view returns (uint256) {
        return rewardWei; // one reward suffices: rewards end with the allowance
    }

    /// @inheritdoc IBlockRewards
    function rotationOf(uint64 epoch) external view returns (Rotation memory) {
        return _rotations[epoch];
    }

    /// @inheritdoc IBlockRewards
    function candidatesOf(
        uint64 epoch
    ) external view returns (address[] memory validators, uint256[] memory stakesWei) {
        Checkpoints.Trace160 storage candidates = _candidates[epoch];
        uint256 count = candidates.length();
        validators = new address[](count);
        stakesWei = new uint256[](count);
        uint256 endWei = _rotations[epoch].totalStakeWei;
        for (uint256 i = count; i > 0; --i) {
            Checkpoints.Checkpoint160 memory candidate = candidates.at(uint32(i - 1));
            validators[i - 1] = address(candidate._value);
            stakesWei[i - 1] = endWei - candidate._key;
            endWei = candidate._key;
        }
    }

    /// @inheritdoc IBlockRewards
    function leadersOf(uint64 epoch) external view returns (address[] memory leaders) {
        if (_rotations[epoch].seed == 0) return leaders;
        leaders = new address[](slotsPerEpoch);
        uint64 firstSlot = epoch * slotsPerEpoch;
        for (uint64 i = 0; i < slotsPerEpoch; ++i) leaders[i] = leaderOf(firstSlot + i);
    }

    /// @inheritdoc IBlockRewards
    function producedSlots(uint64 epoch) external view returns (uint64[] memory slots) {
        slots = new uint64[](producedCount(epoch));
        uint256 slot = uint256(epoch) * slotsPerEpoch;
        for (uint256 i = 0; i < slots.length; ++slot) {
            // A produced slot was the clock's current one, so its number fits.
            if (_produced.get(slot)) slots[i++] = uint64(slot);
        }
    }

    /// @inheritdoc IBlockRewards
    function hasProduced(uint64 slot) external view returns (bool) {
        return _produced.get(slot);
    }

    /// @inheritdoc IBlockRewards
    function nextRewardWei() public view returns (uint256) {
        return Math.min(rewardWei, token.mintable(address(this)));
    }

    /// @inheritdoc IBlockRewards
    function leaderOf(uint64 slot) public view returns (address) {
        uint64 epoch = _epochOf(slot);
        Rotation storage rotation = _rotations[epoch];
        bytes32 seed = rotation.seed;
        if (seed == 0) return address(0);
        uint256 fraction = uint256(keccak256(abi.encode(seed, slot))) >> 128; // of 2^128; times < 2^96: no overflow
        uint256 pointWei = (fraction * rotation.totalStakeWei) >> 128;
        return address(_candidates[epoch].upperLookup(uint96(pointWei)));
    }

    /// @inheritdoc IBlockRewards
    function producedCount(uint64 epoch) public view returns (uint256 count) {
        uint256 firstSlot = uint256(epoch) * slotsPerEpoch;
        for (uint256 i = 0; i < slotsPerEpoch; ++i) {
            if (_produced.get(firstSlot + i)) ++count;
        }
    }

    /// @dev Lays the active validators of `epoch` end to end.
    /// @return totalStakeWei The length of the line; below 2^96, like the token's cap.
    function _freezeStakes(uint64 epoch) private returns (uint96 totalStakeWei) {
        (address[] memory validators, uint256[] memory stakesWei) = staking.activeStakes(epoch);
        Checkpoints.Trace160 storage candidates = _candidates[epoch];
        for (uint256 i = 0; i < validators.length; ++i) {
            candidates.push(totalStakeWei, uint160(validators[i]));
            totalStakeWei += SafeCast.toUint96(stakesWei[i]);
        }
        if (totalStakeWei == 0) revert NoActiveStake(epoch);
    }

    function _epochOf(uint64 slot) private view returns (uint64) {
        return slot / slotsPerEpoch;
    }
}
