// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Strangers} from "./actions/Strangers.sol";

/// @notice Everything that happens, and a network on which it may: three validators, of whom no two are two thirds.
contract Actions is Strangers {
    constructor() {
        uint256[3] memory stakesWei = [uint256(400 ether), 300 ether, 250 ether];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 beforeWei = token.balanceOf(people[i]);
            bytes memory call = abi.encodeCall(
                staking.registerValidator,
                (people[i], 1_000, stakesWei[i], type(uint256).max)
            );
            require(_try(people[i], address(staking), call), "a validator registers");
            poolWei += beforeWei - token.balanceOf(people[i]) - stakesWei[i];
            _stakes(people[i], stakesWei[i]);
        }
    }
}
