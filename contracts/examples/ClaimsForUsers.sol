// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITreasury} from "../interfaces/ITreasury.sol";

/// @title ClaimsForUsers
/// @notice An example for applications: it claims a user's rewards when the user comes by, and never fails because somebody
/// claimed first. It needs no permission and never holds a token: the Treasury pays the user, or the recipient it chose.
contract ClaimsForUsers {
    /// @notice Where rewards are claimed.
    ITreasury public immutable treasury;

    /// @notice `user` came by, and `paidWei` were claimed for it.
    event Served(address indexed user, uint256 paidWei);

    constructor(ITreasury treasury_) {
        treasury = treasury_;
    }

    /// @notice Claims what `user` has left, if anything.
    /// @dev Errors: those of `ITreasury.claim` except `NothingToClaim`.
    /// @param cumulative What the root says that `user` has earned, as the API and `rewards proof` give it.
    /// @param proof Siblings from the leaf up.
    /// @return paidWei What this call had paid: 0 where everything was claimed before.
    function serve(address user, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 paidWei) {
        uint256 claimed = treasury.claimedOf(user);
        if (cumulative > claimed) {
            paidWei = cumulative - claimed;
            treasury.claim(user, cumulative, proof);
        }
        emit Served(user, paidWei);
    }
}
