// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IProofVerifier} from "../interfaces/IProofVerifier.sol";

/// @title WorkProof
/// @notice The public values of a task's proof, and a call to its verifier that is safe whatever the verifier does.
library WorkProof {
    /// @dev The order of BN254's scalar field; every public value is below it.
    uint256 internal constant FIELD_ORDER =
        21_888_242_871_839_275_222_246_405_745_257_275_088_548_364_400_416_034_343_698_204_186_575_808_495_617;
    uint256 internal constant MAX_GAS = 2_000_000;
    /// @dev Bytes of a word: any 31 bytes are an element of the field.
    uint256 private constant WORD_BYTES = 31;

    /// @notice `[modelHash, …words(input), …words(result), binding]`.
    function publicInputs(
        bytes32 modelHash,
        bytes calldata input,
        bytes calldata result,
        bytes32 binding
    ) internal pure returns (bytes32[] memory values) {
        uint256 inputWords = _wordCount(input);
        values = new bytes32[](2 + inputWords + _wordCount(result));
        values[0] = modelHash;
        _writeWords(values, 1, input);
        _writeWords(values, 1 + inputWords, result);
        values[values.length - 1] = binding;
    }

    /// @notice How many public values there are.
    function publicInputCount(bytes calldata input, bytes calldata result) internal pure returns (uint256) {
        return 2 + _wordCount(input) + _wordCount(result);
    }

    /// @notice Binds a proof to task `taskId` of miner `minerId` of this contract on this chain, and to no other.
    function bindingOf(uint64 taskId, uint32 minerId) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), taskId, minerId)) >> 8;
    }

    /// @notice Whether the verifier answers exactly `true` within `MAX_GAS`. Whatever else it does has no effect here:
    /// the call is static, and no more than a word of its answer is copied.
    function isAccepted(
        address verifier,
        bytes calldata proof,
        bytes32[] memory values
    ) internal view returns (bool accepted) {
        bytes memory question = abi.encodeCall(IProofVerifier.verify, (proof, values));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let succeeded := staticcall(MAX_GAS, verifier, add(question, 0x20), mload(question), 0, 0x20)
            accepted := and(and(succeeded, eq(returndatasize(), 0x20)), eq(mload(0), 1))
        }
    }

    function _wordCount(bytes calldata content) private pure returns (uint256) {
        return (content.length + WORD_BYTES - 1) / WORD_BYTES;
    }

    /// @dev Big-endian, the last word padded with zeros on the right, from index `at` on.
    function _writeWords(bytes32[] memory values, uint256 at, bytes calldata content) private pure {
        for (uint256 from = 0; from < content.length; from += WORD_BYTES) {
            uint256 rest = content.length - from;
            uint256 end = rest < WORD_BYTES ? content.length : from + WORD_BYTES;
            values[at++] = bytes32(bytes31(content[from:end])) >> 8;
        }
    }
}
