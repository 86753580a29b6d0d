// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDirectory} from "../interfaces/IDirectory.sol";

/// @title Directory
/// @notice Where the nodes of miners and validators can be reached, each by its own word.
/// @dev Always: an account's entry is what that account set last.
contract Directory is IDirectory {
    /// @inheritdoc IDirectory
    uint256 public constant MAX_ENDPOINT_BYTES = 256;

    /// @inheritdoc IDirectory
    mapping(address account => string) public endpointOf;

    /// @inheritdoc IDirectory
    function setEndpoint(string calldata endpoint) external {
        uint256 length = bytes(endpoint).length;
        if (length > MAX_ENDPOINT_BYTES) revert EndpointTooLong(length, MAX_ENDPOINT_BYTES);
        endpointOf[msg.sender] = endpoint;
        emit EndpointSet(msg.sender, endpoint);
    }
}
