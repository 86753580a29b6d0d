// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title MinimalClaim
/// @notice What a claim costs where nothing is protected: the floor that the benchmark measures the Treasury against.
/// @dev Not a part of the system. One root for ever: no delay, no veto, no pause, no previous root, no recipient, no role.
/// Its leaves are the Treasury's, so that both are measured with the same proofs.
contract MinimalClaim {
    /// @notice `cumulative` is not what `account` has earned by the root.
    error InvalidProof(address account, uint256 cumulative);

    /// @notice `account` was paid `amount`.
    event Claimed(address indexed account, uint256 amount);

    IERC20 private immutable _token;
    address private immutable _treasury;
    bytes32 private _root;
    mapping(address account => uint256) private _claimedWei;

    constructor(IERC20 token, address treasury) {
        _token = token;
        _treasury = treasury;
    }

    /// @notice Replace the root; anyone may.
    function setRoot(bytes32 root) external {
        _root = root;
    }

    /// @notice Pay `account` what it has not been paid of `cumulative` wei.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external {
        bytes memory value = abi.encode(block.chainid, _treasury, account, cumulative);
        bytes32 leaf = keccak256(bytes.concat(keccak256(value)));
        if (!MerkleProof.verifyCalldata(proof, _root, leaf)) revert InvalidProof(account, cumulative);
        uint256 amount = cumulative - _claimedWei[account];
        _claimedWei[account] = cumulative;
        emit Claimed(account, amount);
        _token.transfer(account, amount); // MDT reverts where it can't pay.
    }
}
