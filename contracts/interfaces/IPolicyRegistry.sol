// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The published versions of the emission policy
/// @notice The keeper applies the policy; the chain stores its text (in events) and its hash, and ensures that nobody
/// can choose a policy after seeing the epoch.
///
/// The version for epoch e is the one published last among the valid ones with `fromEpoch <= e`. So a version
/// published later with an earlier or equal `fromEpoch` replaces one that has not started, and publishing an old
/// text again is a rollback. Every reader ignores an invalid text, and the version before it stays in force.
///
/// The text is the RFC 8785 canonical JSON of `{ fromEpoch, rampEpochs?, policy }`; `policy` holds the fields that
/// differ from the default. This contract doesn't interpret it.
interface IPolicyRegistry {
    /// @notice A version was published.
    /// @param fromEpoch First epoch to which it applies.
    /// @param hash keccak256 of the text's bytes.
    /// @param json The text itself.
    event PolicyPublished(uint64 indexed fromEpoch, bytes32 indexed hash, string json);

    /// @notice A version must start after the epoch in which it is published; before genesis any start is allowed.
    error PolicyStartsTooEarly(uint64 fromEpoch, uint64 earliestEpoch);
    /// @notice The policy's text is empty.
    error EmptyPolicy();
    /// @notice The admin must not be the zero address.
    error InvalidAddress(string parameter, address value);
    /// @notice Versions are numbered 0 … count − 1.
    error NoSuchPolicy(uint256 index, uint256 count);

    /// @notice Publishes a version of the policy.
    /// @dev Who: `POLICY_ROLE`. Requirements: `fromEpoch` after the current epoch (any before genesis); `json` not
    /// empty.
    /// Effects: the version gets the next index; emits `PolicyPublished`.
    /// Errors: `AccessControlUnauthorizedAccount`, `PolicyStartsTooEarly`, `EmptyPolicy`.
    function publishPolicy(uint64 fromEpoch, string calldata json) external;

    /// @notice The role that may publish.
    function POLICY_ROLE() external view returns (bytes32);

    /// @notice Number of versions published so far, including the first (for epoch 0, at deployment).
    function policyCount() external view returns (uint256);

    /// @notice Version `index` in the order of publication. Reverts with `NoSuchPolicy`.
    /// @return fromEpoch First epoch to which it applies.
    /// @return hash keccak256 of the text's bytes.
    function policyAt(uint256 index) external view returns (uint64 fromEpoch, bytes32 hash);
}
