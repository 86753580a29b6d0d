// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingLens} from "../interfaces/IStakingLens.sol";

/// @title StakingLens
/// @notice Reads Staking for people and programs off chain, so that Staking itself, which has a maximum size, holds only
/// what contracts call.
contract StakingLens is IStakingLens {
    /// @notice What is read.
    IStaking public immutable staking;

    constructor(IStaking staking_) {
        staking = staking_;
    }

    /// @inheritdoc IStakingLens
    function seatedValidators(uint64 epoch) external view returns (SeatedValidator[] memory seated) {
        address[] memory holders = staking.seatedAt(epoch);
        uint256 indexOne = staking.INDEX_ONE();
        seated = new SeatedValidator[](holders.length);
        for (uint256 i = 0; i < holders.length; ++i) {
            SeatedValidator memory one = seated[i];
            one.validator = holders[i];
            (one.ownWei, one.totalWei, one.index, one.commissionBps, one.isJailed, one.isActive) = staking.validatorAt(
                holders[i],
                epoch
            );
            (one.ownWei, one.totalWei) = ((one.ownWei * one.index) / indexOne, (one.totalWei * one.index) / indexOne);
        }
    }

    /// @inheritdoc IStakingLens
    function statusOf(address validator) external view returns (ValidatorStatus memory status) {
        uint64 next = staking.nextEpoch();
        status.operator = staking.operatorOf(validator);
        (status.lives, status.isSeated) = staking.livesOf(validator);
        (, , , status.commissionBps, status.isJailed, ) = staking.validatorAt(validator, next);
        (status.releasableEpoch, status.nextRiseEpoch) = staking.limitsOf(validator);
        status.ownWei = staking.stakeAt(validator, type(uint64).max);
        status.totalWei = staking.totalStakeAt(validator, type(uint64).max);
        status.index = staking.indexAt(validator, type(uint64).max);
    }

    /// @inheritdoc IStakingLens
    function delegationsAt(
        address validator,
        address[] calldata accounts,
        uint64 epoch
    ) external view returns (uint256[] memory amountsWei) {
        amountsWei = new uint256[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            amountsWei[i] = staking.delegationAt(validator, accounts[i], epoch);
        }
    }
}
