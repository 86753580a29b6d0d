// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModernTensorToken} from "./IModernTensorToken.sol";

/// @title The views that a contract needs to become a minter
interface IMinter {
    /// @notice The token that it works with.
    function token() external view returns (IModernTensorToken);

    /// @notice The smallest lifetime allowance, in wei, with which it can keep all its promises.
    function leastAllowanceWei() external view returns (uint256);
}
