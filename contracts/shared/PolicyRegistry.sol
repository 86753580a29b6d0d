// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "./EpochClock.sol";
import {IEpochClock} from "../interfaces/IEpochClock.sol";
import {IPolicyRegistry} from "../interfaces/IPolicyRegistry.sol";
import {LastingAdmin} from "./LastingAdmin.sol";

/// @title PolicyRegistry
/// @notice Publishes versions of the emission policy, each before the epoch in which it starts.
/// @dev Always: version 0 counts from epoch 0, so every epoch has a policy; a published version never changes.
contract PolicyRegistry is IPolicyRegistry, EpochClock, LastingAdmin {
    /// @dev One slot and a hash per version; the text is in the event.
    struct Version {
        uint64 fromEpoch;
        bytes32 hash;
    }

    /// @inheritdoc IPolicyRegistry
    bytes32 public constant POLICY_ROLE = keccak256("POLICY_ROLE");

    Version[] private _versions;

    /// @param clock The clock that all contracts of the deployment share.
    /// @param staking A contract of the deployment, which must have the same clock.
    /// @param admin Grants and revokes roles, and holds `POLICY_ROLE` until it hands it over.
    /// @param firstPolicyJson The policy from epoch 0 on.
    constructor(
        ClockParameters memory clock,
        IEpochClock staking,
        address admin,
        string memory firstPolicyJson
    ) EpochClock(clock) {
        _requireSameClock(staking);
        if (admin == address(0)) revert InvalidAddress("admin", admin);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(POLICY_ROLE, admin);
        _publish(0, firstPolicyJson);
    }

    /// @inheritdoc IPolicyRegistry
    function publishPolicy(uint64 fromEpoch, string calldata json) external onlyRole(POLICY_ROLE) {
        uint64 earliestEpoch = nextEpoch();
        if (fromEpoch < earliestEpoch) revert PolicyStartsTooEarly(fromEpoch, earliestEpoch);
        _publish(fromEpoch, json);
    }

    /// @inheritdoc IPolicyRegistry
    function policyCount() external view returns (uint256) {
        return _versions.length;
    }

    /// @inheritdoc IPolicyRegistry
    function policyAt(uint256 index) external view returns (uint64 fromEpoch, bytes32 hash) {
        if (index >= _versions.length) revert NoSuchPolicy(index, _versions.length);
        Version storage version = _versions[index];
        return (version.fromEpoch, version.hash);
    }

    function _publish(uint64 fromEpoch, string memory json) private {
        if (bytes(json).length == 0) revert EmptyPolicy();
        bytes32 hash = keccak256(bytes(json));
        _versions.push(Version({fromEpoch: fromEpoch, hash: hash}));
        emit PolicyPublished(fromEpoch, hash, json);
    }
}
