// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Claims} from "./Claims.sol";
import {vm} from "../Vm.sol";

/// @notice Validators and delegators who come, move and leave, and slashes.
abstract contract Stakes is Claims {
    /// @dev What a person has with each validator is floored in at most five parts: stake, three exits, and what has matured.
    uint256 private constant ROUNDING_WEI = 5 * PEOPLE;

    mapping(address validator => mapping(uint64 epoch => uint256)) private _slashedBps;
    mapping(address validator => mapping(uint64 epoch => uint256)) private _indexBefore;

    function register(uint256 who, uint256 amount, uint256 commission) external {
        address person = _person(who);
        uint256 amountWei = 100 ether + _upTo(900 ether, amount);
        uint256 beforeWei = token.balanceOf(person);
        bytes memory call = abi.encodeCall(
            staking.registerValidator,
            (person, uint16(commission % 2_000), amountWei, type(uint256).max)
        );
        if (!_try(person, address(staking), call)) return;
        uint256 priceWei = beforeWei - token.balanceOf(person) - amountWei;
        _rule(priceWei >= 1 ether && priceWei <= 100 ether, "the price of registering is within its bounds");
        poolWei += priceWei;
        _stakes(person, amountWei);
    }

    function addStake(uint256 who, uint256 to, uint256 amount) external {
        (address person, address validator) = (_person(who), _person(to));
        uint256 amountWei = _upTo(300 ether, amount);
        bytes memory call =
            person == validator
                ? abi.encodeCall(staking.stake, (amountWei))
                : abi.encodeCall(staking.delegate, (validator, amountWei));
        if (_try(person, address(staking), call)) _stakes(person, amountWei);
    }

    function stakeForSomeone(uint256 who, uint256 account, uint256 to, uint256 amount) external {
        uint256 amountWei = _upTo(100 ether, amount);
        bytes memory call = abi.encodeCall(staking.stakeFor, (_person(account), _person(to), amountWei));
        if (_try(_person(who), address(staking), call)) _stakes(_person(account), amountWei);
    }

    function unstake(uint256 who, uint256 from, uint256 amount) external {
        uint256 amountWei = amount % 4 == 0 ? type(uint256).max : _upTo(400 ether, amount);
        _keepsWorth(_person(who), abi.encodeCall(staking.unstake, (_person(from), amountWei)));
    }

    function redelegate(uint256 who, uint256 from, uint256 to, uint256 amount) external {
        uint256 amountWei = amount % 4 == 0 ? type(uint256).max : _upTo(200 ether, amount);
        _keepsWorth(_person(who), abi.encodeCall(staking.redelegate, (_person(from), _person(to), amountWei)));
    }

    function withdraw(uint256 who, uint256 from) external {
        address person = _person(who);
        (uint256 beforeWei, uint256 heldWei) = (token.balanceOf(person), token.balanceOf(address(staking)));
        if (!_try(person, address(staking), abi.encodeCall(staking.withdraw, (_person(from))))) return;
        uint256 amountWei = token.balanceOf(person) - beforeWei;
        _rule(heldWei - token.balanceOf(address(staking)) == amountWei, "what leaves Staking reaches its owner");
        stakingWei -= amountWei;
        withdrawnWei[person] += amountWei;
    }

    function unjail(uint256 who) external {
        _try(_person(who), address(staking), abi.encodeCall(staking.unjail, ()));
    }

    function slash(uint256 who, uint256 whom, uint256 fraction) external {
        if (time < genesis) return;
        address sender = who % 2 == 0 ? ADMIN : _anyone(who);
        (address validator, uint64 epoch) = (_person(whom), _epoch());
        // Mostly small ones, and now and then all that the cap allows and a bit more.
        uint256 bps = fraction % 16 == 0 ? SLASH_CAP_BPS + (fraction % 32) / 16 : 1 + (fraction % 1_500);
        vm.warp(time);
        uint256[PEOPLE] memory before = _worths();
        uint256 heldWei = token.balanceOf(address(staking));
        uint256 index = staking.indexAt(validator, epoch);
        if (!_try(sender, address(staking), abi.encodeCall(staking.slash, (validator, bps, 0)))) return;
        _rule(sender == ADMIN, "nobody slashes but slashers");
        uint256 slashedWei = heldWei - token.balanceOf(address(staking));
        (stakingWei, poolWei) = (stakingWei - slashedWei, poolWei + slashedWei);
        _boundSlash(validator, epoch, bps, index);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            uint256 mostWei = (before[i] * bps) / BPS + ROUNDING_WEI;
            _rule(stakedWei(people[i]) + mostWei >= before[i], "a slash takes its fraction of nobody's stake twice");
        }
    }

    function _boundSlash(address validator, uint64 epoch, uint256 bps, uint256 index) private {
        if (_indexBefore[validator][epoch] == 0) _indexBefore[validator][epoch] = index;
        _slashedBps[validator][epoch] += bps;
        _rule(_slashedBps[validator][epoch] <= SLASH_CAP_BPS, "slashes of an epoch stay within the cap");
        uint256 leastIndex = (_indexBefore[validator][epoch] * (BPS - SLASH_CAP_BPS)) / BPS;
        _rule(staking.indexAt(validator, epoch) >= leastIndex, "an epoch takes no more of stake than the cap");
    }

    /// @dev What a person moves within Staking is worth no more afterwards, but for what was lost to floors.
    function _keepsWorth(address person, bytes memory call) private {
        vm.warp(time);
        uint256 worthWei = stakedWei(person);
        if (!_try(person, address(staking), call)) return;
        _rule(stakedWei(person) <= worthWei + ROUNDING_WEI, "stake that moves or leaves gains nothing");
    }

    function _worths() private view returns (uint256[PEOPLE] memory worthsWei) {
        for (uint256 i = 0; i < PEOPLE; ++i) worthsWei[i] = stakedWei(people[i]);
    }
}
