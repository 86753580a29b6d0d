// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "../../contracts/interfaces/IEpochClock.sol";
import {IModernTensorToken} from "../../contracts/interfaces/IModernTensorToken.sol";
import {ITaskRegistry} from "../../contracts/interfaces/ITaskRegistry.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {RegistrationPrice} from "../../contracts/shared/RegistrationPrice.sol";
import {Staking} from "../../contracts/staking/Staking.sol";
import {ModernTensorToken} from "../../contracts/token/ModernTensorToken.sol";
import {RecyclingPool} from "../../contracts/token/RecyclingPool.sol";
import {SettlementQuorum} from "../../contracts/treasury/SettlementQuorum.sol";
import {Treasury} from "../../contracts/treasury/Treasury.sol";
import {BlockRewards} from "../../contracts/work/BlockRewards.sol";
import {ScoreBoard} from "../../contracts/work/ScoreBoard.sol";
import {TaskRegistry} from "../../contracts/work/TaskRegistry.sol";
import {vm} from "./Vm.sol";

/// @notice A whole deployment, as the Ignition module makes it, and the people who act on it.
abstract contract World {
    uint256 internal constant EPOCH_SECONDS = 200;
    uint256 internal constant REVEAL_SECONDS = 40;
    uint256 internal constant CLAIM_DELAY_SECONDS = 60;
    uint256 internal constant SOLO_AFTER_SECONDS = 600;
    uint256 internal constant BASE_REWARD_WEI = 1_000 ether;
    uint64 internal constant HALVING_INTERVAL = 4;
    uint16 internal constant MAX_DAO_SHARE_BPS = 2_000;
    uint16 internal constant QUORUM_BPS = 6_667;
    uint256 internal constant QUORUM_FLOOR_WEI = 500 ether;
    uint256 internal constant SLASH_CAP_BPS = 5_000;
    uint16 internal constant FEE_BURN_BPS = 4_999;
    uint256 internal constant BLOCK_REWARD_WEI = 3 ether;
    uint256 internal constant GENESIS_WEI = 10_000 ether;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant PEOPLE = 5;

    ModernTensorToken public immutable token;
    RecyclingPool public immutable pool;
    Staking public immutable staking;
    TaskRegistry public immutable taskRegistry;
    BlockRewards public immutable blockRewards;
    Treasury public immutable treasury;
    SettlementQuorum public immutable quorum;

    address internal constant ADMIN = address(0xA1);
    address internal constant KEEPER = address(0xA2);
    address internal constant GUARDIAN = address(0xA3);
    address internal constant DAO = address(0xA4);
    address internal constant STRANGER = address(0xA5);

    /// @dev Each may be a validator, a delegator, a miner and a client at once. Person i signs with key i + 1.
    address[PEOPLE] public people;
    uint256 internal immutable genesis;
    /// @dev The time at which the next action happens.
    uint256 public time;

    constructor() {
        time = block.timestamp + 10;
        genesis = time + 100;
        IModernTensorToken.GenesisAllocation[] memory allocations = new IModernTensorToken.GenesisAllocation[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            people[i] = vm.addr(i + 1);
            allocations[i] = IModernTensorToken.GenesisAllocation(people[i], GENESIS_WEI);
        }
        IEpochClock.ClockParameters memory clock = IEpochClock.ClockParameters(uint64(genesis), 10, 20, 4);
        RegistrationPrice.Parameters memory price = RegistrationPrice.Parameters(1 ether, 100 ether, 300);

        token = new ModernTensorToken(allocations, 21_000_000 ether);
        pool = new RecyclingPool(token);
        staking = new Staking(
            Staking.StakingParameters(clock, token, pool, ADMIN, 100 ether, 3, 1, SLASH_CAP_BPS, 3, 1, price)
        );
        taskRegistry = new TaskRegistry(clock, _taskParameters(price));
        ScoreBoard scoreBoard = new ScoreBoard(clock, staking, taskRegistry);
        blockRewards = new BlockRewards(clock, token, staking, scoreBoard, BLOCK_REWARD_WEI);
        treasury = new Treasury(clock, _treasuryParameters());
        quorum = new SettlementQuorum(
            treasury,
            blockRewards,
            QUORUM_BPS,
            QUORUM_FLOOR_WEI,
            uint32(SOLO_AFTER_SECONDS),
            ADMIN,
            KEEPER
        );
        _wire();
    }

    function _taskParameters(
        RegistrationPrice.Parameters memory price
    ) private view returns (ITaskRegistry.TaskRegistryParameters memory) {
        ITaskRegistry.TaskType[] memory types = new ITaskRegistry.TaskType[](1);
        types[0] = ITaskRegistry.TaskType(5_000, true, 1 ether, address(0), 0);
        ITaskRegistry.FeeRule memory fees = ITaskRegistry.FeeRule(0.1 ether, 0.1 ether, HALVING_INTERVAL);
        return
            ITaskRegistry.TaskRegistryParameters(
                token,
                pool,
                staking,
                FEE_BURN_BPS,
                fees,
                2,
                price,
                types,
                ADMIN,
                ADMIN
            );
    }

    function _treasuryParameters() private view returns (ITreasury.TreasuryParameters memory) {
        return
            ITreasury.TreasuryParameters({
                token: token,
                pool: pool,
                staking: staking,
                dao: DAO,
                baseRewardWei: BASE_REWARD_WEI,
                halvingIntervalEpochs: HALVING_INTERVAL,
                claimDelaySeconds: uint32(CLAIM_DELAY_SECONDS),
                maxDaoShareBps: MAX_DAO_SHARE_BPS,
                admin: ADMIN,
                keeper: address(this),
                guardian: GUARDIAN
            });
    }

    function _wire() private {
        address[] memory minters = new address[](2);
        uint256[] memory allowancesWei = new uint256[](2);
        (minters[0], allowancesWei[0]) = (address(treasury), 2 * BASE_REWARD_WEI * HALVING_INTERVAL);
        (minters[1], allowancesWei[1]) = (address(blockRewards), 10 * BLOCK_REWARD_WEI);
        token.wireMinters(minters, allowancesWei);
        pool.wire(address(treasury), address(staking), address(taskRegistry));
        bytes32 keeperRole = treasury.KEEPER_ROLE();
        bytes32 slasherRole = staking.SLASHER_ROLE();
        vm.prank(ADMIN);
        treasury.grantRole(keeperRole, address(quorum));
        treasury.renounceRole(keeperRole, address(this));
        vm.prank(ADMIN);
        staking.grantRole(slasherRole, ADMIN);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            for (uint256 j = 0; j < 3; ++j) {
                vm.prank(people[i]);
                token.approve([address(staking), address(taskRegistry), address(pool)][j], type(uint256).max);
            }
        }
    }

    /// @dev Calls as `sender`; a refusal is no failure of the test.
    function _try(address sender, address target, bytes memory data) internal returns (bool succeeded) {
        vm.warp(time);
        vm.prank(sender);
        (succeeded, ) = target.call(data);
    }

    function _person(uint256 seed) internal view returns (address) {
        return people[seed % PEOPLE];
    }

    /// @dev One of the people, or of those with a role, or someone with neither.
    function _anyone(uint256 seed) internal view returns (address) {
        uint256 choice = seed % (PEOPLE + 5);
        return choice < PEOPLE ? people[choice] : [ADMIN, KEEPER, GUARDIAN, DAO, STRANGER][choice - PEOPLE];
    }

    /// @dev 0 … `most`, and now and then exactly that.
    function _upTo(uint256 most, uint256 seed) internal pure returns (uint256) {
        if (seed % 8 == 0) return most;
        return (seed >> 3) % (most + 1);
    }

    function _epoch() internal view returns (uint64) {
        return time < genesis ? 0 : uint64((time - genesis) / EPOCH_SECONDS);
    }

    /// @dev The n-th number that a fuzzed one gives.
    function _die(uint256 seed, uint256 n) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, n)));
    }

    function _least(uint256 one, uint256 other) internal pure returns (uint256) {
        return one < other ? one : other;
    }
}
