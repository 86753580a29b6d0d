// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Actions} from "./Actions.sol";
import {vm} from "./Vm.sol";

/// @notice Compares the contracts with the books after any series of actions.
contract SystemTest {
    error Broken(string rule);

    uint256 private constant PEOPLE = 5;
    uint256 private constant EARNERS = 4;

    Actions private actions;

    function setUp() external {
        actions = new Actions();
    }

    /// @notice forge calls only what this returns.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    function invariant_theContractsKeepTheirBooks() external {
        vm.warp(actions.time());
        string memory broken = actions.broken();
        if (bytes(broken).length != 0) revert Broken(broken);
        _supply();
        _balances();
        _rewards();
        _stakes();
    }

    function _supply() private view {
        _rule(actions.token().totalSupply() == actions.supplyWei(), "supply is what was minted less what was burned");
        _rule(actions.token().totalMinted() == actions.mintedWei(), "the token counts what was minted");
        _rule(actions.token().totalBurned() == actions.burnedWei(), "the token counts what was burned");
        _rule(actions.mintedWei() <= actions.token().MAX_SUPPLY(), "no more is minted than the cap");
    }

    function _balances() private view {
        _rule(_held(address(actions.treasury())) == actions.treasuryWei(), "the Treasury holds rewards not yet paid");
        _rule(_held(address(actions.pool())) == actions.poolWei(), "the pool holds what came in less what went out");
        _rule(
            actions.pool().totalIn() - actions.pool().totalOut() == actions.poolWei(),
            "the pool books what it holds"
        );
        _rule(
            _held(address(actions.staking())) == actions.stakingWei(),
            "Staking holds what it was given and not paid"
        );
        _rule(
            _held(address(actions.taskRegistry())) == actions.registryWei(),
            "the registry holds open fees and gifts"
        );
        _rule(actions.taskRegistry().openFeesWei() == actions.openFeesWei(), "the registry counts open fees");
        _rule(actions.registryWei() >= actions.openFeesWei(), "open fees are covered");
    }

    function _rewards() private view {
        uint256 unpaidWei;
        for (uint256 i = 0; i < EARNERS; ++i) {
            address account = actions.people(i);
            uint256 paidWei = actions.paidWei(account);
            _rule(actions.treasury().claimedOf(account) == paidWei, "the Treasury counts what it paid");
            uint256 earnedWei = actions.earnedWei(i);
            if (earnedWei > paidWei) unpaidWei += earnedWei - paidWei;
        }
        _rule(actions.treasury().nextEpochToSettle() == actions.nextEpoch(), "each epoch is settled once");
        if (!actions.wasRobbed()) _rule(actions.treasuryWei() >= unpaidWei, "honest rewards are covered");
    }

    function _stakes() private view {
        uint256 owedWei;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            address account = actions.people(i);
            uint256 worthWei = actions.stakedWei(account);
            owedWei += worthWei;
            uint256 outWei = worthWei + actions.withdrawnWei(account);
            _rule(outWei <= actions.depositedWei(account), "nobody gets more out of Staking than it brought");
        }
        _rule(owedWei <= actions.stakingWei(), "all stake is covered");
    }

    function _held(address account) private view returns (uint256) {
        return actions.token().balanceOf(account);
    }

    function _rule(bool holds, string memory name) private pure {
        if (!holds) revert Broken(name);
    }
}
