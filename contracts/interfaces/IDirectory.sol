// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Where the people of a network can be reached
/// @notice Miners and validators publish the address of their node here, from which anybody fetches inputs and results that
/// travel off chain. There are no roles: each account writes its own entry, and nobody else's.
///
/// A reader takes a miner's account's entry; of a validator its operator's, and its owner's where the operator has none.
///
/// An entry proves nothing but who wrote it. Readers believe the hash of what comes back, not the endpoint, and decide themselves
/// which addresses they are willing to ask.
interface IDirectory {
    /// @notice `account` can be reached at `endpoint` from now on, or nowhere where that is empty.
    event EndpointSet(address indexed account, string endpoint);

    /// @notice An endpoint has more bytes than an entry holds.
    error EndpointTooLong(uint256 length, uint256 maximum);

    /// @notice Publish where the caller can be reached, in place of what it published before; an empty text removes it.
    /// @dev Who: anyone, for itself. Requirements: at most `MAX_ENDPOINT_BYTES`. Emits `EndpointSet`. Errors: `EndpointTooLong`.
    /// @param endpoint A URL such as `https://miner.example:8090`; to this contract it is opaque.
    function setEndpoint(string calldata endpoint) external;

    /// @notice Where `account` can be reached; empty where it has not said so.
    function endpointOf(address account) external view returns (string memory);

    /// @notice The most bytes that an entry holds: 256.
    function MAX_ENDPOINT_BYTES() external view returns (uint256);
}
