// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Proposals} from "./Proposals.sol";

/// @notice Settlements and reposts by anyone who tries: with signatures, alone with a key that may be stolen, or past the quorum.
abstract contract Settlements is Proposals {
    function openEpoch(uint256 who) external {
        if (time < genesis) return;
        uint64 epoch = _epoch();
        (address[] memory validators, uint256[] memory stakesWei) = staking.activeStakes(epoch);
        uint256 beforeWei = token.totalSupply();
        if (!_try(_anyone(who), address(blockRewards), abi.encodeCall(blockRewards.openEpoch, ()))) return;
        uint256 paidWei = token.totalSupply() - beforeWei;
        _rule(paidWei <= BLOCK_REWARD_WEI, "a block reward is at most what was fixed");
        _mints(paidWei);
        _freezes(epoch, validators, stakesWei);
    }

    function settleSigned(uint256 signers, uint256 amounts, uint256 lie) external {
        _comeToDue(amounts);
        (ITreasury.Settlement memory settlement, uint256[EARNERS] memory promisedWei) = _proposal(amounts);
        Signed memory signed = _sign(nextEpoch, quorum.settlementDigest(settlement), signers, lie);
        bytes memory call = abi.encodeCall(
            quorum.settleEpochSigned,
            (settlement, signed.validators, signed.positions, signed.signatures)
        );
        if (!_try(_anyone(lie), address(quorum), call)) return;
        _rule(signed.isQuorum, "nothing is settled without two thirds of the stake's signatures");
        _bookSettlement(settlement, promisedWei);
    }

    function settleAlone(uint256 who, uint256 amounts) external {
        _comeToDue(amounts);
        if (amounts % 3 == 0) time += SOLO_AFTER_SECONDS - (amounts % 2);
        (ITreasury.Settlement memory settlement, uint256[EARNERS] memory promisedWei) = _proposal(amounts);
        address sender = who % 2 == 0 ? KEEPER : _anyone(who);
        if (!_try(sender, address(quorum), abi.encodeCall(quorum.settleEpoch, (settlement)))) return;
        _rule(sender == KEEPER && _maySettleAlone(settlement.epoch), "the keeper alone settles alone, when it may");
        _bookSettlement(settlement, promisedWei);
    }

    function repostSigned(uint256 signers, uint256 amounts, uint256 lie) external {
        (bytes32 root, uint128 returnedWei, uint256[EARNERS] memory promisedWei) = _correction(amounts);
        bytes32 digest = quorum.repostDigest(_newest(), 0, root, 0, returnedWei);
        Signed memory signed = _sign(_newest(), digest, signers, lie);
        bytes memory call = abi.encodeCall(
            quorum.repostRootSigned,
            (_newest(), 0, root, 0, returnedWei, signed.validators, signed.positions, signed.signatures)
        );
        if (!_try(_anyone(lie), address(quorum), call)) return;
        _rule(signed.isQuorum, "nothing is reposted without two thirds of the stake's signatures");
        _bookRepost(root, returnedWei, promisedWei);
    }

    function repostAlone(uint256 who, uint256 amounts) external {
        if (amounts % 3 == 0) time += SOLO_AFTER_SECONDS;
        (bytes32 root, uint128 returnedWei, uint256[EARNERS] memory promisedWei) = _correction(amounts);
        address sender = who % 2 == 0 ? KEEPER : _anyone(who);
        bytes memory call = abi.encodeCall(quorum.repostRoot, (_newest(), root, 0, returnedWei));
        if (!_try(sender, address(quorum), call)) return;
        _rule(sender == KEEPER && _maySettleAlone(_newest()), "the keeper alone reposts alone, when it may");
        _bookRepost(root, returnedWei, promisedWei);
    }

    function goPastTheQuorum(uint256 who, uint256 amounts) external {
        _comeToDue(amounts);
        (ITreasury.Settlement memory settlement, ) = _proposal(amounts);
        address sender = _anyone(who);
        bytes memory repost = abi.encodeCall(treasury.repostRoot, (_newest(), settlement.rewardsRoot, 0, 0));
        bool hasSettled = _try(sender, address(treasury), abi.encodeCall(treasury.settleEpoch, (settlement)));
        _rule(!hasSettled && !_try(sender, address(treasury), repost), "nobody goes past the quorum");
    }

    /// @dev Most proposals are for an epoch that is due, some come a second early.
    function _comeToDue(uint256 seed) private {
        uint256 dueAt = _dueAt(nextEpoch) - (seed % 32 == 1 ? 1 : 0);
        if (seed % 8 != 0 && time < dueAt) time = dueAt;
    }

    function _bookSettlement(ITreasury.Settlement memory settlement, uint256[EARNERS] memory promisedWei) private {
        uint256 emissionWei = settlement.emission;
        uint256 burnWei = uint256(settlement.burnedUnmetQuota) + settlement.burnedQualityPenalty;
        uint256 rewardsWei = uint256(settlement.minerRewards) + settlement.validatorRewards;
        uint256 daoWei = settlement.daoShare;
        uint256 returnedWei = settlement.returned;
        _rule(settlement.epoch == nextEpoch, "epochs are settled once, one after the other");
        _rule(!_isPaused(), "nothing is settled while paused");
        _rule(time >= _dueAt(nextEpoch), "an epoch is settled when its reveal window is over");
        _rule(emissionWei <= _ceilingWei(nextEpoch), "no epoch emits more than the halved base reward");
        _rule(burnWei + rewardsWei + daoWei + returnedWei == emissionWei, "the parts of an emission add up to it");
        _rule(burnWei * BPS <= emissionWei * 7_000, "70 % of an emission are burned at most");
        _rule(daoWei * BPS <= emissionWei * MAX_DAO_SHARE_BPS, "the DAO gets its maximum at most");
        _rule(settlement.rewardsRoot != 0 || rewardsWei == 0, "rewards have a root");

        uint256 drawnWei = _least(emissionWei, poolWei);
        poolWei = poolWei - drawnWei + returnedWei;
        _mints(emissionWei - drawnWei);
        _burns(burnWei);
        treasuryWei += rewardsWei;
        if (!_isTheft(promisedWei)) earnedWei = promisedWei;
        _settles(settlement.rewardsRoot, rewardsWei);
    }

    function _bookRepost(bytes32 root, uint256 returnedWei, uint256[EARNERS] memory promisedWei) private {
        _rule(isVetoed, "only a vetoed root is reposted");
        _rule(!_isPaused(), "nothing is reposted while paused");
        _rule(returnedWei <= returnableWei, "a repost returns no more than its epoch posted");
        (treasuryWei, poolWei) = (treasuryWei - returnedWei, poolWei + returnedWei);
        if (!_isTheft(promisedWei)) earnedWei = promisedWei;
        _reposts(root, returnedWei);
    }
}
