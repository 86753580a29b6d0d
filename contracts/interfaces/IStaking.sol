// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IStakingViews} from "./IStakingViews.sol";

/// @title Staking: validators, their stake, and the cost of faults
/// @notice Validators put up own stake, take a seat and may receive delegations. A validator is identified by its
/// owner's address: stake, scores and rewards are keyed by it. Every change takes effect at an epoch boundary. For a
/// call in epoch e:
///
/// - *Added* stake is effective from e + 2. Stake added one second before e ends earns nothing for e, nor for e + 1,
/// whose set must be known before it begins. Stake added before genesis is effective from epoch 0.
/// - *Leaving* stake still counts for e, but not for e + 1, and can be withdrawn at the start of `withdrawableFrom`, at
/// least `exitDelayEpochs` after e. Until then it can be slashed like other stake, so unstaking does not evade a slash:
/// every fault of e that shows on chain can be reported by the end of e + 2, and the slasher has the whole delay for
/// faults that need judgement. Exits mature in groups of half a delay: an account has at most three pending, and a
/// slash reaches all of them.
/// - *Redelegated* stake counts for its old validator in e and e + 1, and for its new one from e + 2.
/// - Newest stake leaves first, so that unstaking takes stake that is not effective yet before stake that is.
/// - Seats, commission and jail change at e + 1.
///
/// *Shares.* Internally, amounts are shares of a validator, valued at its *index*, the fraction that slashes have left.
/// A slash lowers this one number, which takes the same fraction from the validator, every delegator and all unbonding
/// stake. A share is worth index / INDEX_ONE wei. Deposits round the shares down, payouts round the wei down, slashes
/// round the amount taken down: no loop of deposits and withdrawals ever gains a wei, and the contract always holds at
/// least what it owes. Once slashes have left less than 1/65,536 of the original, the validator's address accepts no
/// more stake (`IndexExhausted`): a deposit would buy enormous numbers of shares, and further slashes would round to
/// nothing.
///
/// *Seats.* At most `maximumSeats`. When all are taken, a newcomer with strictly more stake than the smallest seat's
/// total (own + delegated, including stake that is not effective yet) takes that seat, and its holder leaves. A seat is
/// *safe* for `seatSafeEpochs` epochs from the first epoch of its holder: nobody can take it during that time; among
/// the other seats, the smallest can be taken. A seat captured by a small group can therefore always be bought back. An
/// evictor that unstakes at once makes its victim's stake wait out an exit for nothing. That is never cheap: the
/// evictor must bring more stake than the victim and all its delegators had, waits just as long for it, and pays the
/// price, which rises with each registration. So the contract never returns a seat to an evicted validator: that would
/// mean undoing exits that their holders may already have used. If the evictor leaves, the victim can pay the price and
/// take the seat again, which is then safe.
///
/// *Limits*, with the reference network's values in brackets if a deployment can choose them:
///
/// - Taking a seat, being active and leaving jail need own stake of at least `minimumStakeWei` (32 MDT): a validator
/// that decides others' rewards must have something to lose.
/// - Commission is at most 18 %, so that most of what a delegation earns goes to the delegator. A rise is at most 3
/// points, and at most one takes effect in 30 epochs: delegators who dislike the first can leave long before the
/// second.
/// - A seat is safe for `seatSafeEpochs` (7).
/// - A slash jails for at least `jailEpochs` (7), long enough to find and fix the cause; then the validator must call
/// `unjail`, so that one that has disappeared is not reactivated automatically.
/// - An exit takes at least `exitDelayEpochs` (14), never less than 3.
/// - The slashes of a validator in one epoch add up to at most `slashCapBps` (50 %): the slasher may be wrong, or its
/// key stolen, and this limit leaves time to replace it.
/// - Registering costs a quarter more after each registration and a fifth less after each interval (6 hours): seats
/// can't be taken in bulk, and patient newcomers pay the ordinary price.
///
/// *Leaving.* A validator that unstakes all of its own stake, or is evicted, leaves: all its delegations leave at
/// the same time by the same rule, in one step; delegators only need to call `withdraw` later. It may register
/// again, even at once, and starts without delegations. Slash index and jail belong to the address and persist
/// across registrations.
interface IStaking is IEpochClock, IStakingViews {
    // ------------------------------------------------------------------------------------------------------- events

    /// @notice The stake of `account` in `validator` changed (`account == validator`: own stake). Together with
    /// `ValidatorLeft`, `Slashed` and `Redelegated` these events suffice to rebuild every position in every epoch.
    /// @param epoch The next epoch.
    /// @param sharesFromEpoch Shares effective in `epoch`.
    /// @param sharesFromEpochAfter Shares effective from `epoch + 1`. Before genesis both numbers are equal.
    event StakeChanged(
        address indexed validator,
        address indexed account,
        uint64 epoch,
        uint256 sharesFromEpoch,
        uint256 sharesFromEpochAfter
    );
    /// @notice `payer` added `amountWei` to the stake of `account` in `validator`.
    event Staked(address indexed validator, address indexed account, address indexed payer, uint256 amountWei);
    /// @notice `account` unstaked from `validator`: the stake is worth `amountWei` unless it is
    /// slashed before `withdrawableEpoch`.
    event Unstaked(
        address indexed validator,
        address indexed account,
        uint256 shares,
        uint256 amountWei,
        uint64 withdrawableEpoch
    );
    /// @notice `account` moved stake worth `amountWei` from one validator to another, where it counts as `shares` from
    /// `arrivalEpoch`. `StakeChanged` is emitted for both positions; until `arrivalEpoch`, each `Slashed` of `from`
    /// leaves ⌊`shares` · its index / `index`⌋ of them.
    /// @param index The index of `from` at this moment.
    event Redelegated(
        address indexed from,
        address indexed to,
        address indexed account,
        uint64 arrivalEpoch,
        uint256 amountWei,
        uint256 shares,
        uint256 index
    );
    /// @notice `account` withdrew `amountWei` that it had unstaked from `validator`.
    event Withdrawn(address indexed validator, address indexed account, uint256 amountWei);
    /// @notice `validator` holds `seat` from `epoch` and paid `priceWei` for its registration.
    event ValidatorRegistered(address indexed validator, uint64 epoch, uint256 seat, uint256 priceWei);
    /// @notice `validator` lost its seat: from `epoch` all its positions, own and delegated, are zero, and their stake
    /// can be withdrawn from `withdrawableEpoch`.
    event ValidatorLeft(address indexed validator, uint64 epoch, uint64 withdrawableEpoch);
    /// @notice The commission of `validator` is `commissionBps` from `epoch`.
    event CommissionChanged(address indexed validator, uint64 epoch, uint16 commissionBps);
    /// @notice From now on only `operator` and the owner may act for `validator`.
    event OperatorChanged(address indexed validator, address indexed operator);
    /// @notice `validator`, its delegators and its unbonding stake lost `fractionBps`, together `slashedWei`, in
    /// `epoch`.
    /// @param index The index after the slash.
    /// @param evidenceHash Hash of the public proof, given by the caller.
    event Slashed(
        address indexed validator,
        uint64 indexed epoch,
        uint256 fractionBps,
        uint256 index,
        uint256 slashedWei,
        bytes32 evidenceHash
    );
    /// @notice `validator` is in jail from `epoch`, and can be active again in `releasableEpoch` if it calls `unjail`.
    event Jailed(address indexed validator, uint64 epoch, uint64 releasableEpoch);
    /// @notice `validator` is out of jail from `epoch`.
    event Unjailed(address indexed validator, uint64 epoch);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice The amount is zero.
    error ZeroAmount();
    /// @notice The account is the zero address, which could neither withdraw nor act as admin.
    error ZeroAccount();
    /// @notice `account` holds no seat.
    error NotAValidator(address account);
    /// @notice `validator` already holds a seat.
    error AlreadyRegistered(address validator);
    /// @notice Own stake would be above zero but below the minimum.
    error StakeBelowMinimum(uint256 stakeWei, uint256 minimumWei);
    /// @notice All seats are taken, and every seat that isn't safe holds at least `stakeWei`.
    error StakeNotAboveSmallestSeat(uint256 stakeWei, uint256 smallestSeatWei);
    /// @notice All seats are taken and safe, the first of them until `firstEpoch` begins.
    error AllSeatsSafe(uint256 firstEpoch);
    /// @notice The caller asked for more than its stake.
    error InsufficientStake(address validator, address account, uint256 askedWei, uint256 stakedWei);
    /// @notice Only a delegation can be moved, between two different validators, neither of which is `account`.
    error InvalidRedelegation(address from, address to, address account);
    /// @notice Stake was recently redelegated to this position, which can be redelegated again from `allowedEpoch`.
    error RedelegatedRecently(address validator, address account, uint64 allowedEpoch);
    /// @notice Redelegated stake takes effect in this position in `arrivalEpoch`: until then nobody can unstake
    /// from it or redelegate to it.
    error RedelegationPending(address validator, address account, uint64 arrivalEpoch);
    /// @notice Stake of `from` has already moved to the maximum number of validators in this epoch.
    error TooManyDestinations(address from, uint256 maximum);
    /// @notice Nothing of `account` in `validator` can be withdrawn now.
    error NothingToWithdraw(address validator, address account);
    /// @notice Slashes have left too little of `validator` for it to accept stake: register with another address.
    error IndexExhausted(address validator, uint256 index);
    /// @notice The registration price is above the caller's maximum.
    error PriceAboveMaximum(uint256 priceWei, uint256 maximumWei);
    /// @notice The commission must not exceed `maximumBps`.
    error CommissionAboveMaximum(uint256 commissionBps, uint256 maximumBps);
    /// @notice One rise of the commission is at most `maximumRiseBps`.
    error CommissionRiseTooSteep(uint256 fromBps, uint256 toBps, uint256 maximumRiseBps);
    /// @notice The rise would take effect in `epoch`, but the next one is allowed only in `allowedEpoch`.
    error CommissionRiseTooSoon(uint64 epoch, uint64 allowedEpoch);
    /// @notice The operator is the zero address.
    error ZeroOperator();
    /// @notice `operator` already is a validator, or the operator of one: `validator`.
    error OperatorTaken(address operator, address validator);
    /// @notice `account` is not an operator of any validator.
    error NotAnOperator(address account);
    /// @notice `validator` is not jailed.
    error NotJailed(address validator);
    /// @notice `validator` can be active again in `releasableEpoch` at the earliest, and can call `unjail` in
    /// the epoch before.
    error StillJailed(address validator, uint64 releasableEpoch);
    /// @notice The slashes of `validator` in `epoch` would add up to more than the cap.
    error SlashCapExceeded(address validator, uint64 epoch, uint256 slashedBps, uint256 askedBps, uint256 capBps);
    /// @notice The slash would take nothing: its fraction is zero, or there is no slashable stake.
    error NothingToSlash(address validator);
    /// @notice The number of seats must be 1 … 100, so that a loop over them always fits a transaction.
    error SeatsOutOfRange(uint256 seats);
    /// @notice The exit delay must be at least `minimumEpochs`, so that stake stays slashable until every on-chain
    /// fault can be reported.
    error ExitDelayTooShort(uint64 delayEpochs, uint64 minimumEpochs);
    /// @notice The cap must be 1 … 9,999 basis points, so that a slash always leaves something.
    error SlashCapOutOfRange(uint256 capBps);
    /// @notice The pool's token is not the staked token.
    error TokenMismatch(address poolToken, address token);

    // --------------------------------------------------------------------------------------------------- validators

    /// @notice Become a validator with the caller as its owner.
    /// @dev Requirements: the caller holds no seat; commission ≤ 1,800 bps; `stakeWei` ≥ the minimum and, if all seats
    /// are taken, strictly above the total of the smallest one that isn't safe; the price (`registrationPriceWei`) ≤
    /// `maxPriceWei`; the operator is free, see `setOperator`; the index isn't exhausted; the token allowance covers
    /// stake and price. Effects: takes stake and price from the caller; the price goes to the recycling pool as a
    /// registration fee; the seat is held from the next epoch, the stake is effective from the one after. If the caller
    /// was another validator's operator, it stops being one (and that validator operates itself), so nobody can prevent
    /// an address from registering by naming it as operator.
    /// @param operator Key for daily work; the caller's own address for none.
    /// @param commissionBps Any commission up to the maximum, because nobody has delegated yet.
    /// @param stakeWei Own stake.
    /// @param maxPriceWei The most that the caller will pay for the registration: registrations that come first raise
    /// the price.
    function registerValidator(address operator, uint16 commissionBps, uint256 stakeWei, uint256 maxPriceWei) external;

    /// @notice `registerValidator` with an EIP-2612 signature over `stakeWei + maxPriceWei` instead of an allowance;
    /// see `stakeWithPermit`. If the price is lower, the rest of the allowance remains. Choose a realistic maximum: a
    /// sum that overflows panics.
    function registerValidatorWithPermit(
        address operator,
        uint16 commissionBps,
        uint256 stakeWei,
        uint256 maxPriceWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Change the caller's commission, effective in the next epoch.
    /// @dev It can fall at any time. A rise is at most 300 bps, and at most one takes effect in 30 epochs, so that
    /// delegators, whose exit takes an epoch, always know what they agreed to. Later calls in one epoch replace earlier
    /// ones, but a rise still counts as used. The 30 epochs continue when the validator leaves and registers again; a
    /// registration can set any commission, because no delegation survives leaving.
    function setCommission(uint16 commissionBps) external;

    /// @notice Set the key that may act for the caller's validator (scores, blocks, unjail) besides its owner.
    /// Effective at once. The key can't move money, and changing it loses nothing, because everything is keyed by the
    /// owner.
    /// @dev Requirements: the caller has registered before (it may have left); `operator` is the caller itself, or has
    /// never registered and operates no other validator: one key acts for one validator. The old operator becomes free.
    /// Naming a key that someone else wants to use does no lasting harm: only accounts that paid for a registration can
    /// name keys, an owner that registers gets its own address back, and a key that was named can register with itself
    /// as operator, or resign. It costs both sides gas and moves nothing. Requiring the key's consent would cost
    /// everyone a second transaction.
    function setOperator(address operator) external;

    /// @notice Stop being an operator; the validator then operates itself. For keys that were named without consent.
    function resignAsOperator() external;

    /// @notice Leave jail, effective in the next epoch. Called by the owner or its operator.
    /// @dev Requirements: the validator holds a seat and is jailed; the next epoch is `releasableEpoch` or later; its
    /// own stake is at least the minimum.
    function unjail() external;

    // -------------------------------------------------------------------------------------------------------- stake

    /// @notice Add `amountWei` of the caller's tokens to its own stake. The caller holds a seat.
    function stake(uint256 amountWei) external;

    /// @notice `stake` with an EIP-2612 signature instead of an allowance. If someone else has already submitted the
    /// signature, the call still works: only the resulting allowance counts.
    function stakeWithPermit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Add `amountWei` of the caller's tokens to its delegation to `validator`, which holds a seat.
    function delegate(address validator, uint256 amountWei) external;

    /// @notice `delegate` with an EIP-2612 signature instead of an allowance; see `stakeWithPermit`.
    function delegateWithPermit(
        address validator,
        uint256 amountWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Add `amountWei` of the caller's tokens to the stake of `account` in `validator`. Anyone may pay;
    /// the stake belongs to `account`.
    function stakeFor(address account, address validator, uint256 amountWei) external;

    /// @notice Unstake `amountWei` of the caller's stake in `validator` (its own address for own stake), withdrawable
    /// from `withdrawableFrom`. `type(uint256).max` takes everything, so that an earlier slash or gift can't make the
    /// call fail.
    /// @dev Requirements: 0 < `amountWei` ≤ the caller's stake. Own stake must stay at the minimum or be unstaked
    /// completely, and then the validator leaves.
    function unstake(address validator, uint256 amountWei) external;

    /// @notice Move `amountWei` of the caller's delegation from one validator to another without a gap: it still
    /// counts (and earns) for `from` in e and e + 1, and counts for `to` from e + 2. `type(uint256).max` moves
    /// everything. Stake that is not effective yet moves first.
    /// @dev Requirements: genesis has passed; neither validator is the caller, who has at least `amountWei` > 0 in
    /// `from`; `to` holds a seat and its index isn't exhausted; nothing was redelegated to the position in `from` in
    /// the last `exitDelayEpochs`, and no redelegation to the position in `to` is pending; stake of `from` moves to at
    /// most `maximumSeats` validators in this epoch. Effects: the shares of `from` become shares of `to` at today's
    /// indices. From now on slashes of `to` reach them as they reach added stake, and until the end of e + 1 slashes of
    /// `from` do too: moving does not avoid a slash. Unlike an exit, a move does not wait for slashes that need
    /// judgement; those are meant for the validator, and own stake never moves. Until e + 2 nobody can unstake from the
    /// position in `to`. If `from` leaves meanwhile, the stake counts nowhere in e + 1; if `to` leaves, the stake
    /// leaves with it.
    function redelegate(address from, address to, uint256 amountWei) external;

    /// @notice Pay the caller everything that it has unstaked from `validator` and can withdraw now.
    /// @return amountWei The amount paid. Reverts with `NothingToWithdraw` if it is zero.
    function withdraw(address validator) external returns (uint256 amountWei);

    // ----------------------------------------------------------------------------------------------------- slashing

    /// @notice Take `fractionBps` of everything in `validator`: own, delegated and unbonding stake, and jail the
    /// validator. Only for holders of SLASHER_ROLE: the score board, for validators that stop revealing, and
    /// governance, for faults that need judgement.
    /// @dev Requirements: genesis has passed; the fractions of this epoch add up to at most the cap; the slash takes
    /// something. A validator that has left can be slashed while some of its stake is unbonding. Effects: the index
    /// falls; slashed tokens go to the recycling pool as slashing penalties; the validator is in jail from the next
    /// epoch, for at least `jailEpochs` counted from this slash; the smaller stake already applies to this epoch.
    /// @param evidenceHash Hash of the public proof, for the record.
    /// @return slashedWei The amount slashed, floored.
    function slash(address validator, uint256 fractionBps, bytes32 evidenceHash) external returns (uint256 slashedWei);
}
