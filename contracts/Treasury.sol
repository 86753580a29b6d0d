// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EpochClock} from "./EpochClock.sol";
import {IModernTensorToken} from "./interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "./interfaces/IRecyclingPool.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {RewardRoots} from "./RewardRoots.sol";

/// @title Treasury
/// @notice Executes one settlement per epoch within immutable bounds, and keeps everybody's rewards until claimed.
/// @dev Always:
/// - a settlement brings in exactly what it sends out, burns and promises: drawn + minted = emission = sum of its parts;
///   it never touches what earlier epochs promised. So balance >= everything promised by honest roots and not yet paid;
/// - an account's `claimedWei` never falls, and what is paid to it is exactly what `claimedWei` rises by;
/// - nothing is payable, so several calls in one (`Multicall`) can't count a payment twice;
/// - before a token moves, everything that the call changes here is written. MDT can't call back and reverts on failure:
///   its results need no check and no guard.
contract Treasury is RewardRoots, EpochClock, AccessControlEnumerable, Multicall {
    /// @dev One slot: a claim reads and writes no other storage of the account.
    /// @param recipient Where the account is paid; zero stands for the account itself.
    /// @param claimedWei What it was paid in all; below 2^96 because the token's cap is.
    struct Account {
        address recipient;
        uint96 claimedWei;
    }

    /// @inheritdoc ITreasury
    bytes32 public constant KEEPER_ROLE = keccak256("KEEPER_ROLE");
    /// @inheritdoc ITreasury
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");
    /// @inheritdoc ITreasury
    uint256 public constant MAX_BURN_BPS = 7_000; // = 70 %
    uint256 private constant BPS = 10_000;

    /// @inheritdoc ITreasury
    IModernTensorToken public immutable token;
    /// @inheritdoc ITreasury
    IRecyclingPool public immutable pool;
    /// @inheritdoc ITreasury
    IStaking public immutable staking;
    /// @inheritdoc ITreasury
    address public immutable dao;
    /// @inheritdoc ITreasury
    uint256 public immutable baseRewardWei;
    /// @inheritdoc ITreasury
    uint64 public immutable halvingIntervalEpochs;

    mapping(address account => Account) private _accounts;

    constructor(
        ClockParameters memory clock,
        TreasuryParameters memory parameters
    ) EpochClock(clock) RewardRoots(parameters.claimDelaySeconds) {
        if (parameters.baseRewardWei == 0 || parameters.baseRewardWei > type(uint128).max) {
            revert BaseRewardOutOfRange(parameters.baseRewardWei);
        }
        if (parameters.halvingIntervalEpochs == 0) revert EmptyHalvingInterval();
        _requireAddress("token", address(parameters.token));
        _requireAddress("pool", address(parameters.pool));
        _requireAddress("staking", address(parameters.staking));
        _requireAddress("dao", parameters.dao);
        _requireAddress("admin", parameters.admin);
        _requireAddress("keeper", parameters.keeper);
        _requireAddress("guardian", parameters.guardian);
        token = parameters.token;
        pool = parameters.pool;
        staking = parameters.staking;
        dao = parameters.dao;
        baseRewardWei = parameters.baseRewardWei;
        halvingIntervalEpochs = parameters.halvingIntervalEpochs;
        IModernTensorToken poolToken = parameters.pool.token();
        if (poolToken != parameters.token) revert TokenMismatch(address(poolToken), address(parameters.token));
        _requireSameClock(parameters.staking);
        _grantRole(DEFAULT_ADMIN_ROLE, parameters.admin);
        _grantRole(KEEPER_ROLE, parameters.keeper);
        _grantRole(GUARDIAN_ROLE, parameters.guardian);
        // Staking takes only what its caller hands to it, and the Treasury calls it from `claimAndStake` alone.
        parameters.token.approve(address(parameters.staking), type(uint256).max);
    }

    // ------------------------------------------------------------------------------------------------ keeper

    /// @inheritdoc ITreasury
    function settleEpoch(Settlement calldata settlement) external onlyRole(KEEPER_ROLE) {
        _requireNotPaused();
        _requireDue(settlement.epoch);
        _requireWithinBounds(settlement);
        uint128 rewardsWei = settlement.minerRewards + settlement.validatorRewards;
        _requireRootFor(settlement.epoch, settlement.rewardsRoot, rewardsWei);
        _postSettled(settlement.epoch, settlement.rewardsRoot, rewardsWei);
        (uint256 mintedWei, uint256 recycledWei) = _fund(settlement.emission, settlement.returned);
        _burnAndPayDao(settlement);
        emit EpochSettled(settlement.epoch, settlement, mintedWei, recycledWei, token.totalSupply());
    }

    /// @inheritdoc ITreasury
    function repostRoot(
        uint64 epoch,
        bytes32 root,
        bytes32 inputsHash,
        uint128 returned
    ) external onlyRole(KEEPER_ROLE) {
        _requireNotPaused();
        _postAgain(epoch, root, returned);
        emit RootReposted(epoch, root, inputsHash, returned);
        _fund(0, returned);
    }

    // ----------------------------------------------------------------------------------------- guardian, admin

    /// @inheritdoc ITreasury
    function vetoRoot(uint64 epoch) external onlyRole(GUARDIAN_ROLE) {
        _removeRoots(epoch);
    }

    /// @inheritdoc ITreasury
    function pause() external {
        if (!hasRole(GUARDIAN_ROLE, msg.sender) && !hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) {
            revert NotGuardianOrAdmin(msg.sender);
        }
        _pause();
    }

    /// @inheritdoc ITreasury
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    // ------------------------------------------------------------------------------------------------ anyone

    /// @inheritdoc ITreasury
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external {
        Account memory record = _requireProven(account, cumulative, proof);
        _recordClaim(account, cumulative);
        _pay(account, record, cumulative);
    }

    /// @inheritdoc ITreasury
    function claimMany(
        address[] calldata accounts,
        uint256[] calldata cumulatives,
        bytes32[] calldata proof,
        bool[] calldata proofFlags
    ) external {
        if (accounts.length == 0) revert EmptyBatch();
        if (accounts.length != cumulatives.length) revert BatchLengthMismatch(accounts.length, cumulatives.length);
        bytes32[] memory leaves = new bytes32[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            leaves[i] = _leaf(accounts[i], cumulatives[i]);
        }
        _requireClaimable(MerkleProof.processMultiProofCalldata(proof, proofFlags, leaves));
        for (uint256 i = 0; i < accounts.length; ++i) {
            Account memory record = _accounts[accounts[i]];
            if (cumulatives[i] <= record.claimedWei) continue;
            _recordClaim(accounts[i], cumulatives[i]);
            _pay(accounts[i], record, cumulatives[i]);
        }
    }

    /// @inheritdoc ITreasury
    function claimAndStake(uint256 cumulative, bytes32[] calldata proof, address validator) external {
        Account memory record = _requireProven(msg.sender, cumulative, proof);
        _recordClaim(msg.sender, cumulative);
        uint256 amountWei = cumulative - record.claimedWei;
        emit Claimed(msg.sender, address(staking), amountWei, cumulative);
        staking.stakeFor(msg.sender, validator, amountWei);
    }

    /// @inheritdoc ITreasury
    function setClaimRecipient(address recipient) external {
        if (recipient == address(this)) revert InvalidRecipient(recipient);
        _accounts[msg.sender].recipient = recipient;
        emit ClaimRecipientSet(msg.sender, recipient);
    }

    // ------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ITreasury
    function claimedOf(address account) external view returns (uint256) {
        return _accounts[account].claimedWei;
    }

    /// @inheritdoc ITreasury
    function claimRecipientOf(address account) external view returns (address) {
        return _recipientOf(account, _accounts[account]);
    }

    /// @inheritdoc ITreasury
    function emissionCeiling(uint64 epoch) public view returns (uint256) {
        return baseRewardWei >> (epoch / halvingIntervalEpochs);
    }

    // ------------------------------------------------------------------------------------- settlement, internal

    /// @dev Reverts unless the reveal window of `epoch`, the next one, is over.
    function _requireDue(uint64 epoch) private view {
        uint64 nextEpoch = nextEpochToSettle();
        if (epoch != nextEpoch) revert NotNextEpoch(epoch, nextEpoch);
        uint256 dueAt = revealEnd(epoch);
        if (block.timestamp < dueAt) revert EpochNotDue(epoch, dueAt, block.timestamp);
    }

    /// @dev Reverts unless the amounts are within the schedule, add up, and burn no more than 70 %. Sums are 256 bits
    /// wide, so parts of 128 bits can't overflow into a match.
    function _requireWithinBounds(Settlement calldata settlement) private view {
        uint256 emission = settlement.emission;
        uint256 ceiling = emissionCeiling(settlement.epoch);
        if (emission > ceiling) revert EmissionAboveCeiling(emission, ceiling);
        uint256 burned = _burnedWei(settlement);
        uint256 sumOfParts =
            burned + settlement.minerRewards + settlement.validatorRewards + settlement.daoShare + settlement.returned;
        if (sumOfParts != emission) revert PartsMismatch(sumOfParts, emission);
        uint256 burnLimit = (emission * MAX_BURN_BPS) / BPS;
        if (burned > burnLimit) revert BurnAboveLimit(burned, burnLimit);
    }

    /// @dev Brings in `emissionWei`, recycled tokens first, and gives `returnedWei` of it back: the pool nets the two when
    /// more is drawn than returned, and gets the difference from here when it is the other way round.
    function _fund(uint256 emissionWei, uint256 returnedWei) private returns (uint256 mintedWei, uint256 recycledWei) {
        recycledWei = pool.draw(emissionWei, returnedWei);
        mintedWei = emissionWei - recycledWei;
        if (mintedWei != 0) token.mint(address(this), mintedWei);
        if (returnedWei > recycledWei) token.transfer(address(pool), returnedWei - recycledWei);
    }

    function _burnAndPayDao(Settlement calldata settlement) private {
        uint256 burned = _burnedWei(settlement);
        if (burned != 0) token.burn(burned);
        if (settlement.daoShare != 0) token.transfer(dao, settlement.daoShare);
    }

    function _burnedWei(Settlement calldata settlement) private pure returns (uint256) {
        return uint256(settlement.burnedUnmetQuota) + settlement.burnedQualityPenalty;
    }

    // ------------------------------------------------------------------------------------------ claims, internal

    /// @dev Reverts unless the proof is good and something is left; returns the account's record as it was before.
    function _requireProven(
        address account,
        uint256 cumulative,
        bytes32[] calldata proof
    ) private view returns (Account memory record) {
        _requireClaimable(MerkleProof.processProofCalldata(proof, _leaf(account, cumulative)));
        record = _accounts[account];
        if (cumulative <= record.claimedWei) revert NothingToClaim(account, cumulative, record.claimedWei);
    }

    function _recordClaim(address account, uint256 cumulative) private {
        _accounts[account].claimedWei = SafeCast.toUint96(cumulative);
    }

    /// @dev Pays what `cumulative` is above `record`, the account's record before this claim.
    function _pay(address account, Account memory record, uint256 cumulative) private {
        address recipient = _recipientOf(account, record);
        uint256 amountWei = cumulative - record.claimedWei;
        emit Claimed(account, recipient, amountWei, cumulative);
        token.transfer(recipient, amountWei);
    }

    function _recipientOf(address account, Account memory record) private pure returns (address) {
        return record.recipient == address(0) ? account : record.recipient;
    }

    /// @dev Hashed twice, so no inner node of a tree (64 bytes, hashed once) can pass for a leaf.
    function _leaf(address account, uint256 cumulative) private view returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(block.chainid, address(this), account, cumulative))));
    }

    function _requireAddress(string memory parameter, address value) private view {
        if (value == address(0) || value == address(this)) revert InvalidAddress(parameter, value);
    }
}
