// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingLens} from "../interfaces/IStakingLens.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";

/// @title StakingLens
/// @notice Reads Staking for people and programs off chain, so that Staking itself, whose code size is limited, has
/// only the functions that contracts call.
contract StakingLens is IStakingLens {
    /// @notice The Staking contract that is read.
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
        (status.registrationCount, status.isSeated) = staking.registrationsAndSeatOf(validator);
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

    /// @inheritdoc IStakingLens
    function withdrawableWei(address validator, address account) external view returns (uint256 amountWei) {
        (amountWei, ) = staking.exitsOf(validator, account);
    }

    /// @inheritdoc IStakingLens
    function pendingExits(address validator, address account) external view returns (PendingExit[] memory pending) {
        (, IStakingViews.Exit[3] memory exits) = staking.exitsOf(validator, account);
        (uint256 index, uint256 indexOne) = (staking.indexAt(validator, type(uint64).max), staking.INDEX_ONE());
        uint256 count = 0;
        for (uint256 i = 0; i < exits.length; ++i) if (exits[i].shares != 0) ++count;
        pending = new PendingExit[](count);
        for (uint256 i = 0; i < count; ++i) {
            // The earliest exit left; entries without shares are empty, or already listed.
            uint256 next = 0;
            for (uint256 j = 1; j < exits.length; ++j) {
                bool isEarlier = exits[next].shares == 0 || exits[j].withdrawableEpoch < exits[next].withdrawableEpoch;
                if (exits[j].shares != 0 && isEarlier) next = j;
            }
            pending[i] = PendingExit({
                withdrawableEpoch: exits[next].withdrawableEpoch,
                amountWei: (uint256(exits[next].shares) * index) / indexOne
            });
            exits[next].shares = 0;
        }
    }
}
