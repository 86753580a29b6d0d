// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../shared/EpochClock.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {RegistrationPrice} from "../shared/RegistrationPrice.sol";

/// @title MinerRegistry
/// @notice The miners of a TaskRegistry: who they are, since when, and what joining them costs.
/// @dev Always: ids 1 … `minerCount` are taken, each by one account that never changes; the price of every registration is
/// in the pool by the end of its transaction, so this part of the contract holds no tokens.
abstract contract MinerRegistry is ITaskRegistry, EpochClock {
    /// @inheritdoc ITaskRegistry
    IModernTensorToken public immutable token;
    /// @inheritdoc ITaskRegistry
    IRecyclingPool public immutable pool;

    uint128 private immutable _floorPriceWei;
    uint128 private immutable _ceilingPriceWei;
    uint32 private immutable _priceIntervalSeconds;

    /// @inheritdoc ITaskRegistry
    uint32 public minerCount;
    /// @inheritdoc ITaskRegistry
    mapping(address account => uint32) public minerIdOf;
    /// @dev By id, written once.
    mapping(uint256 minerId => Miner) private _miners;
    /// @dev What the latest registration left of the price.
    RegistrationPrice.State private _price;

    /// @param token_ The token in which the price is paid.
    /// @param pool_ Where the price goes; recycles the same token.
    /// @param staking Of the same deployment: the same clock and the same token.
    /// @param price Floor, ceiling and interval of the price.
    constructor(
        IModernTensorToken token_,
        IRecyclingPool pool_,
        IStaking staking,
        RegistrationPrice.Parameters memory price
    ) {
        _requireSameClock(staking);
        IModernTensorToken poolToken = pool_.token();
        if (poolToken != token_) revert TokenMismatch(address(poolToken), address(token_));
        IModernTensorToken stakedToken = staking.token();
        if (stakedToken != token_) revert TokenMismatch(address(stakedToken), address(token_));
        RegistrationPrice.validate(price);
        token = token_;
        pool = pool_;
        _floorPriceWei = price.floorWei;
        _ceilingPriceWei = price.ceilingWei;
        _priceIntervalSeconds = price.intervalSeconds;
        // The pool takes only what its caller deposits.
        token_.approve(address(pool_), type(uint256).max);
    }

    /// @inheritdoc ITaskRegistry
    function registerMiner(uint256 maxPriceWei) external returns (uint32 minerId) {
        if (minerIdOf[msg.sender] != 0) revert MinerAlreadyRegistered(msg.sender, minerIdOf[msg.sender]);
        uint256 priceWei = registrationPriceWei();
        if (priceWei > maxPriceWei) revert PriceAboveMaximum(priceWei, maxPriceWei);

        minerId = ++minerCount;
        minerIdOf[msg.sender] = minerId;
        Miner memory miner = Miner({account: msg.sender, activeFromEpoch: nextEpoch()});
        _miners[minerId] = miner;
        _price = RegistrationPrice.afterRegistration(priceWei, _priceParameters(), block.timestamp);
        emit MinerRegistered(minerId, msg.sender, miner.activeFromEpoch, priceWei);

        token.transferFrom(msg.sender, address(this), priceWei);
        pool.deposit(IRecyclingPool.Source.RegistrationFees, priceWei);
    }

    /// @inheritdoc ITaskRegistry
    function miners(uint256 fromId, uint256 count) external view returns (Miner[] memory page) {
        page = new Miner[](_pageLength(fromId, count, minerCount));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _miners[fromId + i];
    }

    /// @inheritdoc ITaskRegistry
    function registrationPriceWei() public view returns (uint256) {
        return RegistrationPrice.quote(_price, _priceParameters(), block.timestamp);
    }

    /// @inheritdoc ITaskRegistry
    function minerOf(uint32 minerId) public view returns (Miner memory) {
        return _miners[minerId];
    }

    /// @dev How many of the ids `fromId` … `fromId + count - 1` are not above `lastId`.
    function _pageLength(uint256 fromId, uint256 count, uint256 lastId) internal pure returns (uint256) {
        if (fromId > lastId) return 0;
        uint256 rest = lastId - fromId + 1;
        return count < rest ? count : rest;
    }

    function _priceParameters() private view returns (RegistrationPrice.Parameters memory) {
        return
            RegistrationPrice.Parameters({
                floorWei: _floorPriceWei,
                ceilingWei: _ceilingPriceWei,
                intervalSeconds: _priceIntervalSeconds
            });
    }
}
