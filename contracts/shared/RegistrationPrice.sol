// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RegistrationPrice
/// @notice What it costs to register: a price that rises ×1.26 with every registration and halves over time.
/// @dev Why 1.26: three registrations double the price (1.26³ ≈ 2), so registering in bulk becomes dear fast while
/// somebody who comes a half-life later pays the ordinary price again. Miners and validators have one price each.
///
/// All amounts in wei. The quote is ⌊price · (2·H − r) / (2·H · 2ⁿ)⌋ after n whole half-lives H and r seconds of the
/// next: exact powers of two at whole half-lives, a straight line between them, floored once. The line lies at most
/// 6.2 % above the true exponential. It never rises with time and never leaves [floor, ceiling].
library RegistrationPrice {
    /// @notice The price as of the latest registration. All zero before the first one, which quotes the floor.
    /// @param priceWei Price of the next registration if it came at `updatedAt`.
    /// @param updatedAt Unix seconds of the latest registration.
    struct State {
        uint128 priceWei;
        uint64 updatedAt;
    }

    /// @notice The fixed numbers of one price.
    /// @param floorWei Lowest price, above zero.
    /// @param ceilingWei Highest price, at least the floor.
    /// @param halfLifeSeconds Seconds in which the price halves, above zero.
    struct Parameters {
        uint128 floorWei;
        uint128 ceilingWei;
        uint64 halfLifeSeconds;
    }

    /// @notice The floor must be above zero and at most the ceiling (a price of zero could never rise again), and the
    /// half-life above zero.
    error InvalidRegistrationPrice(uint128 floorWei, uint128 ceilingWei, uint64 halfLifeSeconds);

    /// @dev One registration multiplies the price by 126 / 100 = 1.26.
    uint256 internal constant RISE_NUMERATOR = 126;
    uint256 internal constant RISE_DENOMINATOR = 100;

    /// @dev After so many half-lives every uint128 is 0, hence the price is the floor.
    uint256 private constant MAX_HALVINGS = 128;

    /// @notice Reverts with `InvalidRegistrationPrice` unless the parameters define a price. For constructors.
    function validate(Parameters memory parameters) internal pure {
        if (
            parameters.floorWei == 0 || parameters.floorWei > parameters.ceilingWei || parameters.halfLifeSeconds == 0
        ) {
            revert InvalidRegistrationPrice(parameters.floorWei, parameters.ceilingWei, parameters.halfLifeSeconds);
        }
    }

    /// @notice The price of a registration at `timestamp`.
    /// @param state What the latest registration left.
    /// @param parameters Valid parameters.
    /// @param timestamp Unix seconds, not before `state.updatedAt` (panics otherwise).
    /// @return priceWei Price in wei, floored, within [floor, ceiling].
    function quote(
        State memory state,
        Parameters memory parameters,
        uint256 timestamp
    ) internal pure returns (uint256 priceWei) {
        uint256 elapsedSeconds = timestamp - state.updatedAt;
        uint256 halvings = elapsedSeconds / parameters.halfLifeSeconds;
        if (halvings >= MAX_HALVINGS) return parameters.floorWei;

        // At most 2^128 · 2^65 above and 2^65 · 2^127 below: neither can overflow.
        uint256 twoHalfLives = 2 * uint256(parameters.halfLifeSeconds);
        uint256 remainder = elapsedSeconds % parameters.halfLifeSeconds;
        uint256 decayedWei = (state.priceWei * (twoHalfLives - remainder)) / (twoHalfLives << halvings);
        return Math.max(parameters.floorWei, decayedWei);
    }

    /// @notice The state after somebody registered for `priceWei` at `timestamp`.
    /// @param priceWei The price that was quoted and paid.
    /// @param parameters Valid parameters.
    /// @param timestamp Unix seconds of the registration.
    /// @return The new state: the price ×1.26 rounded up, so that even a price of 1 wei rises, at most the ceiling.
    function afterRegistration(
        uint256 priceWei,
        Parameters memory parameters,
        uint256 timestamp
    ) internal pure returns (State memory) {
        uint256 risenWei = Math.mulDiv(priceWei, RISE_NUMERATOR, RISE_DENOMINATOR, Math.Rounding.Ceil);
        return State({priceWei: uint128(Math.min(risenWei, parameters.ceilingWei)), updatedAt: uint64(timestamp)});
    }
}
