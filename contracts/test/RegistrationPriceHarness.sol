// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RegistrationPrice} from "../libraries/RegistrationPrice.sol";

/// @title RegistrationPriceHarness
/// @notice Makes the library's internal functions callable by its tests. Never deployed to a network.
contract RegistrationPriceHarness {
    /// @notice See `RegistrationPrice.validate`.
    function validate(RegistrationPrice.Parameters calldata parameters) external pure {
        RegistrationPrice.validate(parameters);
    }

    /// @notice See `RegistrationPrice.quote`.
    function quote(
        RegistrationPrice.State calldata state,
        RegistrationPrice.Parameters calldata parameters,
        uint256 timestamp
    ) external pure returns (uint256) {
        return RegistrationPrice.quote(state, parameters, timestamp);
    }

    /// @notice See `RegistrationPrice.afterRegistration`.
    function afterRegistration(
        uint256 priceWei,
        RegistrationPrice.Parameters calldata parameters,
        uint256 timestamp
    ) external pure returns (RegistrationPrice.State memory) {
        return RegistrationPrice.afterRegistration(priceWei, parameters, timestamp);
    }
}
