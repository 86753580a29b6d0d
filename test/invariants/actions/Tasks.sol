// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Stakes} from "./Stakes.sol";

/// @notice Clients, miners, and strangers who want the fees.
abstract contract Tasks is Stakes {
    enum Status {
        Open,
        Completed,
        Refunded
    }

    struct Task {
        address client;
        address miner;
        uint256 feeWei;
        uint256 deadline;
        Status status;
    }

    /// @dev Task n has id n + 1.
    Task[] private _tasks;
    /// @dev Miner n has id n + 1.
    address[] private _miners;

    function registerMiner(uint256 who) external {
        address person = _person(who);
        uint256 beforeWei = token.balanceOf(person);
        bytes memory call = abi.encodeCall(taskRegistry.registerMiner, (type(uint256).max));
        if (!_try(person, address(taskRegistry), call)) return;
        poolWei += beforeWei - token.balanceOf(person);
        _miners.push(person);
    }

    function submitTask(uint256 who, uint256 miner, uint256 fee, uint256 duration) external {
        if (_miners.length == 0) return;
        uint256 id = miner % _miners.length;
        uint256 feeWei = 1 ether + _upTo(50 ether, fee);
        uint256 deadline = time + (duration % (2 * EPOCH_SECONDS));
        bytes memory call = abi.encodeCall(
            taskRegistry.submitTask,
            (uint32(id + 1), 0, uint128(feeWei), uint64(deadline), bytes32(who), "")
        );
        if (!_try(_person(who), address(taskRegistry), call)) return;
        registryWei += feeWei;
        openFeesWei += feeWei;
        _tasks.push(Task(_person(who), _miners[id], feeWei, deadline, Status.Open));
    }

    function complete(uint256 who, uint256 which) external {
        if (_tasks.length == 0) return;
        uint256 n = _someTask(which);
        Task storage task = _tasks[n];
        address sender = who % 4 == 0 ? _anyone(who / 4) : task.miner;
        if (which % 8 == 1 && time < task.deadline) time = task.deadline - (who % 2);
        bytes memory call = abi.encodeCall(taskRegistry.completeTask, (uint64(n + 1), bytes32(who), ""));
        if (!_try(sender, address(taskRegistry), call)) return;
        _rule(task.status == Status.Open, "a fee is paid once");
        _rule(sender == task.miner, "a task's miner alone completes it");
        _rule(time < task.deadline, "a task is completed before its deadline");
        uint256 burnWei = (task.feeWei * FEE_BURN_BPS) / BPS;
        _burns(burnWei);
        poolWei += task.feeWei - burnWei;
        _closes(task, Status.Completed);
    }

    function refund(uint256 who, uint256 which) external {
        if (_tasks.length == 0) return;
        uint256 n = _someTask(which);
        Task storage task = _tasks[n];
        if (which % 8 == 3 && time < task.deadline) time = task.deadline - (who % 2);
        uint256 beforeWei = token.balanceOf(task.client);
        bytes memory call = abi.encodeCall(taskRegistry.refundTask, (uint64(n + 1)));
        if (!_try(_anyone(who), address(taskRegistry), call)) return;
        _rule(task.status == Status.Open, "a fee is refunded once");
        _rule(time >= task.deadline, "a task is refunded from its deadline on");
        _rule(token.balanceOf(task.client) - beforeWei == task.feeWei, "a client gets its whole fee back");
        _closes(task, Status.Refunded);
    }

    function _closes(Task storage task, Status status) private {
        registryWei -= task.feeWei;
        openFeesWei -= task.feeWei;
        task.status = status;
    }

    /// @dev Mostly one of the newest, which may be open.
    function _someTask(uint256 seed) private view returns (uint256) {
        uint256 count = _tasks.length;
        return seed % 4 == 0 ? (seed / 4) % count : count - 1 - ((seed / 4) % _least(count, 3));
    }
}
