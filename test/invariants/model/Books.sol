// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingViews} from "../../../contracts/interfaces/IStakingViews.sol";
import {World} from "../World.sol";

/// @notice What every contract must hold, and what exists of MDT, kept with sums alone: what came in less what went out.
abstract contract Books is World {
    /// @notice The first rule that an action saw broken; empty while all hold.
    string public broken;

    uint256 public supplyWei = PEOPLE * GENESIS_WEI;
    uint256 public mintedWei = PEOPLE * GENESIS_WEI;
    uint256 public burnedWei;
    uint256 public treasuryWei;
    uint256 public poolWei;
    uint256 public stakingWei;
    uint256 public registryWei;
    /// @notice What open tasks have paid.
    uint256 public openFeesWei;

    /// @notice What an account brought to Staking, and what it took out again, all validators together.
    mapping(address account => uint256) public depositedWei;
    mapping(address account => uint256) public withdrawnWei;

    function _rule(bool holds, string memory name) internal {
        if (!holds && bytes(broken).length == 0) broken = name;
    }

    function _mints(uint256 amountWei) internal {
        supplyWei += amountWei;
        mintedWei += amountWei;
    }

    function _burns(uint256 amountWei) internal {
        supplyWei -= amountWei;
        burnedWei += amountWei;
    }

    function _stakes(address account, uint256 amountWei) internal {
        stakingWei += amountWei;
        depositedWei[account] += amountWei;
    }

    /// @notice What `account` has in Staking, at what it is worth now: stake, what is leaving, and what may be withdrawn.
    function stakedWei(address account) public view returns (uint256 sumWei) {
        for (uint256 i = 0; i < PEOPLE; ++i) {
            address validator = people[i];
            uint256 index = staking.indexAt(validator, type(uint64).max);
            (uint256 maturedWei, IStakingViews.Exit[3] memory exits) = staking.exitsOf(validator, account);
            sumWei += maturedWei;
            for (uint256 j = 0; j < 3; ++j) sumWei += (exits[j].shares * index) / 1e27;
            sumWei +=
                account == validator
                    ? staking.stakeAt(validator, type(uint64).max)
                    : staking.delegationAt(validator, account, type(uint64).max);
        }
    }
}
