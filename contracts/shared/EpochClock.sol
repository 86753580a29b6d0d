// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEpochClock} from "../interfaces/IEpochClock.sol";

/// @title EpochClock
/// @notice Slots and epochs as a function of `block.timestamp`, the same in every contract that inherits it.
/// @dev Nothing is stored: the four parameters are immutables, so reading the time costs no storage access.
///
/// Boundaries for a call in epoch e (before genesis, both functions return 0):
/// - additions count from `addedCountsFrom()` = e + 2, because a stake that arrives during e or just before the end of
///   e must earn nothing for e, and the set of e + 1 must be known before e + 1 begins;
/// - removals and changes take effect at `nextEpoch()` = e + 1.
abstract contract EpochClock is IEpochClock {
    /// @dev How far back genesis may lie if epochs are shorter: time to resume an interrupted deployment.
    uint256 private constant MINIMUM_GRACE_SECONDS = 1 days;

    /// @inheritdoc IEpochClock
    uint64 public immutable genesisTimestamp;
    /// @inheritdoc IEpochClock
    uint64 public immutable slotSeconds;
    /// @inheritdoc IEpochClock
    uint64 public immutable slotsPerEpoch;
    /// @inheritdoc IEpochClock
    uint64 public immutable revealSlots;

    /// @param parameters The clock; every contract of one deployment gets the same.
    constructor(ClockParameters memory parameters) {
        if (parameters.slotSeconds == 0 || parameters.slotsPerEpoch == 0) {
            revert EmptyEpoch(parameters.slotSeconds, parameters.slotsPerEpoch);
        }
        if (parameters.revealSlots == 0 || parameters.revealSlots >= parameters.slotsPerEpoch) {
            revert RevealWindowOutOfRange(parameters.revealSlots, parameters.slotsPerEpoch);
        }
        genesisTimestamp = parameters.genesisTimestamp;
        slotSeconds = parameters.slotSeconds;
        slotsPerEpoch = parameters.slotsPerEpoch;
        revealSlots = parameters.revealSlots;
        uint256 latest = parameters.genesisTimestamp + Math.max(_epochSeconds(), MINIMUM_GRACE_SECONDS);
        if (block.timestamp > latest) revert GenesisLongPast(parameters.genesisTimestamp, latest);
    }

    /// @inheritdoc IEpochClock
    function currentEpoch() public view returns (uint64) {
        if (block.timestamp < genesisTimestamp) revert BeforeGenesis(block.timestamp, genesisTimestamp);
        return uint64((block.timestamp - genesisTimestamp) / _epochSeconds());
    }

    /// @inheritdoc IEpochClock
    function currentSlot() public view returns (uint64) {
        if (block.timestamp < genesisTimestamp) revert BeforeGenesis(block.timestamp, genesisTimestamp);
        return uint64((block.timestamp - genesisTimestamp) / slotSeconds);
    }

    /// @inheritdoc IEpochClock
    function epochStart(uint64 epoch) public view returns (uint256) {
        return genesisTimestamp + uint256(epoch) * _epochSeconds();
    }

    /// @inheritdoc IEpochClock
    function revealEnd(uint64 epoch) public view returns (uint256) {
        // 256 bits: products of 64-bit numbers can't overflow.
        unchecked {
            return genesisTimestamp + (uint256(epoch) + 1) * _epochSeconds() + uint256(revealSlots) * slotSeconds;
        }
    }

    /// @inheritdoc IEpochClock
    function clockParameters() external view returns (ClockParameters memory) {
        return
            ClockParameters({
                genesisTimestamp: genesisTimestamp,
                slotSeconds: slotSeconds,
                slotsPerEpoch: slotsPerEpoch,
                revealSlots: revealSlots
            });
    }

    /// @inheritdoc IEpochClock
    function addedCountsFrom() public view returns (uint64) {
        uint64 next = nextEpoch();
        return next == 0 ? 0 : next + 1;
    }

    /// @inheritdoc IEpochClock
    function nextEpoch() public view returns (uint64) {
        return _hasStarted() ? currentEpoch() + 1 : 0;
    }

    /// @dev Reverts unless `other` has exactly the same clock parameters.
    function _requireSameClock(IEpochClock other) internal view {
        ClockParameters memory theirs = other.clockParameters();
        if (
            theirs.genesisTimestamp != genesisTimestamp ||
            theirs.slotSeconds != slotSeconds ||
            theirs.slotsPerEpoch != slotsPerEpoch ||
            theirs.revealSlots != revealSlots
        ) revert ClockMismatch(address(other));
    }

    function _hasStarted() internal view returns (bool) {
        return block.timestamp >= genesisTimestamp;
    }

    function _epochSeconds() private view returns (uint256) {
        unchecked {
            return uint256(slotSeconds) * slotsPerEpoch; // 128 bits at most
        }
    }
}
