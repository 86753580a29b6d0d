// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochCheckpoints} from "../libraries/EpochCheckpoints.sol";

/// @title EpochCheckpointsHarness
/// @notice Makes the library's internal functions callable by its tests, on one trace. Never deployed to a network.
contract EpochCheckpointsHarness {
    using EpochCheckpoints for EpochCheckpoints.Trace;

    EpochCheckpoints.Trace private _trace;

    /// @notice See `EpochCheckpoints.set`.
    function set(uint256 epoch, uint224 value) external {
        _trace.set(epoch, value);
    }

    /// @notice See `EpochCheckpoints.latest`.
    function latest() external view returns (uint224) {
        return _trace.latest();
    }

    /// @notice See `EpochCheckpoints.at`, for many epochs.
    function at(uint256[] calldata epochs) external view returns (uint256[] memory values) {
        values = new uint256[](epochs.length);
        for (uint256 i = 0; i < epochs.length; ++i) values[i] = _trace.at(epochs[i]);
    }
}
