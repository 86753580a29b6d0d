// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMinter} from "../interfaces/IMinter.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";

/// @title SameToken
/// @notice Whether an address is a contract that works with a given token. For wiring, which is irreversible.
library SameToken {
    /// @dev An address without code gives no answer, so it is refused like a contract with another token.
    function isUsedBy(IModernTensorToken token, address account) internal view returns (bool) {
        (bool isAnswered, bytes memory answer) = account.staticcall(abi.encodeCall(IMinter.token, ()));
        return isAnswered && answer.length == 32 && abi.decode(answer, (uint256)) == uint160(address(token));
    }
}
