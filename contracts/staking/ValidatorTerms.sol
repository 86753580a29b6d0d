// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";
import {EpochCheckpoints} from "./EpochCheckpoints.sol";

/// @title ValidatorTerms
/// @notice Commission and jail of each validator by epoch, and the limits to changing them.
/// @dev Always holds: only the next epoch's terms are written, so terms of this epoch and of those before are final.
/// Commission ≤ 18 %. Two rises of one validator take effect at least 30 epochs apart, also across registrations.
abstract contract ValidatorTerms is IStaking, EpochClock {
    using EpochCheckpoints for EpochCheckpoints.Trace;
    using SafeCast for uint256;

    /// @dev When a validator's terms may change again; see `limitsOf`.
    struct Limits {
        uint32 releasableEpoch;
        uint32 nextRiseEpoch;
    }

    /// @dev Maximum commission: 18 %.
    uint256 private constant MAX_COMMISSION_BPS = 1_800;
    uint256 private constant MAX_RISE_BPS = 300;
    uint256 private constant EPOCHS_BETWEEN_RISES = 30;
    /// @dev Set in a checkpoint's value beside the commission, so that one slot holds both.
    uint224 private constant JAILED = 1 << 16;

    /// @inheritdoc IStakingViews
    uint64 public immutable jailEpochs;

    mapping(address validator => EpochCheckpoints.Trace) private _terms;
    mapping(address validator => Limits) private _limits;

    constructor(uint64 jailEpochs_) {
        jailEpochs = jailEpochs_;
    }

    /// @inheritdoc IStakingViews
    function limitsOf(address validator) external view returns (uint32 releasableEpoch, uint32 nextRiseEpoch) {
        Limits storage limits = _limits[validator];
        return (limits.releasableEpoch, limits.nextRiseEpoch);
    }

    function _termsAt(address validator, uint64 epoch) internal view returns (uint16 commissionBps, bool isJailed) {
        uint224 terms = _terms[validator].at(epoch);
        return (uint16(terms), terms & JAILED != 0);
    }

    /// @dev Sets the commission from the next epoch, at registration or later; jail continues, also from an earlier
    /// registration.
    function _startCommission(address validator, uint16 commissionBps) internal {
        if (commissionBps > MAX_COMMISSION_BPS) revert CommissionAboveMaximum(commissionBps, MAX_COMMISSION_BPS);
        (, bool isJailed) = _termsAt(validator, nextEpoch());
        uint64 epoch = _setTerms(validator, commissionBps, isJailed);
        emit CommissionChanged(validator, epoch, commissionBps);
    }

    /// @dev Changes the commission of a registered validator.
    function _changeCommission(address validator, uint16 commissionBps) internal {
        (uint16 fromBps, ) = _termsAt(validator, nextEpoch());
        if (commissionBps > fromBps) _useRise(validator, fromBps, commissionBps);
        _startCommission(validator, commissionBps);
    }

    function _jail(address validator) internal {
        (uint16 commissionBps, ) = _termsAt(validator, nextEpoch());
        uint64 epoch = _setTerms(validator, commissionBps, true);
        uint64 releasableEpoch = epoch + jailEpochs;
        _limits[validator].releasableEpoch = uint256(releasableEpoch).toUint32();
        emit Jailed(validator, epoch, releasableEpoch);
    }

    function _release(address validator) internal {
        (uint16 commissionBps, bool isJailed) = _termsAt(validator, nextEpoch());
        if (!isJailed) revert NotJailed(validator);
        uint64 releasableEpoch = _limits[validator].releasableEpoch;
        if (nextEpoch() < releasableEpoch) revert StillJailed(validator, releasableEpoch);
        uint64 epoch = _setTerms(validator, commissionBps, false);
        emit Unjailed(validator, epoch);
    }

    function _useRise(address validator, uint16 fromBps, uint16 toBps) private {
        uint64 epoch = nextEpoch();
        uint64 allowedEpoch = _limits[validator].nextRiseEpoch;
        if (toBps - fromBps > MAX_RISE_BPS) revert CommissionRiseTooSteep(fromBps, toBps, MAX_RISE_BPS);
        if (epoch < allowedEpoch) revert CommissionRiseTooSoon(epoch, allowedEpoch);
        _limits[validator].nextRiseEpoch = (epoch + EPOCHS_BETWEEN_RISES).toUint32();
    }

    function _setTerms(address validator, uint16 commissionBps, bool isJailed) private returns (uint64 epoch) {
        epoch = nextEpoch();
        _terms[validator].set(epoch, uint224(commissionBps) | (isJailed ? JAILED : 0));
    }
}
