// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";

/// @title LastingAdmin
/// @notice Roles whose admin can hand over, but can't leave without a successor.
/// @dev Always: once someone holds `DEFAULT_ADMIN_ROLE`, there is always a holder.
abstract contract LastingAdmin is AccessControlEnumerable {
    /// @notice `admin` is the only admin: without one, nobody could ever grant or revoke a role again.
    error LastAdmin(address admin);

    function _revokeRole(bytes32 role, address account) internal override returns (bool isRevoked) {
        isRevoked = super._revokeRole(role, account);
        if (isRevoked && role == DEFAULT_ADMIN_ROLE && getRoleMemberCount(role) == 0) revert LastAdmin(account);
    }
}
