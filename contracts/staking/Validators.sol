// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";
import {EpochCheckpoints} from "./EpochCheckpoints.sol";
import {StakeLedger} from "./StakeLedger.sol";
import {ValidatorTerms} from "./ValidatorTerms.sol";

/// @title Validators
/// @notice The holder of each seat in each epoch, which holders are active, and the key that may act for each
/// validator.
/// @dev Always holds: a validator holds exactly one seat while it is registered, and none otherwise; a seat's
/// trace names its holder in each epoch, zero for nobody; `_freeSeats` lists exactly the seats that nobody will
/// hold in the next epoch. Seats are written for the next epoch only, so the holders of this one and of those
/// before are final.
/// An address acts for at most one validator. An owner (any account that ever registered) acts for itself and is nobody
/// else's operator; `_ownerOf[o] = v` exactly if `_operatorOf[v] = o ≠ v`.
abstract contract Validators is StakeLedger, ValidatorTerms {
    using EpochCheckpoints for EpochCheckpoints.Trace;

    /// @dev A loop over all seats must fit a transaction whatever else it does.
    uint256 private constant SEATS_LIMIT = 100;

    /// @inheritdoc IStakingViews
    uint256 public immutable maximumSeats;
    /// @inheritdoc IStakingViews
    uint256 public immutable minimumStakeWei;
    /// @inheritdoc IStakingViews
    uint64 public immutable seatSafeEpochs;

    /// @dev Grows with the first holders, up to `maximumSeats`.
    EpochCheckpoints.Trace[] private _seats;
    uint256[] private _freeSeats;
    /// @dev Meaningful while the validator is registered.
    mapping(address validator => uint256) private _seatOf;
    /// @dev The operator of each validator that ever registered; itself by default, so never zero for those.
    mapping(address validator => address) private _operatorOf;
    /// @dev The validator of each operator that isn't the owner itself.
    mapping(address operator => address) private _ownerOf;

    constructor(uint256 maximumSeats_, uint256 minimumStakeWei_, uint16 seatSafeEpochs_) {
        if (maximumSeats_ == 0 || maximumSeats_ > SEATS_LIMIT) revert SeatsOutOfRange(maximumSeats_);
        if (minimumStakeWei_ == 0) revert ZeroAmount();
        maximumSeats = maximumSeats_;
        minimumStakeWei = minimumStakeWei_;
        seatSafeEpochs = seatSafeEpochs_;
    }

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
    function isActive(address validator, uint64 epoch) external view returns (bool active) {
        (, , , , , active) = validatorAt(validator, epoch);
    }

    /// @inheritdoc IStakingViews
    /// @dev No look-up of the seat is needed: a validator that leaves has no shares from the epoch in which it no
    /// longer holds the seat.
    function validatorAt(
        address validator,
        uint64 epoch
    )
        public
        view
        returns (
            uint112 ownShares,
            uint112 totalShares,
            uint256 index,
            uint16 commissionBps,
            bool isJailed,
            bool active
        )
    {
        (ownShares, totalShares) = _sharesAt(validator, epoch);
        (commissionBps, isJailed) = _termsAt(validator, epoch);
        index = indexAt(validator, epoch);
        // Nobody can be slashed before genesis.
        uint256 indexBefore = epoch == 0 ? INDEX_ONE : indexAt(validator, epoch - 1);
        active = !isJailed && _worth(ownShares, indexBefore) >= minimumStakeWei;
    }

    /// @inheritdoc IStakingViews
    function activeStakes(
        uint64 epoch
    ) external view returns (address[] memory validators, uint256[] memory totalStakesWei) {
        validators = seatedAt(epoch);
        totalStakesWei = new uint256[](validators.length);
        uint256 count = 0;
        for (uint256 i = 0; i < validators.length; ++i) {
            (, uint112 total, uint256 index, , , bool active) = validatorAt(validators[i], epoch);
            if (!active) continue;
            (validators[count], totalStakesWei[count]) = (validators[i], _worth(total, index));
            ++count;
        }
        // Both arrays shrink to `count`: copying them would take code size that the contract does not have.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(validators, count)
            mstore(totalStakesWei, count)
        }
    }

    /// @inheritdoc IStakingViews
    function seatedAt(uint64 epoch) public view returns (address[] memory seated) {
        uint256 length = _seats.length;
        seated = new address[](length);
        uint256 count = 0;
        for (uint256 i = 0; i < length; ++i) {
            address holder = address(uint160(_seats[i].at(epoch)));
            if (holder != address(0)) seated[count++] = holder;
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(seated, count)
        }
    }

    /// @inheritdoc IStakingViews
    function validatorOf(address account) public view returns (address) {
        return _operatorOf[account] == address(0) ? _ownerOf[account] : account;
    }

    /// @inheritdoc IStakingViews
    function operatorOf(address validator) public view returns (address) {
        return _operatorOf[validator];
    }

    /// @dev Seats `validator`, which brings `stakeWei`, from the next epoch: in a free seat, else a new one, else the
    /// smallest that isn't safe, whose holder leaves.
    function _takeSeat(address validator, uint256 stakeWei) internal returns (uint256 seat) {
        if (_freeSeats.length == 0 && _seats.length == maximumSeats) {
            (address smallest, uint256 smallestWei) = _smallestSeat();
            if (stakeWei <= smallestWei) revert StakeNotAboveSmallestSeat(stakeWei, smallestWei);
            _leave(smallest);
        }
        if (_freeSeats.length == 0) {
            seat = _seats.length;
            _seats.push();
        } else {
            seat = _freeSeats[_freeSeats.length - 1];
            _freeSeats.pop();
        }
        _seatOf[validator] = seat;
        _seats[seat].set(nextEpoch(), uint160(validator));
    }

    /// @dev Ends the registration of `validator`: its seat becomes free, and all its stake, own and delegated,
    /// starts to leave.
    function _leave(address validator) internal {
        uint256 seat = _seatOf[validator];
        _seats[seat].set(nextEpoch(), 0);
        _freeSeats.push(seat);
        _closePool(validator);
    }

    /// @dev Lets the registering `owner` act for itself and, if it chose one, through `operator`. A validator that had
    /// named `owner` as its operator operates itself again.
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

    /// @dev For when all seats are taken: among the seats that are no longer safe, the one with the least own and
    /// delegated stake, including stake that is not effective yet; the first of equals.
    function _smallestSeat() private view returns (address smallest, uint256 smallestWei) {
        smallestWei = type(uint256).max;
        uint256 firstEpoch = type(uint256).max;
        uint256 next = nextEpoch();
        for (uint256 i = 0; i < _seats.length; ++i) {
            // A seat changes when a validator takes it, so the newest change shows the holder and its first epoch.
            EpochCheckpoints.Checkpoint storage newest = _seats[i].newest;
            uint256 unsafeEpoch = newest.epoch + seatSafeEpochs;
            firstEpoch = Math.min(firstEpoch, unsafeEpoch);
            if (next <= unsafeEpoch) continue;
            address holder = address(uint160(newest.value));
            uint256 totalWei = totalStakeAt(holder, type(uint64).max);
            if (totalWei < smallestWei) (smallest, smallestWei) = (holder, totalWei);
        }
        if (smallest == address(0)) revert AllSeatsSafe(firstEpoch);
    }
}
