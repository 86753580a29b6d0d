// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What proves the work of a task type
/// @notice A contract that judges proofs of one model: that a computation whose public values these are was carried out. It is the
/// interface of the verifiers that Barretenberg writes for UltraHonk circuits; any other contract that has it will do.
///
/// The TaskRegistry asks by a static call with at most `MAX_PROOF_GAS` gas and believes exactly one answer: 32 bytes that are
/// `true`. A verifier that reverts, returns anything else, uses up its gas or has no code refuses the proof.
interface IProofVerifier {
    /// @notice Whether `proof` shows the statement whose public values are `publicInputs`, each below the order of BN254's scalars.
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external returns (bool);
}
