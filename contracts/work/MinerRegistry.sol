// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../shared/EpochClock.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ITaskRegistry} from "../interfaces/ITaskRegistry.sol";
import {RegistrationPrice} from "../shared/RegistrationPrice.sol";

/// @title MinerRegistry
/// @notice The miners of a TaskRegistry: who they are, since when, the price of joining them, and the work of each and
/// of all for each epoch.
/// @dev Always: an epoch's counters grow only while it is the `workEpoch`; the sum of all miners' `completedTasks` =
/// `epochTasks.completed`; each miner's `provenFeesWei` <= its `feesWei`; ids 1 … `minerCount` are taken, each by one
/// account that never changes; the price of every registration is in the pool by the end of its transaction, so this
/// part of the contract holds no tokens.
abstract contract MinerRegistry is ITaskRegistry, EpochClock {
    /// @dev Both numbers in one slot.
    /// @param completed Tasks completed for the epoch.
    /// @param difficultySumBps Sum of their difficulties, in basis points.
    struct EpochTasks {
        uint64 completed;
        uint128 difficultySumBps;
    }

    /// @inheritdoc ITaskRegistry
    IModernTensorToken public immutable token;
    /// @inheritdoc ITaskRegistry
    IRecyclingPool public immutable pool;
    /// @inheritdoc ITaskRegistry
    uint64 public immutable closingSlots;

    uint128 private immutable _floorPriceWei;
    uint128 private immutable _ceilingPriceWei;
    uint32 private immutable _priceIntervalSeconds;

    /// @inheritdoc ITaskRegistry
    uint32 public minerCount;
    /// @inheritdoc ITaskRegistry
    mapping(address account => uint32) public minerIdOf;
    /// @dev By id, written once.
    mapping(uint256 minerId => Miner) private _miners;
    /// @dev The price as of the latest registration.
    RegistrationPrice.State private _price;
    /// @inheritdoc ITaskRegistry
    mapping(uint64 epoch => EpochTasks) public epochTasks;
    /// @dev One slot per miner and epoch.
    mapping(uint64 epoch => mapping(uint256 minerId => MinerWork)) private _minerWork;

    /// @param token_ The token in which the price is paid.
    /// @param pool_ Where the price goes; recycles the same token.
    /// @param staking Staking of the same deployment, with the same clock and token.
    /// @param price Floor, ceiling and interval of the price.
    /// @param closingSlots_ Slots at the end of an epoch in which work counts for the next one.
    constructor(
        IModernTensorToken token_,
        IRecyclingPool pool_,
        IStaking staking,
        RegistrationPrice.Parameters memory price,
        uint64 closingSlots_
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
        if (closingSlots_ == 0 || closingSlots_ >= slotsPerEpoch) {
            revert ClosingSlotsOutOfRange(closingSlots_, slotsPerEpoch);
        }
        closingSlots = closingSlots_;
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
    function minerWork(uint64 epoch, uint256 fromId, uint256 count) external view returns (MinerWork[] memory page) {
        page = new MinerWork[](_pageLength(fromId, count, minerCount));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _minerWork[epoch][fromId + i];
    }

    /// @inheritdoc ITaskRegistry
    function registrationPriceWei() public view returns (uint256) {
        return RegistrationPrice.quote(_price, _priceParameters(), block.timestamp);
    }

    /// @inheritdoc ITaskRegistry
    function minerOf(uint32 minerId) public view returns (Miner memory) {
        return _miners[minerId];
    }

    /// @inheritdoc ITaskRegistry
    function workEpoch() public view returns (uint64) {
        uint64 epoch = currentEpoch();
        uint256 closing = epochStart(epoch + 1) - uint256(closingSlots) * slotSeconds;
        return block.timestamp < closing ? epoch : epoch + 1;
    }

    /// @dev Counts a completed task for `epoch`. The fee fits 112 bits: it was paid in a token with a supply below 2^96
    /// wei.
    function _countTask(uint64 epoch, Task memory task) internal {
        EpochTasks storage everyone = epochTasks[epoch];
        everyone.completed += 1;
        everyone.difficultySumBps += task.difficultyBps;
        MinerWork storage work = _minerWork[epoch][task.minerId];
        work.completedTasks += 1;
        work.feesWei += uint112(task.feeWei);
        if (task.needsProof) work.provenFeesWei += uint112(task.feeWei);
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
