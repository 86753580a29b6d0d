// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Guarding} from "./Guarding.sol";

/// @notice Claims for the first people, from any root that was ever proposed, with true and with false leaves.
abstract contract Claims is Guarding {
    /// @notice What each of the people was paid in all.
    mapping(address account => uint256) public paidWei;
    /// @notice Whether someone was paid more than it had earned, as a silent guardian allows.
    bool public wasRobbed;
    /// @dev Where an account is paid: zero for itself, Staking where its rewards are staked.
    mapping(address account => address) private _recipientOf;

    function claim(uint256 who, uint256 which, uint256 lie) external {
        if (roots.length == 0) return;
        _letMature(which);
        (uint256 earner, bytes32 root) = (who % EARNERS, _someRoot(which));
        address account = people[earner];
        uint256 cumulativeWei = cumulativesWei[root][earner];
        bytes32[] memory proof = _proofOf(root, earner);
        bool isTrue = lie % 4 != 0;
        if (lie % 12 == 0) cumulativeWei += 1;
        else if (lie % 12 == 4) account = people[(earner + 1) % PEOPLE];
        else if (lie % 12 == 8) proof[0] = bytes32(lie);
        bool mayClaim = isTrue && _isPayable(root, cumulativeWei - _least(cumulativeWei, paidWei[account]));
        Balances memory before = _balances(account);
        bytes memory call = abi.encodeCall(treasury.claim, (account, cumulativeWei, proof));
        bool succeeded = _try(_anyone(lie), address(treasury), call);
        _rule(succeeded == mayClaim, "what a claimable root says is claimed once, and nothing else");
        if (!succeeded || !mayClaim) return;
        _bookClaim(earner, cumulativeWei, before);
    }

    function claimForAll(uint256 who, uint256 which) external {
        if (roots.length == 0) return;
        _letMature(which);
        bytes32 root = _someRoot(which);
        (address[] memory accounts, uint256[] memory cumulatives) = (new address[](EARNERS), new uint256[](EARNERS));
        uint256 unpaidWei;
        uint256 unpaidStakersWei;
        for (uint256 i = 0; i < EARNERS; ++i) {
            (accounts[i], cumulatives[i]) = (people[i], cumulativesWei[root][i]);
            uint256 amountWei = cumulatives[i] - _least(cumulatives[i], paidWei[people[i]]);
            unpaidWei += amountWei;
            if (_recipientOf[people[i]] == address(staking)) unpaidStakersWei += amountWei;
        }
        bool[] memory flags = new bool[](EARNERS - 1);
        (flags[0], flags[1], flags[2]) = (true, true, true);
        uint256 stakedBeforeWei = token.balanceOf(address(staking));
        bytes memory call = abi.encodeCall(treasury.claimMany, (accounts, cumulatives, new bytes32[](0), flags));
        address target = who % 2 == 0 ? address(treasury) : address(quorum);
        bool succeeded = _try(_anyone(who), target, call);
        bool mayClaim = _isClaimable(root) && unpaidWei <= treasuryWei;
        _rule(succeeded == mayClaim, "all are paid together what a claimable root says");
        if (!succeeded || !mayClaim) return;
        uint256 newStakeWei = token.balanceOf(address(staking)) - stakedBeforeWei;
        _rule(newStakeWei <= unpaidStakersWei, "only the rewards of those who asked for it are staked");
        treasuryWei -= unpaidWei;
        stakingWei += newStakeWei;
        for (uint256 i = 0; i < EARNERS; ++i) {
            uint256 amountWei = cumulatives[i] - _least(cumulatives[i], paidWei[people[i]]);
            if (_recipientOf[people[i]] == address(staking)) depositedWei[people[i]] += amountWei;
            _pays(i, amountWei);
        }
    }

    function claimAndStake(uint256 who, uint256 which, uint256 with) external {
        if (roots.length == 0) return;
        _letMature(which);
        (uint256 earner, bytes32 root) = (who % EARNERS, _someRoot(which));
        address account = people[earner];
        uint256 cumulativeWei = cumulativesWei[root][earner];
        uint256 amountWei = cumulativeWei - _least(cumulativeWei, paidWei[account]);
        bytes32[] memory proof = _proofOf(root, earner);
        bytes memory call = abi.encodeCall(treasury.claimAndStake, (cumulativeWei, proof, _person(with)));
        if (!_try(account, address(treasury), call)) return;
        _rule(_isPayable(root, amountWei), "what a claimable root says is staked once, and nothing else");
        treasuryWei -= _least(amountWei, treasuryWei);
        _stakes(account, amountWei);
        _pays(earner, amountWei);
    }

    function choosePayment(uint256 who, uint256 where) external {
        address account = people[who % EARNERS];
        bool isStaked = where % 3 == 0;
        address recipient = where % 3 == 1 ? address(0) : _person(where / 3);
        bytes memory call =
            isStaked
                ? abi.encodeCall(treasury.setAutoStake, (recipient))
                : abi.encodeCall(treasury.setClaimRecipient, (recipient));
        _try(account, address(treasury), call);
        _recipientOf[account] = isStaked ? address(staking) : recipient;
    }

    /// @dev Half of all claims wait for the newest root.
    function _letMature(uint256 seed) private {
        if (seed % 8 < 4 && !_isPaused() && time < pending.claimableAt)
            time = pending.claimableAt - (seed % 16 == 0 ? 1 : 0);
    }

    struct Balances {
        uint256 stakingWei;
        uint256 recipientWei;
    }

    function _balances(address account) private view returns (Balances memory) {
        return Balances(token.balanceOf(address(staking)), token.balanceOf(_payee(account)));
    }

    /// @dev Who gets what is not staked.
    function _payee(address account) private view returns (address) {
        address recipient = _recipientOf[account];
        return recipient == address(0) || recipient == address(staking) ? account : recipient;
    }

    function _bookClaim(uint256 earner, uint256 cumulativeWei, Balances memory before) private {
        address account = people[earner];
        uint256 amountWei = cumulativeWei - paidWei[account];
        Balances memory afterwards = _balances(account);
        uint256 newStakeWei = afterwards.stakingWei - before.stakingWei;
        uint256 receivedWei = afterwards.recipientWei - before.recipientWei;
        bool isStaker = _recipientOf[account] == address(staking);
        _rule(newStakeWei == 0 || isStaker, "only the rewards of those who asked for it are staked");
        _rule(newStakeWei + receivedWei == amountWei, "a claim pays exactly what was not paid before");
        treasuryWei -= amountWei;
        if (newStakeWei != 0) _stakes(account, newStakeWei);
        _pays(earner, amountWei);
    }

    function _pays(uint256 earner, uint256 amountWei) private {
        address account = people[earner];
        paidWei[account] += amountWei;
        if (paidWei[account] > earnedWei[earner]) wasRobbed = true;
    }

    function _isPayable(bytes32 root, uint256 amountWei) private view returns (bool) {
        return _isClaimable(root) && amountWei != 0 && amountWei <= treasuryWei;
    }

    /// @dev Mostly one that was posted lately; now and then any that was ever proposed.
    function _someRoot(uint256 seed) private view returns (bytes32) {
        bytes32 posted = [pending.root, current.root, previous.root, bytes32(0)][seed % 4];
        return posted == 0 ? roots[(seed / 4) % roots.length] : posted;
    }
}
