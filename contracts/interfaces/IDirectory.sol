// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Directory: endpoints and profiles
/// @notice Miners and validators publish the URL of their node here, from which anyone can fetch inputs and results
/// that are off chain, and a profile for people. There are no roles: each account writes only its own entries.
///
/// Readers use the endpoint of a miner's account; for a validator, that of its operator, or of its owner if the
/// operator has none. A validator's profile is its owner's.
///
/// An entry proves only who wrote it. Readers verify the hash of the answer instead of trusting the endpoint, and
/// decide themselves which addresses to contact. Anyone can use any name and site: show a profile beside its address,
/// as unverified text, never as markup, and without invisible characters.
interface IDirectory {
    /// @notice An account's self-declared profile. The texts are opaque to this contract.
    /// @param name A name.
    /// @param site A web site.
    /// @param contact How to contact it.
    struct Profile {
        string name;
        string site;
        string contact;
    }

    /// @notice `account` published `endpoint`; empty if it removed it.
    event EndpointSet(address indexed account, string endpoint);

    /// @notice `account` published `profile`; all empty if it removed it.
    event ProfileSet(address indexed account, Profile profile);

    /// @notice The endpoint has more than the maximum number of bytes.
    error EndpointTooLong(uint256 length, uint256 maximum);
    /// @notice The texts of the profile together have more than the maximum number of bytes.
    error ProfileTooLong(uint256 length, uint256 maximum);

    /// @notice Publish the caller's endpoint, replacing the previous one; an empty text removes it.
    /// @dev Who: anyone, for itself. Requirements: at most `MAX_ENDPOINT_BYTES`. Emits `EndpointSet`. Errors:
    /// `EndpointTooLong`.
    /// @param endpoint A URL such as `https://miner.example:8090`; to this contract it is opaque.
    function setEndpoint(string calldata endpoint) external;

    /// @notice Publish the caller's profile, replacing the previous one; empty texts remove it.
    /// @dev Who: anyone, for itself. Requirements: at most `MAX_PROFILE_BYTES` in all. Emits `ProfileSet`. Errors:
    /// `ProfileTooLong`.
    function setProfile(Profile calldata profile) external;

    /// @notice The endpoint of `account`; empty if it has none.
    function endpointOf(address account) external view returns (string memory);

    /// @notice The profile of `account`; empty if it has none.
    function profileOf(address account) external view returns (Profile memory);

    /// @notice Maximum bytes of an endpoint: 256.
    function MAX_ENDPOINT_BYTES() external view returns (uint256);

    /// @notice Maximum bytes of a profile's three texts together: 512.
    function MAX_PROFILE_BYTES() external view returns (uint256);
}
