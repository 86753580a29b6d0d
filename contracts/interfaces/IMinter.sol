// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModernTensorToken} from "./IModernTensorToken.sol";

/// @title What a contract must answer before it can mint
interface IMinter {
    /// @notice The token that it works with.
    function token() external view returns (IModernTensorToken);

    /// @notice The least lifetime allowance, in wei, with which it can do all that it promises.
    function leastAllowanceWei() external view returns (uint256);
}
