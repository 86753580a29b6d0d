// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {SameToken} from "../shared/SameToken.sol";

/// @title RecyclingPool
/// @notice Keeps recycled tokens until the Treasury spends them, and books where they came from.
/// @dev After every transaction: balance + `_totalOutWei` >= everything booked in; the difference arrived without being
/// booked. Transfers of MDT can't call back and revert on failure, so their result needs no check and no guard.
contract RecyclingPool is IRecyclingPool {
    /// @inheritdoc IRecyclingPool
    IModernTensorToken public immutable token;
    /// @inheritdoc IRecyclingPool
    address public immutable deployer;

    /// @inheritdoc IRecyclingPool
    address public treasury;
    /// @inheritdoc IRecyclingPool
    address public staking;
    /// @inheritdoc IRecyclingPool
    address public taskRegistry;

    /// @dev Everything ever drawn, before netting. Shares a slot with the next field, so that a settlement writes only
    /// one.
    uint128 private _totalOutWei;
    /// @dev Everything ever booked under `Source.Returned`.
    uint128 private _totalReturnedWei;
    /// @dev Everything ever booked under each of the other sources.
    mapping(Source source => uint256) private _depositedWei;

    /// @param token_ The token that is recycled.
    constructor(IModernTensorToken token_) {
        if (address(token_) == address(0)) revert InvalidAddress("token", address(0));
        token = token_;
        deployer = msg.sender;
    }

    /// @inheritdoc IRecyclingPool
    function wire(address treasury_, address staking_, address taskRegistry_) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender, deployer);
        if (treasury != address(0)) revert AlreadyWired();
        _requireMember("treasury", treasury_);
        _requireMember("staking", staking_);
        _requireMember("taskRegistry", taskRegistry_);
        if (staking_ == treasury_) revert InvalidAddress("staking", staking_);
        if (taskRegistry_ == treasury_ || taskRegistry_ == staking_) {
            revert InvalidAddress("taskRegistry", taskRegistry_);
        }
        uint64 ofTreasury = ITreasury(treasury_).halvingIntervalEpochs();
        uint64 ofFees = ITaskRegistry(taskRegistry_).halvingIntervalEpochs();
        if (ofTreasury != ofFees) revert HalvingMismatch(ofTreasury, ofFees);
        (treasury, staking, taskRegistry) = (treasury_, staking_, taskRegistry_);
        emit Wired(treasury_, staking_, taskRegistry_);
    }

    /// @inheritdoc IRecyclingPool
    function deposit(Source source, uint256 amountWei) external {
        if (!_mayBook(msg.sender, source)) revert SourceNotAllowed(source, msg.sender);
        _depositedWei[source] += amountWei;
        emit Deposited(source, msg.sender, amountWei);
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    /// @inheritdoc IRecyclingPool
    function draw(uint256 wantedWei, uint256 returnedWei) external returns (uint256 drawnWei) {
        if (msg.sender != treasury) revert NotTreasury(msg.sender, treasury);
        uint256 balanceWei = available();
        drawnWei = wantedWei < balanceWei ? wantedWei : balanceWei;
        // Both fit: one draw is at most a balance, below 2^96, and the Treasury returns no more than an emission, below
        // 2^128; the sums are checked.
        _totalOutWei += uint128(drawnWei);
        _totalReturnedWei += uint128(returnedWei);
        emit Drawn(drawnWei, returnedWei);
        if (drawnWei > returnedWei) token.transfer(msg.sender, drawnWei - returnedWei);
    }

    /// @inheritdoc IRecyclingPool
    function totalOut() external view returns (uint256) {
        return _totalOutWei;
    }

    /// @inheritdoc IRecyclingPool
    function other() external view returns (uint256) {
        uint256 bookedWei = 0;
        for (uint8 source = 0; source <= uint8(type(Source).max); ++source) {
            bookedWei += totalBySource(Source(source));
        }
        return totalIn() - bookedWei;
    }

    /// @inheritdoc IRecyclingPool
    function available() public view returns (uint256) {
        return token.balanceOf(address(this));
    }

    /// @inheritdoc IRecyclingPool
    function totalIn() public view returns (uint256) {
        return available() + _totalOutWei;
    }

    /// @inheritdoc IRecyclingPool
    function totalBySource(Source source) public view returns (uint256) {
        return source == Source.Returned ? _totalReturnedWei : _depositedWei[source];
    }

    /// @dev Reverts unless `value` is another contract that works with the same token.
    function _requireMember(string memory parameter, address value) private view {
        if (value == address(this) || !SameToken.isUsedBy(token, value)) revert InvalidAddress(parameter, value);
    }

    /// @dev The table of `Source`, row by row.
    function _mayBook(address caller, Source source) private view returns (bool) {
        if (source == Source.RegistrationFees) return caller == staking || caller == taskRegistry;
        if (source == Source.SlashingPenalties) return caller == staking;
        if (source == Source.TaskFees) return caller == taskRegistry;
        return source == Source.TransactionFees;
    }
}
