// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Settlements} from "./Settlements.sol";

/// @notice Vetoes and pauses, by those who may and by those who may not.
abstract contract Guarding is Settlements {
    function veto(uint256 who, uint256 back) external {
        address sender = who % 2 == 0 ? GUARDIAN : _anyone(who);
        uint64 newest = _newest();
        uint64 fromEpoch = uint64(newest - _least(newest, back % 3));
        bool succeeded = _try(sender, address(treasury), abi.encodeCall(treasury.vetoRoot, (fromEpoch)));
        bool mayRemove = sender == GUARDIAN && nextEpoch != 0 && _vetoes(fromEpoch);
        _rule(succeeded == mayRemove, "the guardian vetoes what is pending, and while paused what is claimable");
    }

    function pause(uint256 who) external {
        address sender = [ADMIN, GUARDIAN, KEEPER, STRANGER, DAO, KEEPER, STRANGER, DAO][who % 8];
        bool mayPause = (sender == ADMIN || sender == GUARDIAN) && _mayPause(sender == ADMIN);
        bool succeeded = _try(sender, address(treasury), abi.encodeCall(treasury.pause, ()));
        _rule(succeeded == mayPause, "admin and guardian pause, and a guardian rests between two pauses");
        if (succeeded) _pauses(sender == ADMIN);
    }

    function unpause(uint256 who) external {
        address sender = [ADMIN, ADMIN, ADMIN, ADMIN, GUARDIAN, KEEPER, STRANGER, DAO][who % 8];
        bool mayUnpause = (sender == ADMIN || sender == GUARDIAN) && _mayUnpause(sender == ADMIN);
        bool succeeded = _try(sender, address(treasury), abi.encodeCall(treasury.unpause, ()));
        _rule(succeeded == mayUnpause, "the admin ends each pause, the guardian its own");
        if (succeeded) _unpauses();
    }
}
