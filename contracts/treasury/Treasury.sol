// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {EpochClock} from "../shared/EpochClock.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {IModernTensorToken} from "../interfaces/IModernTensorToken.sol";
import {IRecyclingPool} from "../interfaces/IRecyclingPool.sol";
import {IStaking} from "../interfaces/IStaking.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {LastingAdmin} from "../shared/LastingAdmin.sol";
import {RewardRoots} from "./RewardRoots.sol";

/// @title Treasury
/// @notice Executes one settlement per epoch within immutable bounds, and keeps everyone's rewards until claimed.
/// @dev Always:
/// - a settlement brings in exactly what it sends out, burns and promises: drawn + minted = emission = sum of its
///   parts; it never touches what earlier epochs promised. So balance >= everything promised by honest roots and not
///   yet paid;
/// - an account's `claimedWei` never falls, and rises by exactly what is paid to the account;
/// - nothing is payable, so several calls in one (`Multicall`) can't count a payment twice;
/// - each call writes all its changes here before a token moves. MDT can't call back and reverts on failure, so results
///   need no check and calls no guard.
contract Treasury is RewardRoots, EpochClock, LastingAdmin, Multicall {
    using SafeERC20 for IModernTensorToken;

    /// @dev One slot per account, read and written as a whole, so that a claim touches no other storage of the account.
    /// @param packed Upper 160 bits: the account's recipient; zero for the account itself, Staking if its rewards are
    /// staked. Lower 96 bits: the total paid to it so far, in wei; they suffice because nobody earns more than all
    /// ceilings together, which are below the token's cap and so below 2^96.
    struct ClaimRecord {
        uint256 packed;
    }

    /// @inheritdoc ITreasury
    bytes32 public constant KEEPER_ROLE = keccak256("KEEPER_ROLE");
    /// @inheritdoc ITreasury
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");
    /// @inheritdoc ITreasury
    uint256 public constant MAX_BURN_BPS = 7_000; // = 70 %
    uint256 private constant BPS = 10_000;
    uint256 private constant CLAIMED_BITS = 96;
    /// @dev Gas for staking an account's rewards: several times what it takes.
    uint256 private constant AUTO_STAKE_GAS = 1_000_000;

    /// @inheritdoc IMinter
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
    /// @inheritdoc ITreasury
    uint16 public immutable maxDaoShareBps;

    mapping(address account => ClaimRecord) private _records;
    /// @dev The validator with which an account's rewards are staked, while Staking is its recipient.
    mapping(address account => address validator) private _autoStake;

    constructor(
        ClockParameters memory clock,
        TreasuryParameters memory parameters
    ) EpochClock(clock) RewardRoots(parameters.claimDelaySeconds) {
        _requireAddress("token", address(parameters.token));
        _requireAddress("pool", address(parameters.pool));
        _requireAddress("staking", address(parameters.staking));
        _requireAddress("dao", parameters.dao);
        _requireAddress("admin", parameters.admin);
        _requireAddress("keeper", parameters.keeper);
        _requireAddress("guardian", parameters.guardian);
        uint256 maxSupplyWei = parameters.token.MAX_SUPPLY();
        if (parameters.baseRewardWei == 0 || parameters.baseRewardWei > maxSupplyWei) {
            revert BaseRewardOutOfRange(parameters.baseRewardWei);
        }
        if (parameters.halvingIntervalEpochs == 0) revert EmptyHalvingInterval();
        if (parameters.maxDaoShareBps > BPS) revert DaoShareOutOfRange(parameters.maxDaoShareBps);
        token = parameters.token;
        pool = parameters.pool;
        staking = parameters.staking;
        dao = parameters.dao;
        baseRewardWei = parameters.baseRewardWei;
        halvingIntervalEpochs = parameters.halvingIntervalEpochs;
        maxDaoShareBps = parameters.maxDaoShareBps;
        if (leastAllowanceWei() > maxSupplyWei) revert ScheduleAboveSupply(leastAllowanceWei(), maxSupplyWei);
        uint256 longestDelay = (epochStart(1) - epochStart(0)) / 2;
        if (parameters.claimDelaySeconds > longestDelay) {
            revert ClaimDelayTooLong(parameters.claimDelaySeconds, longestDelay);
        }
        _requireSameToken(parameters.pool.token());
        _requireSameToken(parameters.staking.token());
        _requireSameClock(parameters.staking);
        _grantRole(DEFAULT_ADMIN_ROLE, parameters.admin);
        _grantRole(KEEPER_ROLE, parameters.keeper);
        _grantRole(GUARDIAN_ROLE, parameters.guardian);
        // Staking takes only what its caller stakes, and the Treasury stakes nothing but claimed rewards.
        parameters.token.approve(address(parameters.staking), type(uint256).max);
    }

    // ------------------------------------------------------------------------------------------------ keeper

    /// @inheritdoc ITreasury
    function settleEpoch(Settlement calldata settlement) external onlyRole(KEEPER_ROLE) {
        (uint64 epoch, bytes32 root) = (settlement.epoch, settlement.rewardsRoot);
        _requireNext(epoch);
        uint256 dueAt = revealEnd(epoch);
        if (block.timestamp < dueAt) revert EpochNotDue(epoch, dueAt, block.timestamp);
        (uint128 rewardsWei, uint256 burnedWei) = _requireWithinBounds(settlement, emissionCeiling(epoch));
        _requireRootFor(epoch, root, rewardsWei);
        _postSettled(epoch, root, rewardsWei);
        (uint256 mintedWei, uint256 recycledWei) = _fund(settlement.emission, settlement.returned);
        if (burnedWei != 0) token.burn(burnedWei);
        if (settlement.daoShare != 0) token.safeTransfer(dao, settlement.daoShare);
        emit EpochSettled(epoch, settlement, mintedWei, recycledWei, token.totalSupply());
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
        bool isAdmin = hasRole(DEFAULT_ADMIN_ROLE, msg.sender);
        if (!isAdmin && !hasRole(GUARDIAN_ROLE, msg.sender)) revert NotGuardianOrAdmin(msg.sender);
        _pause(isAdmin);
    }

    /// @inheritdoc ITreasury
    function unpause() external {
        if (_pauseHasNoEnd() || !hasRole(GUARDIAN_ROLE, msg.sender)) _checkRole(DEFAULT_ADMIN_ROLE);
        _unpause();
    }

    // ------------------------------------------------------------------------------------------------ anyone

    /// @inheritdoc ITreasury
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external {
        _requireClaimable(_rootOf(_leafOf(account, cumulative), proof));
        (uint256 amountWei, address recipient) = _recordClaim(account, cumulative);
        if (amountWei == 0) revert NothingToClaim(account, cumulative, claimedOf(account));
        // The same as `_pay`, which would cost each claim 60 gas more.
        if (recipient == address(staking)) return _stakeOrPay(account, amountWei, cumulative);
        emit Claimed(account, recipient, amountWei, cumulative);
        token.safeTransfer(recipient, amountWei);
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
            leaves[i] = _leafOf(accounts[i], cumulatives[i]);
        }
        _requireClaimable(MerkleProof.processMultiProofCalldata(proof, proofFlags, leaves));
        for (uint256 i = 0; i < accounts.length; ++i) {
            _pay(accounts[i], cumulatives[i]);
        }
    }

    /// @inheritdoc ITreasury
    function claimAndStake(uint256 cumulative, bytes32[] calldata proof, address validator) external {
        _requireClaimable(_rootOf(_leafOf(msg.sender, cumulative), proof));
        (uint256 amountWei, ) = _recordClaim(msg.sender, cumulative);
        if (amountWei == 0) revert NothingToClaim(msg.sender, cumulative, claimedOf(msg.sender));
        emit Claimed(msg.sender, address(staking), amountWei, cumulative);
        staking.stakeFor(msg.sender, validator, amountWei);
    }

    /// @inheritdoc ITreasury
    function setClaimRecipient(address recipient) external {
        if (recipient == address(this) || recipient == address(staking)) revert InvalidRecipient(recipient);
        _setRecipient(recipient);
    }

    /// @inheritdoc ITreasury
    function setAutoStake(address validator) external {
        _autoStake[msg.sender] = validator;
        _setRecipient(validator == address(0) ? validator : address(staking));
        emit AutoStakeSet(msg.sender, validator);
    }

    // ------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ITreasury
    function claimRecipientOf(address account) external view returns (address) {
        return _recipientOf(account, _records[account].packed);
    }

    /// @inheritdoc ITreasury
    function autoStakeValidatorOf(address account) external view returns (address) {
        bool isStaked = _recipientOf(account, _records[account].packed) == address(staking);
        return isStaked ? _autoStake[account] : address(0);
    }

    /// @inheritdoc ITreasury
    function claimedOf(address account) public view returns (uint256) {
        return uint96(_records[account].packed);
    }

    /// @inheritdoc IMinter
    /// @dev The whole schedule: interval · (base + base / 2 + base / 4 + …), so that the minting allowance never binds.
    function leastAllowanceWei() public view returns (uint256) {
        return 2 * baseRewardWei * halvingIntervalEpochs;
    }

    /// @inheritdoc ITreasury
    function emissionCeiling(uint64 epoch) public view returns (uint256) {
        return baseRewardWei >> (epoch / halvingIntervalEpochs);
    }

    // ------------------------------------------------------------------------------------- settlement, internal

    /// @dev Reverts unless the amounts are within the schedule, add up, burn no more than 70 %, and pay the DAO no more
    /// than its maximum.
    function _requireWithinBounds(
        Settlement calldata settlement,
        uint256 ceiling
    ) private view returns (uint128 rewardsWei, uint256 burnedWei) {
        uint256 emission = settlement.emission;
        if (emission > ceiling) revert EmissionAboveCeiling(emission, ceiling);
        uint256 rewards;
        uint256 sumOfParts;
        uint256 burnLimit;
        uint256 daoLimit;
        // 256 bits: sums and products of a few amounts of 128 bits can't overflow into a match.
        unchecked {
            burnedWei = uint256(settlement.burnedUnmetQuota) + settlement.burnedQualityPenalty;
            rewards = uint256(settlement.minerRewards) + settlement.validatorRewards;
            sumOfParts = burnedWei + rewards + settlement.daoShare + settlement.returned;
            burnLimit = (emission * MAX_BURN_BPS) / BPS;
            daoLimit = (emission * maxDaoShareBps) / BPS;
        }
        if (sumOfParts != emission) revert PartsMismatch(sumOfParts, emission);
        if (burnedWei > burnLimit) revert BurnAboveLimit(burnedWei, burnLimit);
        if (settlement.daoShare > daoLimit) revert DaoShareAboveLimit(settlement.daoShare, daoLimit);
        rewardsWei = uint128(rewards); // a part of the emission
    }

    /// @dev Brings in `emissionWei`, recycled tokens first, and gives `returnedWei` of it back: if more is drawn than
    /// returned, the pool sends the difference; otherwise it gets the difference from here.
    function _fund(uint256 emissionWei, uint256 returnedWei) private returns (uint256 mintedWei, uint256 recycledWei) {
        recycledWei = pool.draw(emissionWei, returnedWei);
        mintedWei = emissionWei - recycledWei;
        if (mintedWei != 0) token.mint(address(this), mintedWei);
        if (returnedWei > recycledWei) token.safeTransfer(address(pool), returnedWei - recycledWei);
    }

    // ------------------------------------------------------------------------------------------ claims, internal

    /// @dev Raises the total paid to `account` to `cumulative`; `amountWei` is the increase, zero if that was paid
    /// before.
    function _recordClaim(address account, uint256 cumulative) private returns (uint256 amountWei, address recipient) {
        ClaimRecord storage record = _records[account];
        uint256 packed = record.packed;
        recipient = _recipientOf(account, packed);
        uint256 claimedWei = uint96(packed);
        if (cumulative <= claimedWei) return (0, recipient);
        if (cumulative > type(uint96).max) revert CumulativeTooLarge(account, cumulative);
        // claimed < cumulative < 2^96: the difference is positive, and the sum can't reach the recipient's bits.
        unchecked {
            amountWei = cumulative - claimedWei;
            record.packed = packed + amountWei;
        }
    }

    /// @dev Pays `account` the unpaid part of `cumulative`, if any. Staking as the recipient marks an account whose
    /// rewards are staked, so all others pay only for a comparison and read no further slot.
    function _pay(address account, uint256 cumulative) private {
        (uint256 amountWei, address recipient) = _recordClaim(account, cumulative);
        if (amountWei == 0) return;
        if (recipient == address(staking)) return _stakeOrPay(account, amountWei, cumulative);
        emit Claimed(account, recipient, amountWei, cumulative);
        token.safeTransfer(recipient, amountWei);
    }

    /// @dev Stakes `amountWei`, or pays the account itself: no revert of Staking ends the caller's batch. The sender of
    /// a claim chooses its gas, and an inner call gets at most 63/64 of the gas left. So a failure counts only if it
    /// can't be for lack of gas. A call that fails for lack of gas leaves a 64th here and a 64th of Staking's own: less
    /// than a 63rd of `AUTO_STAKE_GAS`, because Staking needs less than a fourth of it. Then everything reverts.
    function _stakeOrPay(address account, uint256 amountWei, uint256 cumulative) private {
        address validator = _autoStake[account];
        (, , , , bool isJailed, ) = staking.validatorAt(validator, nextEpoch());
        if (!isJailed) {
            try staking.stakeFor{gas: AUTO_STAKE_GAS}(account, validator, amountWei) {
                emit Claimed(account, address(staking), amountWei, cumulative);
                return;
            } catch {
                if (gasleft() < AUTO_STAKE_GAS / 63) revert TooLittleGas(AUTO_STAKE_GAS);
            }
        }
        emit Claimed(account, account, amountWei, cumulative);
        token.safeTransfer(account, amountWei);
    }

    function _setRecipient(address recipient) private {
        _records[msg.sender].packed = (uint256(uint160(recipient)) << CLAIMED_BITS) | claimedOf(msg.sender);
        emit ClaimRecipientSet(msg.sender, recipient);
    }

    function _recipientOf(address account, uint256 packed) private pure returns (address recipient) {
        recipient = address(uint160(packed >> CLAIMED_BITS));
        if (recipient == address(0)) recipient = account;
    }

    function _requireSameToken(IModernTensorToken other) private view {
        if (other != token) revert TokenMismatch(address(other), address(token));
    }

    function _requireAddress(string memory parameter, address value) private view {
        if (value == address(0) || value == address(this)) revert InvalidAddress(parameter, value);
    }
}
