// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITreasury} from "../interfaces/ITreasury.sol";

/// @title RewardRoots
/// @notice The life of a root: posted, claimable after the delay, kept as the previous one, vetoed, posted again.
/// @dev A ring of three places holds the roots; going back from the newest place they only get older. Always:
/// - the newest place's root is claimable from `claimableAt` on, and nobody has to call for that;
/// - claimable are the newest root that has matured and the one a place before it, and nothing while paused;
/// - a new root takes the next place only when the newest one has matured. Otherwise, pending or vetoed, the newest one is
///   overwritten, so what was vetoed never becomes "previous";
/// - a removed root is zero, and no proof leads to zero;
/// - the newest place belongs to the newest settled epoch, also when its root was vetoed or none was ever posted.
/// A claim reads the status word and exactly one root, whichever of the two it needs: the four-byte tags in the status
/// word say which one to read. They only point; what decides is always the comparison with the whole root.
abstract contract RewardRoots is ITreasury {
    /// @dev One slot: every claim reads it, every settlement writes it.
    /// @param tags The last four bytes of each place's root, place 0 lowest; zero where the root is zero.
    /// @param nextEpoch The epoch that can be settled next.
    /// @param claimableAt Unix seconds from which the newest place's root is claimable; `NEVER` if it has none.
    /// @param newest Place of the newest root: 0, 1 or 2.
    /// @param paused Whether settling, reposting and claiming are stopped.
    /// @param vetoed Whether the newest settled epoch's root was removed and not posted again.
    struct Status {
        uint96 tags;
        uint64 nextEpoch;
        uint40 claimableAt;
        uint8 newest;
        bool paused;
        bool vetoed;
    }

    /// @dev A place of the ring.
    /// @param root Root of everybody's cumulative rewards; zero if there is none or it was vetoed.
    /// @param epoch The last epoch that posted it.
    /// @param rewardsWei What that epoch added to the rewards, less what a repost returned.
    struct PostedRoot {
        bytes32 root;
        uint64 epoch;
        uint128 rewardsWei;
    }

    /// @dev The `claimableAt` of a place without a root.
    uint40 private constant NEVER = type(uint40).max;
    uint256 private constant PLACES = 3;
    uint256 private constant TAG_BITS = 32;

    /// @inheritdoc ITreasury
    uint32 public immutable claimDelaySeconds;

    Status private _status;
    PostedRoot[PLACES] private _ring;

    constructor(uint32 claimDelaySeconds_) {
        claimDelaySeconds = claimDelaySeconds_;
        _status.claimableAt = NEVER;
    }

    /// @inheritdoc ITreasury
    function pendingRoot() external view returns (bytes32 root, uint64 epoch, uint64 claimableAt) {
        Status memory status = _status;
        if (_hasMatured(status) || status.claimableAt == NEVER) return (0, 0, 0);
        PostedRoot storage newest = _ring[status.newest];
        return (newest.root, newest.epoch, status.claimableAt);
    }

    /// @inheritdoc ITreasury
    function currentRoot() external view returns (bytes32 root, uint64 epoch) {
        return _rootAt(_currentPlace(_status));
    }

    /// @inheritdoc ITreasury
    function previousRoot() external view returns (bytes32 root, uint64 epoch) {
        return _rootAt(_placeBefore(_currentPlace(_status)));
    }

    /// @inheritdoc ITreasury
    function vetoedSettlement() external view returns (bool vetoed, uint64 epoch, uint256 postedWei) {
        Status memory status = _status;
        if (!status.vetoed) return (false, 0, 0);
        return (true, status.nextEpoch - 1, _ring[status.newest].rewardsWei);
    }

    /// @inheritdoc ITreasury
    function nextEpochToSettle() external view returns (uint64) {
        return _status.nextEpoch;
    }

    /// @inheritdoc ITreasury
    function paused() external view returns (bool) {
        return _status.paused;
    }

    /// @dev Closes `epoch`, the next one, and posts its root, which is pending from now on.
    /// A root equal to the newest one keeps its place and its remaining delay: it promises nothing new.
    function _postSettled(uint64 epoch, bytes32 root, uint128 rewardsWei) internal {
        Status memory status = _status;
        status.nextEpoch = epoch + 1;
        status.vetoed = false;
        if (!_holds(status.tags, status.newest, root)) {
            if (_hasMatured(status)) status.newest = uint8((status.newest + 1) % PLACES);
            _place(status, root);
        }
        _ring[status.newest].epoch = epoch;
        _ring[status.newest].rewardsWei = rewardsWei;
        _status = status;
    }

    /// @dev Puts `root` where the vetoed root of `epoch` was, `returnedWei` of its rewards less; pending from now on.
    function _postAgain(uint64 epoch, bytes32 root, uint128 returnedWei) internal {
        Status memory status = _status;
        if (uint256(epoch) + 1 != status.nextEpoch) revert NotNewestEpoch(epoch, status.nextEpoch);
        if (!status.vetoed) revert RootNotVetoed(epoch);
        uint128 postedWei = _ring[status.newest].rewardsWei;
        if (returnedWei > postedWei) revert ReturnedAbovePosted(returnedWei, postedWei);
        _requireRootFor(epoch, root, postedWei - returnedWei);
        status.vetoed = false;
        _place(status, root);
        _ring[status.newest].rewardsWei = postedWei - returnedWei;
        _status = status;
    }

    /// @dev Removes roots that stand for `fromEpoch` or later: a pending one, and while paused those in any place. The
    /// third place counts too, for it is "previous" as soon as the newest one is removed.
    function _removeRoots(uint64 fromEpoch) internal {
        Status memory status = _status;
        if (fromEpoch >= status.nextEpoch) revert EpochNotSettled(fromEpoch, status.nextEpoch);
        bool removedAny = false;
        for (uint256 place = 0; place < PLACES; ++place) {
            bool isNewest = place == status.newest;
            PostedRoot memory posted = _ring[place];
            if (posted.root == 0 || posted.epoch < fromEpoch) continue;
            if (!status.paused && (!isNewest || _hasMatured(status))) continue;
            removedAny = true;
            _ring[place].root = 0;
            _setTag(status, place, 0);
            if (isNewest) (status.vetoed, status.claimableAt) = (true, NEVER);
            emit RootVetoed(posted.epoch, posted.root);
        }
        if (!removedAny) revert NothingToVeto(fromEpoch);
        _status = status;
    }

    function _pause() internal {
        _requireNotPaused();
        _status.paused = true;
        emit Paused(msg.sender);
    }

    function _unpause() internal {
        if (!_status.paused) revert TreasuryNotPaused();
        _status.paused = false;
        emit Unpaused(msg.sender);
    }

    function _requireNotPaused() internal view {
        if (_status.paused) revert TreasuryPaused();
    }

    /// @dev Reverts unless settling goes on and `epoch` is the next one.
    function _requireNext(uint64 epoch) internal view {
        (uint64 nextEpoch, bool isPaused) = (_status.nextEpoch, _status.paused);
        if (isPaused) revert TreasuryPaused();
        if (epoch != nextEpoch) revert NotNextEpoch(epoch, nextEpoch);
    }

    /// @dev Reverts unless `root` may be claimed against now.
    function _requireClaimable(bytes32 root) internal view {
        (uint256 tags, uint256 claimableAt) = (_status.tags, _status.claimableAt);
        (uint256 place, bool isPaused) = (_status.newest, _status.paused);
        if (isPaused) revert TreasuryPaused();
        if (block.timestamp < claimableAt) place = _placeBefore(place);
        if (uint32(tags >> (place << 5)) == uint32(uint256(root)) && _ring[place].root == root) return;
        if (_ring[_placeBefore(place)].root != root) revert RootNotClaimable(root);
    }

    /// @dev Rewards need a root that says whose they are.
    function _requireRootFor(uint64 epoch, bytes32 root, uint256 rewardsWei) internal pure {
        if (root == 0 && rewardsWei != 0) revert RootMissing(epoch, rewardsWei);
    }

    /// @dev Writes `root` into the newest place; the full delay starts.
    function _place(Status memory status, bytes32 root) private {
        _ring[status.newest].root = root;
        _setTag(status, status.newest, _tagOf(root));
        // 40 bits of seconds last for 34,000 years.
        status.claimableAt = root == 0 ? NEVER : uint40(block.timestamp + claimDelaySeconds);
    }

    function _hasMatured(Status memory status) private view returns (bool) {
        return block.timestamp >= status.claimableAt;
    }

    /// @dev The newest place if its root has matured, else the one before it.
    function _currentPlace(Status memory status) private view returns (uint256) {
        return _hasMatured(status) ? status.newest : _placeBefore(status.newest);
    }

    /// @dev Whether `place` holds `root`; reads the root only if the tag says that it may be.
    function _holds(uint256 tags, uint256 place, bytes32 root) private view returns (bool) {
        return uint32(tags >> (place << 5)) == _tagOf(root) && _ring[place].root == root;
    }

    function _rootAt(uint256 place) private view returns (bytes32 root, uint64 epoch) {
        PostedRoot storage posted = _ring[place];
        return posted.root == 0 ? (bytes32(0), 0) : (posted.root, posted.epoch);
    }

    function _setTag(Status memory status, uint256 place, uint32 tag) private pure {
        uint256 shift = place * TAG_BITS;
        uint96 others = status.tags & ~uint96(uint256(type(uint32).max) << shift);
        status.tags = others | (uint96(tag) << uint96(shift));
    }

    function _placeBefore(uint256 place) private pure returns (uint256) {
        unchecked {
            return (place + PLACES - 1) % PLACES;
        }
    }

    function _tagOf(bytes32 root) private pure returns (uint32) {
        return uint32(uint256(root));
    }
}
