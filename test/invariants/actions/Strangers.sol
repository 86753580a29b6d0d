// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRecyclingPool} from "../../../contracts/interfaces/IRecyclingPool.sol";
import {Tasks} from "./Tasks.sol";

/// @notice Time, gifts, and anyone who tries what nobody may do.
abstract contract Strangers is Tasks {
    function wait(uint256 how) external {
        uint256 choice = how % 16;
        if (choice == 0) time += 15 days;
        else if (choice < 4) time += (how / 16) % (3 * EPOCH_SECONDS);
        else time += (how / 16) % 60;
    }

    /// @dev Also to the contracts, by mistake.
    function give(uint256 who, uint256 to, uint256 amount) external {
        address[5] memory receivers = [
            address(treasury),
            address(staking),
            address(taskRegistry),
            address(pool),
            _person(to)
        ];
        uint256 amountWei = _upTo(5 ether, amount);
        address receiver = receivers[to % 5];
        if (!_try(_person(who), address(token), abi.encodeCall(token.transfer, (receiver, amountWei)))) return;
        if (to % 5 == 0) treasuryWei += amountWei;
        if (to % 5 == 1) stakingWei += amountWei;
        if (to % 5 == 2) registryWei += amountWei;
        if (to % 5 == 3) poolWei += amountWei;
    }

    function burn(uint256 who, uint256 amount) external {
        uint256 amountWei = _upTo(5 ether, amount);
        if (_try(_person(who), address(token), abi.encodeCall(token.burn, (amountWei)))) _burns(amountWei);
    }

    function recycle(uint256 who, uint256 source, uint256 amount) external {
        uint256 amountWei = _upTo(5 ether, amount);
        IRecyclingPool.Source from = IRecyclingPool.Source(source % 5);
        if (!_try(_person(who), address(pool), abi.encodeCall(pool.deposit, (from, amountWei)))) return;
        _rule(from == IRecyclingPool.Source.TransactionFees, "people book nothing under what contracts book");
        poolWei += amountWei;
    }

    function takeWhatIsNobodys(uint256 who, uint256 amount) external {
        address sender = _anyone(who);
        uint256 amountWei = _upTo(100 ether, amount);
        address[] memory minters = new address[](1);
        uint256[] memory allowancesWei = new uint256[](1);
        (minters[0], allowancesWei[0]) = (address(treasury), 1_000_000 ether);
        bool hasTaken = _try(sender, address(token), abi.encodeCall(token.mint, (sender, amountWei + 1)));
        hasTaken = _try(sender, address(pool), abi.encodeCall(pool.draw, (amountWei, 0))) || hasTaken;
        bytes memory call = abi.encodeCall(pool.wire, (sender, address(staking), address(taskRegistry)));
        hasTaken = _try(sender, address(pool), call) || hasTaken;
        call = abi.encodeCall(token.wireMinters, (minters, allowancesWei));
        hasTaken = _try(sender, address(token), call) || hasTaken;
        address[4] memory victims = [address(treasury), address(staking), address(taskRegistry), address(pool)];
        call = abi.encodeCall(token.transferFrom, (victims[amount % 4], sender, amountWei + 1));
        hasTaken = _try(sender, address(token), call) || hasTaken;
        _rule(!hasTaken, "nobody mints, draws or takes what others hold");
        _rule(sender == ADMIN || !_takesARole(sender, amount), "nobody but the admin appoints");
    }

    function _takesARole(address sender, uint256 which) private returns (bool) {
        bytes32 role = [treasury.KEEPER_ROLE(), treasury.GUARDIAN_ROLE(), staking.SLASHER_ROLE()][which % 3];
        address target = [address(treasury), address(staking), address(quorum)][(which / 3) % 3];
        return _try(sender, target, abi.encodeCall(treasury.grantRole, (role, sender)));
    }
}
