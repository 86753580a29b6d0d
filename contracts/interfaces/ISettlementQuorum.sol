// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBlockRewards} from "./IBlockRewards.sol";
import {IStaking} from "./IStaking.sol";
import {ITreasury} from "./ITreasury.sol";

/// @title SettlementQuorum: validators sign settlements, and anyone may send them
/// @notice Holds the Treasury's `KEEPER_ROLE`. An epoch is settled, or a vetoed root reposted, when validators with
/// at least `quorumBps` of the epoch's active stake have signed exactly that. Nothing depends on the sender.
///
/// *What is signed.* EIP-712 data of the domain ("ModernTensor", "1", chain, Treasury):
/// - `Settlement`, with the fields of `ITreasury.Settlement` in their order;
/// - `Repost(uint64 epoch,bytes32 vetoedRoot,bytes32 root,bytes32 inputsHash,uint128 returned)`.
/// Nobody is slashed for two signatures: after a veto, or after fixing a faulty node, honest validators sign again, and
/// the Treasury accepts one settlement per epoch anyway.
///
/// *Whose signature counts.* A validator's operator signs, as `IStaking.operatorOf` names it at the time of the call;
/// the owner's signature counts only if the owner is its own operator. An operator with code can sign by ERC-1271.
///
/// *What it weighs.* The stakes that `IBlockRewards.openEpoch` froze for the settled epoch, or, if nobody opened it,
/// `IStaking.activeStakes`. Later slashes do not change these weights, because the stake that did the epoch's work is
/// responsible for its result. All slashes of a validator in one epoch take at most `IStaking.slashCapBps` (c) of what
/// it had: if frozen weights are used in the k-th epoch, counting the settled one as the first (k = 2 in the epoch
/// after it, in which it is due), a validator still has at least r = (1 − c)^k of its weight, and signers with a part q
/// of the frozen stake have at least q·r / (1 − q + q·r) of what is left. On the reference network (c = 50 %, q =
/// 66.67 %): at least a quarter of its weight, and at least a third of the stake, which is reached only if every
/// signer, and nobody else, was slashed to the cap twice. If nobody opened the epoch, its own slashes count in full,
/// and k counts from the epoch after it.
///
/// *Solo.* If all active stake of the epoch is below `quorumFloorWei` (epoch 0, a young network), too little is at risk
/// for a quorum to be meaningful: a holder of `SOLO_ROLE` may settle at once. Otherwise only from `soloAfterSeconds`
/// after the epoch was due, so that a network whose validators have disappeared continues. Bounds, claim delay and veto
/// still apply. A guardian's pause also keeps the quorum from settling, so the waiting time starts again when it ends:
/// a stolen guardian key can't run the time down for a stolen solo key. An admin's pause does not restart the waiting
/// time: before ending a long pause, the admin should revoke the role of a solo key that may be stolen.
///
/// *Paying in the same transaction.* `multicall` takes a settlement and `claimMany` together.
interface ISettlementQuorum {
    // ------------------------------------------------------------------------------------------------------- events

    /// @notice `validators`, with `signedWei` of the epoch's active stake, signed the settlement of `epoch`;
    /// `neededWei` was needed. An epoch without this event was settled alone.
    event SettlementSigned(uint64 indexed epoch, address[] validators, uint256 signedWei, uint256 neededWei);
    /// @notice `validators` signed the repost of `root` for `epoch`, whose root was vetoed.
    event RepostSigned(uint64 indexed epoch, bytes32 root, address[] validators, uint256 signedWei, uint256 neededWei);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice `value` is not valid for this constructor parameter.
    error InvalidAddress(string parameter, address value);
    /// @notice A quorum must be more than half of the stake, and at most all of it.
    error QuorumOutOfRange(uint256 quorumBps);
    /// @notice Each validator needs one signature and one position.
    error LengthMismatch(uint256 validators, uint256 positions, uint256 signatures);
    /// @notice Validators must be in strictly ascending order of their owners' addresses.
    error NotAscending(address validator, address after_);
    /// @notice `validator` is not at this position of `signersOf`: it was not active in the epoch, or has another
    /// position.
    error NotASigner(address validator, uint256 position, uint64 epoch);
    /// @notice The signature is not by `operator`, the operator of `validator`, over exactly this data.
    error WrongSignature(address validator, address operator);
    /// @notice The signers hold only `signedWei` of the epoch's active stake, and `neededWei` is needed.
    error QuorumMissing(uint256 signedWei, uint256 neededWei);
    /// @notice A quorum can still settle the epoch: a holder of `SOLO_ROLE` may settle it alone from
    /// `allowedFrom` (unix seconds).
    error SoloTooEarly(uint64 epoch, uint256 allowedFrom, uint256 timestamp);
    /// @notice This repost was already made: if its root was vetoed too, the same signatures don't count a second time.
    error RepostUsed(bytes32 digest);

    // ------------------------------------------------------------------------------------------------------ actions

    /// @notice Settles an epoch that a quorum of its stake has signed.
    /// @dev Who: anyone. Requirements, checked in this order: the epoch is the next one and due; one position and
    /// signature per validator; validators ascend strictly; each is at its position in `signersOf`; each signature is
    /// by the validator's operator; together they hold at least the quorum, and all active stake is at least
    /// `quorumFloorWei`.
    /// Effects: emits `SettlementSigned`; `ITreasury.settleEpoch`.
    /// Errors: `ITreasury.NotNextEpoch`, `ITreasury.EpochNotDue`, `LengthMismatch`, `NotAscending`, `NotASigner`,
    /// `WrongSignature`, `QuorumMissing`, those of `ITreasury.settleEpoch`.
    /// @param validators Owners' addresses.
    /// @param positions The position of each in `signersOf`.
    /// @param signatures r ‖ s ‖ v with v 27 or 28 and s in the lower half; for an operator with code, the bytes for
    /// its ERC-1271 check.
    function settleEpochSigned(
        ITreasury.Settlement calldata settlement,
        address[] calldata validators,
        uint256[] calldata positions,
        bytes[] calldata signatures
    ) external;

    /// @notice Posts another root for the newest settled epoch after a veto, signed by a quorum of that epoch's stake.
    /// @dev Who: anyone. Requirements: as for settling, but the Treasury checks the epoch; the same data only once.
    /// Effects: emits `RepostSigned`; `ITreasury.repostRoot`.
    /// Errors: `RepostUsed`, those of the signatures, those of `ITreasury.repostRoot`.
    /// @param vetoedRoot The vetoed root that the signers saw: it distinguishes several reposts of an epoch.
    function repostRootSigned(
        uint64 epoch,
        bytes32 vetoedRoot,
        bytes32 root,
        bytes32 inputsHash,
        uint128 returned,
        address[] calldata validators,
        uint256[] calldata positions,
        bytes[] calldata signatures
    ) external;

    /// @notice Settles an epoch without a quorum.
    /// @dev Who: a holder of `SOLO_ROLE`. Requirements: `soloAllowedFrom(epoch)` has come. If `soloAfterSeconds` is
    /// zero, no stakes are read. Effects: `ITreasury.settleEpoch`, and no event of this contract.
    /// Errors: `AccessControlUnauthorizedAccount`, `SoloTooEarly`, those of `ITreasury.settleEpoch`.
    function settleEpoch(ITreasury.Settlement calldata settlement) external;

    /// @notice Posts another root after a veto, without a quorum.
    /// @dev As `settleEpoch`; errors of `ITreasury.repostRoot`.
    function repostRoot(uint64 epoch, bytes32 root, bytes32 inputsHash, uint128 returned) external;

    /// @notice Passes the call on to `ITreasury.claimMany`, so that one `multicall` settles and pays.
    /// @dev Who: anyone. Errors: those of `ITreasury.claimMany`.
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external;

    // -------------------------------------------------------------------------------------------------------- views

    /// @notice The role that may settle without a quorum, once that is allowed.
    function SOLO_ROLE() external view returns (bytes32);

    /// @notice The Treasury that is settled.
    function treasury() external view returns (ITreasury);

    /// @notice The contract with the validators' stake.
    function staking() external view returns (IStaking);

    /// @notice The contract that froze the stakes of each epoch.
    function blockRewards() external view returns (IBlockRewards);

    /// @notice The part of the active stake that must sign, in basis points.
    function quorumBps() external view returns (uint16);

    /// @notice The active stake below which there is no quorum.
    function quorumFloorWei() external view returns (uint256);

    /// @notice Seconds that a due epoch waits for a quorum before it may be settled alone.
    function soloAfterSeconds() external view returns (uint32);

    /// @notice The validators that may sign for `epoch` and their weights, in the order to which `positions` refer, and
    /// the stake that must sign; `neededWei` is `type(uint256).max` if all stake together is below the floor.
    function signersOf(
        uint64 epoch
    ) external view returns (address[] memory validators, uint256[] memory stakesWei, uint256 neededWei);

    /// @notice Unix seconds from which `epoch` may be settled alone: when it is due, if the stake is below the floor or
    /// there is no wait for a quorum; otherwise `soloAfterSeconds` after it was due, and after the end of the
    /// guardian's last pause.
    function soloAllowedFrom(uint64 epoch) external view returns (uint256);

    /// @notice The EIP-712 digest of a settlement, which validators sign.
    function settlementDigest(ITreasury.Settlement calldata settlement) external view returns (bytes32);

    /// @notice The EIP-712 digest of a repost.
    function repostDigest(
        uint64 epoch,
        bytes32 vetoedRoot,
        bytes32 root,
        bytes32 inputsHash,
        uint128 returned
    ) external view returns (bytes32);
}
