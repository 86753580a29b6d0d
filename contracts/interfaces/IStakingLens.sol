// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Staking as people and programs off chain read it
/// @notice Lists and summaries of Staking's views, which no contract needs. Everything said there about epochs, finality
/// and rounding holds here, and no view here reverts either.
interface IStakingLens {
    /// @notice A validator that holds a seat in one epoch: all that the distribution of rewards needs, apart from
    /// delegations.
    /// @param validator The owner's address.
    /// @param ownWei Own stake counting for the epoch.
    /// @param totalWei Own and delegated stake counting for the epoch.
    /// @param index Wei per share at the end of the epoch, times `INDEX_ONE`; a delegation is ⌊shares · index /
    /// INDEX_ONE⌋.
    /// @param commissionBps Share of the validator's reward that it keeps before dividing the rest by stake.
    /// @param isActive Whether it may score, lead slots and earn in the epoch.
    /// @param isJailed Whether it is jailed in the epoch; who is neither jailed nor active has too little own stake.
    struct SeatedValidator {
        address validator;
        uint256 ownWei;
        uint256 totalWei;
        uint256 index;
        uint16 commissionBps;
        bool isActive;
        bool isJailed;
    }

    /// @notice A validator's present situation, for people and programs that manage it.
    /// @param operator The key that may act for it in daily business; the owner itself unless another was set.
    /// @param lives How many times it has registered; 0 = never.
    /// @param isSeated Whether its latest life goes on.
    /// @param isJailed Whether it will be jailed in the next epoch, as things stand.
    /// @param releasableEpoch First epoch in which it may be active again once unjailed; 0 = never jailed.
    /// @param commissionBps The commission from the next epoch on.
    /// @param nextRiseEpoch First epoch in which a further rise of the commission may take effect.
    /// @param ownWei Own stake, including what does not count yet.
    /// @param totalWei Own and delegated stake, including what does not count yet.
    /// @param index The slash index now.
    struct ValidatorStatus {
        address operator;
        uint32 lives;
        bool isSeated;
        bool isJailed;
        uint64 releasableEpoch;
        uint16 commissionBps;
        uint64 nextRiseEpoch;
        uint256 ownWei;
        uint256 totalWei;
        uint256 index;
    }

    /// @notice Stake on its way out.
    /// @param withdrawableEpoch It can be withdrawn from the start of this epoch, and slashed until then.
    /// @param amountWei What it is worth now.
    struct PendingExit {
        uint64 withdrawableEpoch;
        uint256 amountWei;
    }

    /// @notice Everybody who holds a seat in `epoch`, in the order of the seats: the jailed and those below the minimum
    /// too.
    function seatedValidators(uint64 epoch) external view returns (SeatedValidator[] memory);

    /// @notice The present situation of `validator`.
    function statusOf(address validator) external view returns (ValidatorStatus memory);

    /// @notice `delegationAt` of many accounts, in their order.
    function delegationsAt(
        address validator,
        address[] calldata accounts,
        uint64 epoch
    ) external view returns (uint256[] memory amountsWei);

    /// @notice What `withdraw(validator)` would pay `account` now, in wei.
    function withdrawableWei(address validator, address account) external view returns (uint256 amountWei);

    /// @notice What `account` has taken, or was given, out of `validator` and can't withdraw yet, the next first.
    function pendingExits(address validator, address account) external view returns (PendingExit[] memory pending);
}
