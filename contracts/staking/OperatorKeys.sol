// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";

/// @title OperatorKeys
/// @notice The key that may act for each validator besides its owner.
/// @dev Always holds: an address acts for at most one validator. An owner (any account that ever registered) acts
/// for itself and is nobody else's operator; `_ownerOf[o] = v` exactly if `_operatorOf[v] = o ≠ v`.
abstract contract OperatorKeys is IStaking {
    /// @dev The operator of each validator that ever registered; itself by default, so never zero for those.
    mapping(address validator => address) private _operatorOf;
    /// @dev The validator of each operator that isn't the owner itself.
    mapping(address operator => address) private _ownerOf;

    /// @inheritdoc IStaking
    function setOperator(address operator) external {
        if (_operatorOf[msg.sender] == address(0)) revert NotAValidator(msg.sender);
        _setOperator(msg.sender, operator);
    }

    /// @inheritdoc IStaking
    function resignAsOperator() external {
        address validator = _ownerOf[msg.sender];
        if (validator == address(0)) revert NotAnOperator(msg.sender);
        _setOperator(validator, validator);
    }

    /// @inheritdoc IStakingViews
    function validatorOf(address account) public view returns (address) {
        return _operatorOf[account] == address(0) ? _ownerOf[account] : account;
    }

    /// @inheritdoc IStakingViews
    function operatorOf(address validator) public view returns (address) {
        return _operatorOf[validator];
    }

    /// @dev Lets the registering `owner` act for itself and, if it chose one, through `operator`. A validator
    /// that had named `owner` as its operator loses it.
    function _registerOperator(address owner, address operator) internal {
        address namedBy = _ownerOf[owner];
        if (namedBy != address(0)) _setOperator(namedBy, namedBy);
        _setOperator(owner, operator);
    }

    function _setOperator(address validator, address operator) private {
        if (operator == address(0)) revert ZeroOperator();
        address actsFor = validatorOf(operator);
        if (actsFor != address(0) && actsFor != validator) revert OperatorTaken(operator, actsFor);
        delete _ownerOf[_operatorOf[validator]];
        _operatorOf[validator] = operator;
        if (operator != validator) _ownerOf[operator] = validator;
        emit OperatorChanged(validator, operator);
    }
}
