// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Where the people of a network can be reached
/// @notice Miners and validators publish the address of their node here, from which anybody fetches inputs and results that
/// travel off chain, and a profile for people. There are no roles: each account writes its own entries, and nobody else's.
///
/// A reader takes a miner's account's endpoint; of a validator its operator's, and its owner's where the operator has none. A
/// validator's profile is its owner's.
///
/// An entry proves nothing but who wrote it. Readers believe the hash of what comes back, not the endpoint, and decide themselves
/// which addresses they are willing to ask. Anybody can take any name and name any site: show a profile beside its address,
/// as unverified text, never as markup, and without characters that can't be seen.
interface IDirectory {
    /// @notice Who an account says it is. The texts are opaque to this contract.
    /// @param name What it is to be called.
    /// @param site A web site.
    /// @param contact How people reach it.
    struct Profile {
        string name;
        string site;
        string contact;
    }

    /// @notice `account` can be reached at `endpoint` from now on, or nowhere where that is empty.
    event EndpointSet(address indexed account, string endpoint);

    /// @notice `account` has this profile from now on, or none where all of it is empty.
    event ProfileSet(address indexed account, Profile profile);

    /// @notice An endpoint has more bytes than an entry holds.
    error EndpointTooLong(uint256 length, uint256 maximum);
    /// @notice The texts of a profile have together more bytes than an entry holds.
    error ProfileTooLong(uint256 length, uint256 maximum);

    /// @notice Publish where the caller can be reached, in place of what it published before; an empty text removes it.
    /// @dev Who: anyone, for itself. Requirements: at most `MAX_ENDPOINT_BYTES`. Emits `EndpointSet`. Errors: `EndpointTooLong`.
    /// @param endpoint A URL such as `https://miner.example:8090`; to this contract it is opaque.
    function setEndpoint(string calldata endpoint) external;

    /// @notice Publish who the caller is, in place of what it published before; empty texts remove it.
    /// @dev Who: anyone, for itself. Requirements: at most `MAX_PROFILE_BYTES` in all. Emits `ProfileSet`. Errors: `ProfileTooLong`.
    function setProfile(Profile calldata profile) external;

    /// @notice Where `account` can be reached; empty where it has not said so.
    function endpointOf(address account) external view returns (string memory);

    /// @notice Who `account` says it is; empty where it has not said so.
    function profileOf(address account) external view returns (Profile memory);

    /// @notice The most bytes of an endpoint: 256.
    function MAX_ENDPOINT_BYTES() external view returns (uint256);

    /// @notice The most bytes of a profile, its three texts together: 512.
    function MAX_PROFILE_BYTES() external view returns (uint256);
}
