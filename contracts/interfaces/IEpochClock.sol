// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The clock shared by all contracts of a deployment
/// @notice Slot s lasts from `genesisTimestamp + s * slotSeconds` (inclusive) to the next slot's start (exclusive). An
/// epoch has `slotsPerEpoch` slots. The scores of e are revealed in the first `revealSlots` slots of e + 1.
interface IEpochClock {
    /// @notice The four numbers that define time.
    /// @param genesisTimestamp Unix seconds at which epoch 0 begins: in the future at deployment, or at most an epoch
    /// in the past (at most a day if epochs are shorter).
    /// @param slotSeconds Length of a slot in seconds, above zero.
    /// @param slotsPerEpoch Slots in an epoch, above zero.
    /// @param revealSlots Slots of epoch e + 1 in which scores of e are revealed: 1 … slotsPerEpoch − 1.
    struct ClockParameters {
        uint64 genesisTimestamp;
        uint64 slotSeconds;
        uint64 slotsPerEpoch;
        uint64 revealSlots;
    }

    /// @notice The length of a slot or an epoch is zero.
    error EmptyEpoch(uint64 slotSeconds, uint64 slotsPerEpoch);
    /// @notice The reveal window must be at least a slot and shorter than an epoch.
    error RevealWindowOutOfRange(uint64 revealSlots, uint64 slotsPerEpoch);
    /// @notice A contract can be deployed only until `latestTimestamp`, an epoch (at least a day) after genesis,
    /// because all epochs that have passed could be settled at once.
    error GenesisLongPast(uint256 genesisTimestamp, uint256 latestTimestamp);
    /// @notice Genesis (unix seconds) has not come: there is no epoch or slot yet.
    error BeforeGenesis(uint256 timestamp, uint256 genesisTimestamp);
    /// @notice The contract at `other` was deployed with a different clock.
    error ClockMismatch(address other);

    /// @notice Unix seconds at which epoch 0 and slot 0 begin.
    function genesisTimestamp() external view returns (uint64);

    /// @notice Length of a slot in seconds.
    function slotSeconds() external view returns (uint64);

    /// @notice Slots in an epoch.
    function slotsPerEpoch() external view returns (uint64);

    /// @notice Slots at the start of epoch e + 1 in which scores of epoch e are revealed.
    function revealSlots() external view returns (uint64);

    /// @notice The epoch of this block. Reverts with `BeforeGenesis` before epoch 0.
    function currentEpoch() external view returns (uint64);

    /// @notice The slot of this block, counted from genesis. Reverts with `BeforeGenesis` before slot 0.
    function currentSlot() external view returns (uint64);

    /// @notice Unix seconds at which `epoch` begins.
    function epochStart(uint64 epoch) external view returns (uint256);

    /// @notice Unix seconds at which the reveal window of `epoch` closes; from then on the epoch can be settled.
    function revealEnd(uint64 epoch) external view returns (uint256);

    /// @notice All four parameters at once.
    function clockParameters() external view returns (ClockParameters memory);

    /// @notice The epoch in which stake added now takes effect: e + 2, and 0 before genesis.
    function addedCountsFrom() external view returns (uint64);

    /// @notice The epoch in which a change or removal made now takes effect: e + 1, and 0 before genesis.
    function nextEpoch() external view returns (uint64);
}
