// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Books} from "./Books.sol";

/// @notice Roots in the words of the design: a pending one that becomes the current one when it matures, and the one before it.
/// The Treasury keeps a ring of places instead.
abstract contract RootBook is Books {
    struct Posted {
        bytes32 root;
        uint64 epoch;
        uint256 claimableAt;
    }

    uint256 internal constant EARNERS = 4;
    uint256 private constant NO_END = type(uint256).max;
    uint256 private constant GUARDIAN_PAUSE_SECONDS = 14 days;
    uint256 private constant GUARDIAN_REST_SECONDS = 30 days;

    uint64 public nextEpoch;
    /// @notice Whether the newest epoch's root was vetoed and not reposted, and what a repost may return of its rewards.
    bool internal isVetoed;
    uint256 internal returnableWei;
    Posted internal pending;
    Posted internal current;
    Posted internal previous;
    uint256 internal pauseEndsAt;
    uint256 internal guardianMayPauseFrom;

    bytes32[] internal roots;
    /// @dev What each of the first people has earned in all, as a root says it.
    mapping(bytes32 root => uint256[EARNERS]) internal cumulativesWei;

    function _isPaused() internal view returns (bool) {
        return time < pauseEndsAt;
    }

    function _isClaimable(bytes32 root) internal view returns (bool) {
        (Posted memory newest, Posted memory older) = _claimable();
        return !_isPaused() && root != 0 && (newest.root == root || older.root == root);
    }

    function _settles(bytes32 root, uint256 rewardsWei) internal {
        (isVetoed, returnableWei) = (false, rewardsWei);
        if (pending.root == root && root != 0) pending.epoch = nextEpoch;
        else _posts(root, nextEpoch);
        nextEpoch += 1;
    }

    function _reposts(bytes32 root, uint256 returnedWei) internal {
        (isVetoed, returnableWei) = (false, returnableWei - _least(returnedWei, returnableWei));
        _posts(root, nextEpoch - 1);
    }

    /// @dev Removes what a guardian may remove now; `removed` says whether there was anything.
    function _vetoes(uint64 fromEpoch) internal returns (bool removed) {
        bool hasMatured = pending.root != 0 && time >= pending.claimableAt;
        bool isPaused = _isPaused();
        bool takesPending = _stands(pending, fromEpoch) && (isPaused || !hasMatured);
        bool takesCurrent = _stands(current, fromEpoch) && isPaused;
        bool takesPrevious = !hasMatured && _stands(previous, fromEpoch) && isPaused;
        removed = takesPending || takesCurrent || takesPrevious;
        if (!removed) return false;
        if (takesPrevious || hasMatured) delete previous;
        if (takesCurrent) delete current;
        if (takesPending) {
            isVetoed = true;
            if (hasMatured) returnableWei = 0;
            delete pending;
        }
    }

    function _mayPause(bool isAdmin) internal view returns (bool) {
        if (isAdmin) return pauseEndsAt != NO_END;
        return !_isPaused() && time >= guardianMayPauseFrom;
    }

    function _pauses(bool isAdmin) internal {
        pauseEndsAt = isAdmin ? NO_END : time + GUARDIAN_PAUSE_SECONDS;
        if (!isAdmin) guardianMayPauseFrom = pauseEndsAt + GUARDIAN_REST_SECONDS;
        _delayFrom(pauseEndsAt);
    }

    function _mayUnpause(bool isAdmin) internal view returns (bool) {
        return _isPaused() && (isAdmin || pauseEndsAt != NO_END);
    }

    function _unpauses() internal {
        uint256 rested = time + GUARDIAN_REST_SECONDS;
        if (guardianMayPauseFrom > rested) guardianMayPauseFrom = rested;
        _delayFrom(time);
        pauseEndsAt = 0;
    }

    /// @dev The root of four earners, and what it promises them.
    function _growTree(uint256[EARNERS] memory promisedWei) internal returns (bytes32 root) {
        bytes32[EARNERS] memory leaves = _leavesOf(promisedWei);
        root = _pair(_pair(leaves[0], leaves[1]), _pair(leaves[2], leaves[3]));
        cumulativesWei[root] = promisedWei;
        roots.push(root);
    }

    function _proofOf(bytes32 root, uint256 earner) internal view returns (bytes32[] memory proof) {
        bytes32[EARNERS] memory leaves = _leavesOf(cumulativesWei[root]);
        proof = new bytes32[](2);
        proof[0] = leaves[earner ^ 1];
        uint256 other = earner < 2 ? 2 : 0;
        proof[1] = _pair(leaves[other], leaves[other + 1]);
    }

    function _leavesOf(uint256[EARNERS] memory promisedWei) private view returns (bytes32[EARNERS] memory leaves) {
        for (uint256 i = 0; i < EARNERS; ++i) {
            bytes32 inner = keccak256(abi.encode(block.chainid, address(treasury), people[i], promisedWei[i]));
            leaves[i] = keccak256(bytes.concat(inner));
        }
    }

    function _pair(bytes32 one, bytes32 other) private pure returns (bytes32) {
        return one < other ? keccak256(bytes.concat(one, other)) : keccak256(bytes.concat(other, one));
    }

    function _posts(bytes32 root, uint64 epoch) private {
        (current, previous) = _claimable();
        if (root == 0) delete pending;
        else pending = Posted(root, epoch, time + CLAIM_DELAY_SECONDS);
    }

    function _claimable() private view returns (Posted memory newest, Posted memory older) {
        bool hasMatured = pending.root != 0 && time >= pending.claimableAt;
        return hasMatured ? (pending, current) : (current, previous);
    }

    function _stands(Posted storage posted, uint64 fromEpoch) private view returns (bool) {
        return posted.root != 0 && posted.epoch >= fromEpoch;
    }

    function _delayFrom(uint256 from) private {
        if (pending.root == 0 || time >= pending.claimableAt) return;
        // A pause without an end is one until someone ends it.
        pending.claimableAt = from == NO_END ? NO_END : from + CLAIM_DELAY_SECONDS;
    }
}
