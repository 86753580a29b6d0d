// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Signatures} from "./Signatures.sol";

/// @notice What is proposed for an epoch: mostly honest, sometimes a wei beyond a bound, sometimes a root that robs everyone.
abstract contract Proposals is Signatures {
    uint256 private constant THIEF = 3;
    /// @dev More than all epochs together can emit.
    uint256 private constant LOOT_WEI = 2_000_000 ether;

    /// @notice What each earner has honestly earned in all.
    uint256[EARNERS] public earnedWei;

    function _proposal(
        uint256 seed
    ) internal returns (ITreasury.Settlement memory settlement, uint256[EARNERS] memory promisedWei) {
        uint256 ceilingWei = _ceilingWei(nextEpoch);
        uint256 emissionWei = seed % 48 == 0 ? ceilingWei + 1 : _upTo(ceilingWei, _die(seed, 1));
        uint256 burnWei = _upTo((emissionWei * 7_000) / BPS, _die(seed, 2)) + (seed % 48 == 1 ? 1 : 0);
        uint256 daoWei = _upTo((emissionWei * MAX_DAO_SHARE_BPS) / BPS, _die(seed, 3)) + (seed % 48 == 2 ? 1 : 0);
        burnWei = _least(burnWei, emissionWei);
        daoWei = _least(daoWei, emissionWei - burnWei);
        uint256 restWei = emissionWei - burnWei - daoWei;
        uint256 returnedWei = seed % 3 == 0 ? _upTo(restWei, _die(seed, 4)) : 0;
        uint256 rewardsWei = restWei - returnedWei;

        promisedWei = earnedWei;
        promisedWei[_die(seed, 5) % EARNERS] += rewardsWei;
        if (_die(seed, 6) % 5 == 0) promisedWei[THIEF] = LOOT_WEI + roots.length;
        settlement.epoch = seed % 48 == 4 ? _newest() : nextEpoch;
        settlement.emission = uint128(emissionWei + (seed % 48 == 3 ? 1 : 0));
        settlement.burnedUnmetQuota = uint128(burnWei / 2);
        settlement.burnedQualityPenalty = uint128(burnWei - burnWei / 2);
        settlement.minerRewards = uint128(rewardsWei / 3);
        settlement.validatorRewards = uint128(rewardsWei - rewardsWei / 3);
        settlement.daoShare = uint128(daoWei);
        settlement.returned = uint128(returnedWei);
        settlement.rewardsRoot = seed % 48 == 5 ? bytes32(0) : _growTree(promisedWei);
    }

    /// @dev Earnings less what is returned of them, or a theft again, which returns nothing.
    function _correction(
        uint256 seed
    ) internal returns (bytes32 root, uint128 returnedWei, uint256[EARNERS] memory promisedWei) {
        promisedWei = earnedWei;
        if (_die(seed, 3) % 5 == 0) {
            promisedWei[THIEF] = LOOT_WEI + roots.length;
        } else {
            (uint256 earner, uint256 unpaidWei) = _mostUnpaid();
            uint256 wantedWei = seed % 16 == 0 ? returnableWei + 1 : _upTo(returnableWei, _die(seed, 1));
            returnedWei = uint128(_least(wantedWei, unpaidWei));
            promisedWei[earner] -= returnedWei;
        }
        root = _growTree(promisedWei);
    }

    function _mostUnpaid() private view returns (uint256 earner, uint256 unpaidWei) {
        for (uint256 i = 0; i < EARNERS; ++i) {
            uint256 ofThisWei = earnedWei[i] - _least(treasury.claimedOf(people[i]), earnedWei[i]);
            if (ofThisWei > unpaidWei) (earner, unpaidWei) = (i, ofThisWei);
        }
    }

    function _isTheft(uint256[EARNERS] memory promisedWei) internal pure returns (bool) {
        return promisedWei[THIEF] >= LOOT_WEI;
    }

    function _ceilingWei(uint64 epoch) internal pure returns (uint256) {
        return BASE_REWARD_WEI / 2 ** (epoch / HALVING_INTERVAL);
    }

    function _newest() internal view returns (uint64) {
        return nextEpoch == 0 ? 0 : nextEpoch - 1;
    }
}
