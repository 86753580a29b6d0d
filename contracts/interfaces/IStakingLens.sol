// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title StakingLens: Staking for readers off chain
/// @notice Lists and summaries of Staking's views that no contract needs. Staking's rules about epochs, finality and
/// rounding apply here too, and no view here reverts.
interface IStakingLens {
    /// @notice A validator that holds a seat in one epoch, with everything that the distribution of rewards needs
    /// except delegations.
    /// @param validator The owner's address.
    /// @param ownWei Own stake effective in the epoch.
    /// @param totalWei Own and delegated stake effective in the epoch.
    /// @param index Wei per share at the end of the epoch, times `INDEX_ONE`; a delegation is ⌊shares · index /
    /// INDEX_ONE⌋.
    /// @param commissionBps Share of the validator's reward that it keeps before dividing the rest by stake.
    /// @param isActive Whether it may score, lead slots and earn in the epoch.
    /// @param isJailed Whether it is in jail in the epoch; a validator neither in jail nor active has too little own
    /// stake.
    struct SeatedValidator {
        address validator;
        uint256 ownWei;
        uint256 totalWei;
        uint256 index;
        uint16 commissionBps;
        bool isActive;
        bool isJailed;
    }

    /// @notice A validator's current state, for people and programs that manage it.
    /// @param operator The key that may do its daily work; the owner itself unless another was set.
    /// @param registrationCount How many times it has registered; 0 = never.
    /// @param isSeated Whether it holds a seat now.
    /// @param isJailed Whether it will be in jail in the next epoch, as of now.
    /// @param releasableEpoch First epoch in which it can be active again once unjailed; 0 = never jailed.
    /// @param commissionBps The commission from the next epoch.
    /// @param nextRiseEpoch First epoch in which a further rise of the commission may take effect.
    /// @param ownWei Own stake, including stake that is not effective yet.
    /// @param totalWei Own and delegated stake, including stake that is not effective yet.
    /// @param index The slash index now.
    struct ValidatorStatus {
        address operator;
        uint32 registrationCount;
        bool isSeated;
        bool isJailed;
        uint64 releasableEpoch;
        uint16 commissionBps;
        uint64 nextRiseEpoch;
        uint256 ownWei;
        uint256 totalWei;
        uint256 index;
    }

    /// @notice A pending exit.
    /// @param withdrawableEpoch It can be withdrawn from the start of this epoch, and slashed until then.
    /// @param amountWei What it is worth now.
    struct PendingExit {
        uint64 withdrawableEpoch;
        uint256 amountWei;
    }

    /// @notice All validators that hold a seat in `epoch`, in the order of the seats, including those in jail or below
    /// the minimum.
    function seatedValidators(uint64 epoch) external view returns (SeatedValidator[] memory);

    /// @notice The current state of `validator`.
    function statusOf(address validator) external view returns (ValidatorStatus memory);

    /// @notice `delegationAt` of many accounts, in their order.
    function delegationsAt(
        address validator,
        address[] calldata accounts,
        uint64 epoch
    ) external view returns (uint256[] memory amountsWei);

    /// @notice What `withdraw(validator)` would pay `account` now, in wei.
    function withdrawableWei(address validator, address account) external view returns (uint256 amountWei);

    /// @notice Stake of `account` that has left `validator` and can't be withdrawn yet, the earliest exit first.
    function pendingExits(address validator, address account) external view returns (PendingExit[] memory pending);
}
