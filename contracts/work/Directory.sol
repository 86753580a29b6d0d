// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDirectory} from "../interfaces/IDirectory.sol";

/// @title Directory
/// @notice Endpoints of the nodes of miners and validators, and profiles, as each account declares them.
/// @dev Always: an account's entries are what that account set last.
contract Directory is IDirectory {
    /// @inheritdoc IDirectory
    uint256 public constant MAX_ENDPOINT_BYTES = 256;
    /// @inheritdoc IDirectory
    uint256 public constant MAX_PROFILE_BYTES = 512;

    /// @inheritdoc IDirectory
    mapping(address account => string) public endpointOf;

    mapping(address account => Profile) private _profiles;

    /// @inheritdoc IDirectory
    function setEndpoint(string calldata endpoint) external {
        uint256 length = bytes(endpoint).length;
        if (length > MAX_ENDPOINT_BYTES) revert EndpointTooLong(length, MAX_ENDPOINT_BYTES);
        endpointOf[msg.sender] = endpoint;
        emit EndpointSet(msg.sender, endpoint);
    }

    /// @inheritdoc IDirectory
    function setProfile(Profile calldata profile) external {
        uint256 length = bytes(profile.name).length + bytes(profile.site).length + bytes(profile.contact).length;
        if (length > MAX_PROFILE_BYTES) revert ProfileTooLong(length, MAX_PROFILE_BYTES);
        _profiles[msg.sender] = profile;
        emit ProfileSet(msg.sender, profile);
    }

    /// @inheritdoc IDirectory
    function profileOf(address account) external view returns (Profile memory) {
        return _profiles[account];
    }
}
