// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Electorate} from "../model/Electorate.sol";
import {vm} from "../Vm.sol";

/// @notice Collects signatures as a relay does that may lie.
abstract contract Signatures is Electorate {
    enum Lie {
        None,
        Repeated,
        Forged,
        OtherAmounts,
        Empty,
        Descending,
        RichestPosition
    }

    struct Signed {
        address[] validators;
        uint256[] positions;
        bytes[] signatures;
        uint256 count;
        /// Whether those who really signed this digest hold two thirds of the stake.
        bool isQuorum;
    }

    /// @dev What a relay asks for, whose bit in `signers` says who gives it, and how it lies.
    struct Relay {
        bytes32 digest;
        uint256 signers;
        Lie lie;
    }

    uint256 private constant FORGERS_KEY = 99;

    /// @dev Signatures of those whose bit is set in `signers`, and the lie about them or about the others.
    function _sign(
        uint64 epoch,
        bytes32 digest,
        uint256 signers,
        uint256 lieSeed
    ) internal view returns (Signed memory signed) {
        // Half of all relays are honest, and then mostly all sign.
        Relay memory relay = Relay(digest, signers, lieSeed % 2 == 0 ? Lie.None : Lie((lieSeed / 2) % 7));
        if (relay.lie == Lie.None && signers % 4 != 0) relay.signers = 31;
        (signed.validators, signed.positions, signed.signatures) = (
            new address[](2 * PEOPLE),
            new uint256[](2 * PEOPLE),
            new bytes[](2 * PEOPLE)
        );
        (address[] memory active, , ) = quorum.signersOf(epoch);
        uint256[PEOPLE] memory order = _ascending();
        uint256 signedWei;
        for (uint256 n = 0; n < PEOPLE; ++n) {
            uint256 i = order[relay.lie == Lie.Descending ? PEOPLE - 1 - n : n];
            if (_collect(signed, relay, i, active)) signedWei += _stakeFor(epoch, people[i]);
        }
        _shorten(signed);
        signed.isQuorum = _isQuorum(epoch, signedWei);
    }

    /// @dev Takes person i's signature, or a false one. Returns whether it has signed the digest.
    function _collect(
        Signed memory signed,
        Relay memory relay,
        uint256 i,
        address[] memory active
    ) private view returns (bool hasSigned) {
        uint256 position = _positionOf(people[i], active);
        bool signs = relay.signers & (1 << i) != 0;
        hasSigned = signs && relay.lie != Lie.OtherAmounts;
        if (!signs && relay.lie != Lie.Forged && relay.lie != Lie.Empty) return false;
        // Few ask someone who has no say.
        if (position == active.length && relay.signers % 8 != 7) return false;
        if (relay.lie == Lie.RichestPosition) position = 0;
        bytes memory signature =
            !signs && relay.lie == Lie.Empty
                ? bytes("")
                : _signature(signs ? i + 1 : FORGERS_KEY, hasSigned || !signs ? relay.digest : bytes32(relay.signers));
        _add(signed, people[i], position, signature);
        if (relay.lie == Lie.Repeated) _add(signed, people[i], position, signature);
    }

    function _signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _add(Signed memory signed, address validator, uint256 position, bytes memory signature) private pure {
        uint256 count = signed.count++;
        (signed.validators[count], signed.positions[count], signed.signatures[count]) = (
            validator,
            position,
            signature
        );
    }

    function _shorten(Signed memory signed) private pure {
        uint256 count = signed.count;
        (address[] memory validators, uint256[] memory positions, bytes[] memory signatures) = (
            signed.validators,
            signed.positions,
            signed.signatures
        );
        assembly ("memory-safe") {
            mstore(validators, count)
            mstore(positions, count)
            mstore(signatures, count)
        }
    }

    /// @dev The number of its place, or how many there are.
    function _positionOf(address validator, address[] memory active) private pure returns (uint256 position) {
        while (position < active.length && active[position] != validator) ++position;
    }

    function _ascending() private view returns (uint256[PEOPLE] memory order) {
        for (uint256 i = 0; i < PEOPLE; ++i) {
            uint256 place = 0;
            for (uint256 j = 0; j < PEOPLE; ++j) if (people[j] < people[i]) ++place;
            order[place] = i;
        }
    }
}
