// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title RegistrationPrice
/// @notice The price of registering, with a target rate of one registration per interval. Every registration multiplies
/// it by 5/4 and every interval by 4/5, so registrations at the target rate keep it constant, fewer let it fall to its
/// floor, and more raise it to its ceiling. Miners and validators have separate prices.
/// @dev All amounts in wei. After n whole intervals of I seconds and r seconds of the next, the quote is ⌊price ·
/// (4/5)ⁿ · (1 − r / (5·I))⌋, but never below the floor: exact powers at whole intervals, straight lines between them,
/// which lie at most 0.63 % above the exponential.
///
/// *Rounding.* (4/5)ⁿ is computed with 92 binary fraction digits, each step rounded up: the result lies at most 4 ·
/// 2⁻⁹² wei above the exact number and never below, and is then floored. So the quote is the exact number, floored, or
/// a wei more if the exact number misses the next integer by less than that. A registration rounds up. So n
/// registrations and then n intervals never leave the price below where it was (unless the ceiling cut it off), and
/// above it only by rounding. A quote inside an interval loses less than a wei.
///
/// *Pumping.* A registration for p raises the price by ⌈p/4⌉ at most, so raising it from a to b costs at least 4·(b −
/// a) − 3 wei per registration, and more if it takes time: going from the floor to 100 floors costs at least 396 floors
/// (429.7 in fact, because the last of 21 registrations overshoots). Holding it there costs a registration at that
/// price per interval.
///
/// The price never rises with time and never leaves [floor, ceiling].
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
    /// @param intervalSeconds Seconds for which one registration keeps the price constant, above zero.
    struct Parameters {
        uint128 floorWei;
        uint128 ceilingWei;
        uint32 intervalSeconds;
    }

    /// @notice The floor must be above zero and at most the ceiling (a price of zero could never rise again), and the
    /// interval above zero.
    error InvalidRegistrationPrice(uint128 floorWei, uint128 ceilingWei, uint32 intervalSeconds);

    /// @dev Binary digits after the point: a price of 128 bits, these digits and 5 intervals of 32 bits fit 256 bits.
    uint256 private constant FRACTION_BITS = 92;

    /// @notice Reverts with `InvalidRegistrationPrice` unless the parameters define a price. For constructors.
    function validate(Parameters memory parameters) internal pure {
        if (
            parameters.floorWei == 0 || parameters.floorWei > parameters.ceilingWei || parameters.intervalSeconds == 0
        ) {
            revert InvalidRegistrationPrice(parameters.floorWei, parameters.ceilingWei, parameters.intervalSeconds);
        }
    }

    /// @notice The price of a registration at `timestamp`.
    /// @param state The state after the latest registration.
    /// @param parameters Valid parameters.
    /// @param timestamp Unix seconds, not before `state.updatedAt` (panics otherwise).
    /// @return priceWei Price in wei, floored, within [floor, ceiling].
    function quote(
        State memory state,
        Parameters memory parameters,
        uint256 timestamp
    ) internal pure returns (uint256 priceWei) {
        uint256 elapsedSeconds = timestamp - state.updatedAt;
        uint256 interval = parameters.intervalSeconds;
        uint256 scaledFloor = uint256(parameters.floorWei) << FRACTION_BITS;
        uint256 scaled = uint256(state.priceWei) << FRACTION_BITS;
        // Nothing here can overflow. At most 398 rounds: by then any uint128 has reached the floor; from 1,000 floors
        // it takes 31.
        unchecked {
            for (uint256 left = elapsedSeconds / interval; left > 0 && scaled > scaledFloor; --left) {
                scaled -= scaled / 5; // ⌈4/5 of it⌉
            }
            uint256 lineWei =
                (scaled * (5 * interval - (elapsedSeconds % interval))) / ((5 * interval) << FRACTION_BITS);
            return Math.max(parameters.floorWei, lineWei);
        }
    }

    /// @notice The state after someone registered for `priceWei` at `timestamp`.
    /// @param priceWei The price that was quoted and paid.
    /// @param parameters Valid parameters.
    /// @param timestamp Unix seconds of the registration.
    /// @return The new state: 5/4 of the price, rounded up so that even a price of 1 wei rises, and at most the
    /// ceiling.
    function afterRegistration(
        uint256 priceWei,
        Parameters memory parameters,
        uint256 timestamp
    ) internal pure returns (State memory) {
        uint256 risenWei = Math.ceilDiv(5 * priceWei, 4);
        return State({priceWei: uint128(Math.min(risenWei, parameters.ceilingWei)), updatedAt: uint64(timestamp)});
    }
}
