// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The published versions of the emission policy
/// @notice The policy is applied by the keeper; the chain keeps its text (in events) and its hash, and sees to it that
/// nobody chooses a policy after seeing the epoch.
///
/// Which version counts for epoch e: the one published last among the valid ones with `fromEpoch <= e`. So a version
/// published later with an earlier or equal `fromEpoch` replaces one that waits for its start, and publishing an old
/// text again rolls back. A text that is invalid is ignored by every reader, and the version before stays in force.
///
/// The text is the RFC 8785 canonical JSON of `{ fromEpoch, rampEpochs?, policy }`, `policy` holding the fields that
/// differ from the default. To this contract it is opaque.
interface IPolicyRegistry {
    /// @notice A version was published.
    /// @param fromEpoch First epoch for which it counts.
    /// @param hash keccak256 of the text's bytes.
    /// @param json The text itself.
    event PolicyPublished(uint64 indexed fromEpoch, bytes32 indexed hash, string json);

    /// @notice A version must start later than the epoch in which it is published; before genesis any start will do.
    error PolicyStartsTooEarly(uint64 fromEpoch, uint64 earliestEpoch);
    /// @notice There is nothing to publish.
    error EmptyPolicy();
    /// @notice The admin must be an address.
    error InvalidAddress(string parameter, address value);
    /// @notice Versions are numbered 0 … count − 1.
    error NoSuchPolicy(uint256 index, uint256 count);

    /// @notice Publishes a version of the policy.
    /// @dev Who: `POLICY_ROLE`. Requirements: `fromEpoch` after the current epoch (any before genesis); `json` not empty.
    /// Effects: the next index is taken; emits `PolicyPublished`.
    /// Errors: `AccessControlUnauthorizedAccount`, `PolicyStartsTooEarly`, `EmptyPolicy`.
    function publishPolicy(uint64 fromEpoch, string calldata json) external;

    /// @notice Who may publish.
    function POLICY_ROLE() external view returns (bytes32);

    /// @notice Versions published so far, the first (for epoch 0, at deployment) included.
    function policyCount() external view returns (uint256);

    /// @notice Version `index` in the order of publication. Reverts with `NoSuchPolicy`.
    /// @return fromEpoch First epoch for which it counts.
    /// @return hash keccak256 of the text's bytes.
    function policyAt(uint256 index) external view returns (uint64 fromEpoch, bytes32 hash);
}
