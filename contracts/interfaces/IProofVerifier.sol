// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The verifier of a task type's proofs
/// @notice A contract that verifies that a model's computation with given public values was carried out. Verifiers that
/// Barretenberg generates for UltraHonk circuits have this interface; so can other contracts.
///
/// The TaskRegistry makes a static call with at most `MAX_PROOF_GAS` gas and accepts exactly one answer: 32 bytes with
/// the value `true`. If the verifier reverts, returns anything else, runs out of gas or has no code, the proof is
/// rejected.
interface IProofVerifier {
    /// @notice Whether `proof` proves the statement with the public values `publicInputs`, each below the order of
    /// BN254's scalars.
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external returns (bool);
}
