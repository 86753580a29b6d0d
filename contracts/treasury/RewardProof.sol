// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// solhint-disable no-inline-assembly
/// @title RewardProof
/// @notice From an account's cumulative reward to its leaf, and from the leaf along a proof to the root.
/// @dev The same values as `abi.encode` and OpenZeppelin's `MerkleProof` give, tested against both, at half the gas:
/// a claim is little else, and in a tree of 2^14 leaves this saves it some 1,700 gas. Both blocks of assembly are
/// memory-safe: they write the scratch space (bytes 0 … 63) and free memory, and keep nothing there.
library RewardProof {
    /// @notice `keccak256(bytes.concat(keccak256(abi.encode(block.chainid, address(this), account, cumulativeWei))))`.
    /// @dev Hashed twice, so no inner node of a tree (64 bytes, hashed once) can pass for a leaf.
    function leafOf(address account, uint256 cumulativeWei) internal view returns (bytes32 leaf) {
        uint256 accountWord = uint256(uint160(account));
        assembly ("memory-safe") {
            let encoded := mload(0x40) // where free memory begins
            mstore(encoded, chainid())
            mstore(add(encoded, 32), address())
            mstore(add(encoded, 64), accountWord)
            mstore(add(encoded, 96), cumulativeWei)
            mstore(0, keccak256(encoded, 128))
            leaf := keccak256(0, 32)
        }
    }

    /// @notice The root to which `proof`, the siblings from the leaf up, leads from `leaf`; `leaf` itself without any.
    function rootOf(bytes32 leaf, bytes32[] calldata proof) internal pure returns (bytes32 node) {
        node = leaf;
        if (proof.length == 0) return node;
        uint256 position;
        uint256 end;
        assembly ("memory-safe") {
            // Solidity checked, when it decoded the arguments, that calldata holds all words of `proof`.
            position := proof.offset
            end := add(position, shl(5, proof.length))
        }
        do {
            assembly ("memory-safe") {
                let sibling := calldataload(position)
                // The smaller of node and sibling goes to byte 0, the larger to byte 32.
                let nodePlace := shl(5, gt(node, sibling))
                mstore(nodePlace, node)
                mstore(xor(nodePlace, 32), sibling)
                position := add(position, 32)
                node := keccak256(0, 64)
            }
        } while (position < end);
    }
}
