// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBlockRewards} from "../interfaces/IBlockRewards.sol";
import {ISettlementQuorum} from "../interfaces/ISettlementQuorum.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {IStakingViews} from "../interfaces/IStakingViews.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {LastingAdmin} from "../shared/LastingAdmin.sol";

/// @title SettlementQuorum
/// @notice See `ISettlementQuorum`.
/// @dev Always: nothing is payable and no coin is held, so several calls in one (`Multicall`) do the same as one after
/// the other.
contract SettlementQuorum is LastingAdmin, Multicall, ISettlementQuorum {
    using Address for address;

    /// @inheritdoc ISettlementQuorum
    bytes32 public constant SOLO_ROLE = keccak256("SOLO_ROLE");

    uint256 private constant BPS = 10_000;
    // Hashed at compile time, which solhint doesn't see.
    // solhint-disable gas-small-strings
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant SETTLEMENT_TYPE = keccak256(
        "Settlement(uint64 epoch,uint128 emission,uint128 burnedUnmetQuota,uint128 burnedQualityPenalty,uint128 minerRewards,uint128 validatorRewards,uint128 daoShare,uint128 returned,uint64 utilityWad,uint64 qualityWad,bytes32 rewardsRoot,bytes32 policyHash,bytes32 inputsHash)"
    );
    bytes32 private constant REPOST_TYPE = keccak256(
        "Repost(uint64 epoch,bytes32 vetoedRoot,bytes32 root,bytes32 inputsHash,uint128 returned)"
    );
    // solhint-enable gas-small-strings

    /// @inheritdoc ISettlementQuorum
    ITreasury public immutable treasury;
    /// @inheritdoc ISettlementQuorum
    IStaking public immutable staking;
    /// @inheritdoc ISettlementQuorum
    IBlockRewards public immutable blockRewards;
    /// @inheritdoc ISettlementQuorum
    uint16 public immutable quorumBps;
    /// @inheritdoc ISettlementQuorum
    uint256 public immutable quorumFloorWei;
    /// @inheritdoc ISettlementQuorum
    uint32 public immutable soloAfterSeconds;

    mapping(bytes32 digest => bool) private _isRepostUsed;

    /// @param admin Grants and revokes the role.
    /// @param solo Settles alone, when that is allowed.
    constructor(
        ITreasury treasury_,
        IBlockRewards blockRewards_,
        uint16 quorumBps_,
        uint256 quorumFloorWei_,
        uint32 soloAfterSeconds_,
        address admin,
        address solo
    ) {
        if (address(treasury_) == address(0)) revert InvalidAddress("treasury", address(treasury_));
        if (admin == address(0)) revert InvalidAddress("admin", admin);
        if (solo == address(0)) revert InvalidAddress("solo", solo);
        staking = treasury_.staking();
        // Reverts for an address without code, too.
        if (blockRewards_.staking() != staking) revert InvalidAddress("blockRewards", address(blockRewards_));
        if (quorumBps_ <= BPS / 2 || quorumBps_ > BPS) revert QuorumOutOfRange(quorumBps_);
        treasury = treasury_;
        blockRewards = blockRewards_;
        quorumBps = quorumBps_;
        quorumFloorWei = quorumFloorWei_;
        soloAfterSeconds = soloAfterSeconds_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(SOLO_ROLE, solo);
    }

    /// @inheritdoc ISettlementQuorum
    function settleEpochSigned(
        ITreasury.Settlement calldata settlement,
        address[] calldata validators,
        uint256[] calldata positions,
        bytes[] calldata signatures
    ) external {
        uint64 epoch = settlement.epoch;
        uint64 next = treasury.nextEpochToSettle();
        if (epoch != next) revert ITreasury.NotNextEpoch(epoch, next);
        uint256 dueAt = staking.revealEnd(epoch);
        if (block.timestamp < dueAt) revert ITreasury.EpochNotDue(epoch, dueAt, block.timestamp);
        bytes32 digest = settlementDigest(settlement);
        (uint256 signedWei, uint256 neededWei) = _requireQuorum(epoch, digest, validators, positions, signatures);
        emit SettlementSigned(epoch, validators, signedWei, neededWei);
        treasury.settleEpoch(settlement);
    }

    /// @inheritdoc ISettlementQuorum
    function repostRootSigned(
        uint64 epoch,
        bytes32 vetoedRoot,
        bytes32 root,
        bytes32 inputsHash,
        uint128 returned,
        address[] calldata validators,
        uint256[] calldata positions,
        bytes[] calldata signatures
    ) external {
        bytes32 digest = repostDigest(epoch, vetoedRoot, root, inputsHash, returned);
        if (_isRepostUsed[digest]) revert RepostUsed(digest);
        (uint256 signedWei, uint256 neededWei) = _requireQuorum(epoch, digest, validators, positions, signatures);
        _isRepostUsed[digest] = true;
        emit RepostSigned(epoch, root, validators, signedWei, neededWei);
        treasury.repostRoot(epoch, root, inputsHash, returned);
    }

    /// @inheritdoc ISettlementQuorum
    function settleEpoch(ITreasury.Settlement calldata settlement) external onlyRole(SOLO_ROLE) {
        _requireSolo(settlement.epoch);
        _passOn();
    }

    /// @inheritdoc ISettlementQuorum
    function repostRoot(uint64 epoch, bytes32, bytes32, uint128) external onlyRole(SOLO_ROLE) {
        _requireSolo(epoch);
        _passOn();
    }

    /// @inheritdoc ISettlementQuorum
    function claimMany(address[] calldata, uint256[] calldata, bytes32[] calldata, bool[] calldata) external {
        _passOn();
    }

    /// @inheritdoc ISettlementQuorum
    function signersOf(
        uint64 epoch
    ) public view returns (address[] memory validators, uint256[] memory stakesWei, uint256 neededWei) {
        (validators, stakesWei) = blockRewards.candidatesOf(epoch);
        // Without candidates, nobody opened it: an open epoch has some.
        if (validators.length == 0) (validators, stakesWei) = staking.activeStakes(epoch);
        uint256 totalWei;
        for (uint256 i = 0; i < stakesWei.length; ++i) totalWei += stakesWei[i];
        bool isReachable = totalWei != 0 && totalWei >= quorumFloorWei;
        neededWei = isReachable ? (totalWei * quorumBps + BPS - 1) / BPS : type(uint256).max;
    }

    /// @inheritdoc ISettlementQuorum
    function soloAllowedFrom(uint64 epoch) public view returns (uint256) {
        uint256 dueAt = staking.revealEnd(epoch);
        if (soloAfterSeconds == 0) return dueAt;
        (, , uint256 neededWei) = signersOf(epoch);
        if (neededWei == type(uint256).max) return dueAt;
        // A pause also kept the quorum from settling: that time does not count.
        uint256 mayPauseFrom = treasury.guardianMayPauseFrom();
        uint256 pauseEnd = mayPauseFrom == 0 ? 0 : mayPauseFrom - treasury.GUARDIAN_PAUSE_REST_SECONDS();
        return Math.max(dueAt, pauseEnd) + soloAfterSeconds;
    }

    /// @inheritdoc ISettlementQuorum
    function settlementDigest(ITreasury.Settlement calldata settlement) public view returns (bytes32) {
        // All fields are static: their ABI encoding is what EIP-712 hashes after the type.
        return _digestOf(keccak256(abi.encode(SETTLEMENT_TYPE, settlement)));
    }

    /// @inheritdoc ISettlementQuorum
    function repostDigest(
        uint64 epoch,
        bytes32 vetoedRoot,
        bytes32 root,
        bytes32 inputsHash,
        uint128 returned
    ) public view returns (bytes32) {
        return _digestOf(keccak256(abi.encode(REPOST_TYPE, epoch, vetoedRoot, root, inputsHash, returned)));
    }

    function _digestOf(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("ModernTensor"), keccak256("1"), block.chainid, address(treasury))
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Makes the same call to the Treasury, which has a function with the same signature.
    function _passOn() private {
        address(treasury).functionCall(msg.data);
    }

    function _requireSolo(uint64 epoch) private view {
        if (soloAfterSeconds == 0) return; // the Treasury refuses an epoch that is not due
        uint256 allowedFrom = soloAllowedFrom(epoch);
        if (block.timestamp < allowedFrom) revert SoloTooEarly(epoch, allowedFrom, block.timestamp);
    }

    function _requireQuorum(
        uint64 epoch,
        bytes32 digest,
        address[] calldata validators,
        uint256[] calldata positions,
        bytes[] calldata signatures
    ) private view returns (uint256 signedWei, uint256 neededWei) {
        uint256 count = validators.length;
        if (count != positions.length || count != signatures.length) {
            revert LengthMismatch(count, positions.length, signatures.length);
        }
        (signedWei, neededWei) = _weigh(epoch, validators, positions);
        _requireSignatures(digest, validators, signatures);
        if (signedWei < neededWei) revert QuorumMissing(signedWei, neededWei);
    }

    function _weigh(
        uint64 epoch,
        address[] calldata validators,
        uint256[] calldata positions
    ) private view returns (uint256 signedWei, uint256 neededWei) {
        address[] memory active;
        uint256[] memory stakesWei;
        (active, stakesWei, neededWei) = signersOf(epoch);
        address previous = address(0); // nobody's address
        for (uint256 i = 0; i < validators.length; ++i) {
            (address validator, uint256 position) = (validators[i], positions[i]);
            if (validator <= previous) revert NotAscending(validator, previous);
            if (position >= active.length || active[position] != validator) {
                revert NotASigner(validator, position, epoch);
            }
            previous = validator;
            // No overflow: these are parts of all stake, which is below the token's cap.
            unchecked {
                signedWei += stakesWei[position];
            }
        }
    }

    function _requireSignatures(
        bytes32 digest,
        address[] calldata validators,
        bytes[] calldata signatures
    ) private view {
        for (uint256 i = 0; i < validators.length; ++i) {
            (address validator, bytes calldata signature) = (validators[i], signatures[i]);
            address operator = _operatorOf(validator);
            // Zero, which is nobody's operator, if the signature is malformed.
            (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (signer == operator) continue;
            bool saysYes =
                operator.code.length != 0 &&
                    SignatureChecker.isValidERC1271SignatureNowCalldata(operator, digest, signature);
            if (!saysYes) revert WrongSignature(validator, operator);
        }
    }

    /// @dev `staking.operatorOf(validator)`. An active validator has registered, so this is never zero. Written by
    /// hand, because the compiler adds 300 gas to each call, a hundred times for a hundred signers.
    function _operatorOf(address validator) private view returns (address operator) {
        (address staking_, bytes4 selector) = (address(staking), IStakingViews.operatorOf.selector);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, validator)
            if iszero(staticcall(gas(), staking_, 0, 0x24, 0, 0x20)) {
                revert(0, 0)
            }
            operator := mload(0)
        }
    }
}
