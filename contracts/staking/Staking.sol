// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../shared/EpochClock.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";
import {LastingAdmin} from "../shared/LastingAdmin.sol";
import {RegistrationPrice} from "../shared/RegistrationPrice.sol";
import {StakeRecords} from "./StakeRecords.sol";
import {Validators} from "./Validators.sol";
import {ValidatorTerms} from "./ValidatorTerms.sol";

/// @title Staking
/// @notice The external functions to stake, leave and slash, with their token transfers and permissions.
/// @dev Always holds: the token balance covers all stake and all unbonding (`StakeRecords` has the argument; tokens
/// enter here only together with the shares they buy, a registration's price passes through, and tokens leave only as
/// floored payouts and slashes). No reentrancy guard is needed: records change before tokens move, and both the token
/// and the pool are this deployment's own contracts, which make no callbacks. The token reverts when a transfer fails,
/// so its result needs no check.
contract Staking is Validators, LastingAdmin {
    /// @notice The parameters that a deployment fixes.
    /// @param clock The deployment's clock.
    /// @param token The token that is staked.
    /// @param pool Where registration fees and slashed tokens go; it recycles the same token, and must let this
    /// contract book both.
    /// @param admin Holder of DEFAULT_ADMIN_ROLE, which appoints slashers.
    /// @param minimumStakeWei Own stake below which a validator isn't active, above zero.
    /// @param maximumSeats 1 … 100.
    /// @param seatSafeEpochs Epochs for which nobody can take a seat from a new holder.
    /// @param slashCapBps The most that one validator can lose in one epoch: 1 … 9,999.
    /// @param exitDelayEpochs Minimum number of epochs that an exit takes, 3 or more.
    /// @param jailEpochs Minimum number of epochs that a jail lasts.
    /// @param registrationPrice Floor, ceiling and interval of the registration price.
    struct StakingParameters {
        ClockParameters clock;
        IModernTensorToken token;
        IRecyclingPool pool;
        address admin;
        uint256 minimumStakeWei;
        uint256 maximumSeats;
        uint16 seatSafeEpochs;
        uint256 slashCapBps;
        uint16 exitDelayEpochs;
        uint64 jailEpochs;
        RegistrationPrice.Parameters registrationPrice;
    }

    /// @dev Sum of a validator's slashes in one epoch. One slot.
    struct SlashCount {
        uint64 epoch;
        uint64 sumBps;
    }

    /// @notice May slash: the score board, for missed reveals, and governance, for faults that need judgement.
    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");

    /// @inheritdoc IStakingViews
    IModernTensorToken public immutable token;
    /// @notice Where registration fees and slashed tokens go.
    IRecyclingPool public immutable pool;
    /// @inheritdoc IStakingViews
    uint256 public immutable slashCapBps;

    RegistrationPrice.Parameters private _priceParameters;
    RegistrationPrice.State private _price;
    mapping(address validator => SlashCount) private _slashCount;

    constructor(
        StakingParameters memory parameters
    )
        EpochClock(parameters.clock)
        StakeRecords(parameters.exitDelayEpochs)
        ValidatorTerms(parameters.jailEpochs)
        Validators(parameters.maximumSeats, parameters.minimumStakeWei, parameters.seatSafeEpochs)
    {
        if (parameters.slashCapBps == 0 || parameters.slashCapBps >= BPS) {
            revert SlashCapOutOfRange(parameters.slashCapBps);
        }
        if (parameters.admin == address(0)) revert ZeroAccount();
        IModernTensorToken poolToken = parameters.pool.token();
        if (poolToken != parameters.token) revert TokenMismatch(address(poolToken), address(parameters.token));
        RegistrationPrice.validate(parameters.registrationPrice);
        token = parameters.token;
        pool = parameters.pool;
        slashCapBps = parameters.slashCapBps;
        _priceParameters = parameters.registrationPrice;
        _grantRole(DEFAULT_ADMIN_ROLE, parameters.admin);
        // The pool takes the tokens deposited into it; no other contract can take any.
        parameters.token.approve(address(parameters.pool), type(uint256).max);
    }

    // --------------------------------------------------------------------------------------------------- validators

    /// @inheritdoc IStaking
    function registerValidator(address operator, uint16 commissionBps, uint256 stakeWei, uint256 maxPriceWei) public {
        uint256 priceWei = registrationPriceWei();
        if (priceWei > maxPriceWei) revert PriceAboveMaximum(priceWei, maxPriceWei);
        _price = RegistrationPrice.afterRegistration(priceWei, _priceParameters, block.timestamp);

        _openPool(msg.sender);
        uint256 seat = _takeSeat(msg.sender, stakeWei);
        emit ValidatorRegistered(msg.sender, nextEpoch(), seat, priceWei);
        _registerOperator(msg.sender, operator);
        _startCommission(msg.sender, commissionBps);
        _stake(msg.sender, msg.sender, stakeWei);
        _requireMinimumStake(msg.sender);

        token.transferFrom(msg.sender, address(this), priceWei);
        pool.deposit(IRecyclingPool.Source.RegistrationFees, priceWei);
    }

    /// @inheritdoc IStaking
    function registerValidatorWithPermit(
        address operator,
        uint16 commissionBps,
        uint256 stakeWei,
        uint256 maxPriceWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _permit(stakeWei + maxPriceWei, deadline, v, r, s);
        registerValidator(operator, commissionBps, stakeWei, maxPriceWei);
    }

    /// @inheritdoc IStaking
    function setCommission(uint16 commissionBps) external {
        _requireOpen(msg.sender);
        _changeCommission(msg.sender, commissionBps);
    }

    /// @inheritdoc IStaking
    function unjail() external {
        address validator = validatorOf(msg.sender);
        _requireOpen(validator);
        _requireMinimumStake(validator);
        _release(validator);
    }

    // -------------------------------------------------------------------------------------------------------- stake

    /// @inheritdoc IStaking
    function stake(uint256 amountWei) external {
        _stake(msg.sender, msg.sender, amountWei);
    }

    /// @inheritdoc IStaking
    function stakeWithPermit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        _permit(amountWei, deadline, v, r, s);
        _stake(msg.sender, msg.sender, amountWei);
    }

    /// @inheritdoc IStaking
    function delegate(address validator, uint256 amountWei) external {
        _stake(validator, msg.sender, amountWei);
    }

    /// @inheritdoc IStaking
    function delegateWithPermit(
        address validator,
        uint256 amountWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _permit(amountWei, deadline, v, r, s);
        _stake(validator, msg.sender, amountWei);
    }

    /// @inheritdoc IStaking
    function stakeFor(address account, address validator, uint256 amountWei) external {
        if (account == address(0)) revert ZeroAccount();
        _stake(validator, account, amountWei);
    }

    /// @inheritdoc IStaking
    function unstake(address validator, uint256 amountWei) external {
        (uint112 shares, bool isEverything) = _sharesToTake(validator, msg.sender, amountWei);
        bool isOwn = msg.sender == validator;
        if (isOwn && isEverything) return _leave(validator);
        _removeStake(validator, msg.sender, shares);
        if (isOwn) _requireMinimumStake(validator);
    }

    /// @inheritdoc IStaking
    function redelegate(address from, address to, uint256 amountWei) external {
        _redelegate(from, to, msg.sender, amountWei, maximumSeats);
    }

    /// @inheritdoc IStaking
    function withdraw(address validator) external returns (uint256 amountWei) {
        amountWei = _takeMatured(validator, msg.sender);
        if (amountWei == 0) revert NothingToWithdraw(validator, msg.sender);
        emit Withdrawn(validator, msg.sender, amountWei);
        token.transfer(msg.sender, amountWei);
    }

    // ----------------------------------------------------------------------------------------------------- slashing

    /// @inheritdoc IStaking
    function slash(
        address validator,
        uint256 fractionBps,
        bytes32 evidenceHash
    ) external onlyRole(SLASHER_ROLE) returns (uint256 slashedWei) {
        uint64 epoch = currentEpoch();
        _countSlash(validator, epoch, fractionBps);
        uint256 index;
        (index, slashedWei) = _lowerIndex(validator, fractionBps);
        if (slashedWei == 0) revert NothingToSlash(validator);
        emit Slashed(validator, epoch, fractionBps, index, slashedWei, evidenceHash);
        _jail(validator);
        pool.deposit(IRecyclingPool.Source.SlashingPenalties, slashedWei);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IStakingViews
    function registrationPriceWei() public view returns (uint256) {
        return RegistrationPrice.quote(_price, _priceParameters, block.timestamp);
    }

    // ----------------------------------------------------------------------------------------------------- internal

    /// @dev Books `amountWei` as stake of `account` and takes it from the caller.
    function _stake(address validator, address account, uint256 amountWei) private {
        if (amountWei == 0) revert ZeroAmount();
        _addStake(validator, account, amountWei);
        emit Staked(validator, account, msg.sender, amountWei);
        token.transferFrom(msg.sender, address(this), amountWei);
    }

    /// @dev A permit that someone has already submitted fails, but its allowance exists.
    function _permit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s) private {
        try token.permit(msg.sender, address(this), amountWei, deadline, v, r, s) {} catch {}
    }

    function _countSlash(address validator, uint64 epoch, uint256 fractionBps) private {
        SlashCount storage count = _slashCount[validator];
        uint256 slashedBps = count.epoch == epoch ? count.sumBps : 0;
        if (fractionBps > slashCapBps - slashedBps) {
            revert SlashCapExceeded(validator, epoch, slashedBps, fractionBps, slashCapBps);
        }
        (count.epoch, count.sumBps) = (epoch, uint64(slashedBps + fractionBps));
    }

    function _requireMinimumStake(address validator) private view {
        uint256 ownWei = stakeAt(validator, type(uint64).max);
        if (ownWei < minimumStakeWei) revert StakeBelowMinimum(ownWei, minimumStakeWei);
    }
}
