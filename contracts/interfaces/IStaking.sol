// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochClock} from "./IEpochClock.sol";
import {IStakingViews} from "./IStakingViews.sol";

/// @title Staking: who validates, with how much stake, and what a fault costs
/// @notice Validators put up stake of their own, take a seat and may receive delegations. A validator *is* its owner's
/// address: stake, scores and rewards are keyed by it. Everything below happens at epoch boundaries, in epoch e:
///
/// - *Added* stake counts from e + 2. Whoever stakes one second before e ends earns nothing for e, nor for e + 1, whose
///   set must be known before it begins. Before genesis, stake counts from epoch 0.
/// - *Leaving* stake still counts for e, not for e + 1, and can be withdrawn at the start of `withdrawableFrom`, at least
///   `exitDelayEpochs` after e. Until then it is slashed like any other, so unstaking dodges nothing: every fault of e
///   that shows on chain can be reported by the end of e + 2, and one that needs judgement has the whole delay. Exits
///   mature in groups of half a delay: an account has at most three on their way, and a slash finds all of them.
/// - *Redelegated* stake counts for its old validator in e and e + 1, and for its new one from e + 2.
/// - Newest stake leaves first, so that taking back what does not count yet costs nothing of what does.
/// - Seats, commission and jail change at e + 1.
///
/// *Shares.* Inside, amounts are shares of a validator's *index*, the fraction that slashes have left of it. A slash
/// lowers one number and so takes the same fraction from the validator, each delegator and all that is unbonding,
/// however many they are. A share is worth index / INDEX_ONE wei. Deposits round the shares down, payouts round the
/// wei down, slashes round what they take down: no loop of deposits and withdrawals ever gains a wei, and the
/// contract always holds at least what it owes. Once slashes have left less than 1/65,536 of the original, the
/// validator's address accepts no more stake (`WornOut`): it would buy enormous numbers of shares whose further
/// slashes round to nothing.
///
/// *Seats.* At most `maximumSeats`. When all are taken, a newcomer with strictly more stake than the smallest seat's
/// total (own + delegated, with all that was added by now) takes that seat, and its holder leaves. A seat is *safe* for
/// `seatSafeEpochs` from the epoch on in which its holder sits: whoever paid for it keeps it at least as long, and of
/// the others the smallest goes. Seats taken by few can so always be bought back.
/// An evictor that takes its stake out again at once lets its victim's wait out an exit for nothing. That is never cheap
/// harm: the evictor brought more than its victim and all its delegators had, waits for it just as long, and has paid
/// the price, which rises with each registration. So no seat is given back to who was evicted, which would mean to undo
/// exits that their holders may have used by then; if the evictor left, its victim may take the seat, safe, for the
/// price.
///
/// *Limits*, and in brackets what the reference network chooses where a deployment may:
///
/// - Own stake is at least `minimumStakeWei` (32 MDT) for taking a seat, being active and leaving jail: who decides over
/// others' rewards has something of its own to lose.
/// - Commission is at most 18 %, so that most of what a delegation earns is the delegator's. A rise is at most 3 points,
/// and at most one takes effect in 30 epochs: whoever dislikes the first is gone long before the second.
/// - A seat is safe for `seatSafeEpochs` (7).
/// - A slash jails for at least `jailEpochs` (7), long enough to find and mend the cause; then the validator must ask
/// (`unjail`), so that one that is gone for good does not count as active again.
/// - An exit takes at least `exitDelayEpochs` (14), never less than 3.
/// - The slashes of a validator in one epoch add up to at most `slashCapBps` (50 %): judgement may err, or its key be
/// stolen, and a slasher can be replaced before everything is gone.
/// - Registering costs a quarter more after each registration and a fifth less after each interval (6 hours): seats can't be
/// taken in bulk, and whoever waits pays the ordinary price.
///
/// *Leaving.* A validator that unstakes all of its own stake, or is replaced, leaves: at once all its delegations
/// leave by the ordinary rule too, in one step; delegators do nothing but `withdraw` later. It may register again,
/// even at once; that is a new life with new delegations. Slash index and jail belong to the address and outlast a
/// life.
interface IStaking is IEpochClock, IStakingViews {
    // ------------------------------------------------------------------------------------------------------- events

    /// @notice The stake of `account` in `validator` changed (`account == validator`: own stake). Together with
    /// `ValidatorLeft`, `Slashed` and `Redelegated` these events suffice to rebuild every position in every epoch.
    /// @param epoch The next epoch.
    /// @param sharesFromEpoch Shares that count in `epoch`.
    /// @param sharesFromEpochAfter Shares that count from `epoch + 1` on. Before genesis both numbers are equal.
    event StakeChanged(
        address indexed validator,
        address indexed account,
        uint64 epoch,
        uint256 sharesFromEpoch,
        uint256 sharesFromEpochAfter
    );
    /// @notice `payer` added `amountWei` to the stake of `account` in `validator`.
    event Staked(address indexed validator, address indexed account, address indexed payer, uint256 amountWei);
    /// @notice `account` took stake out of `validator`: it is worth `amountWei` unless slashed before
    /// `withdrawableEpoch`.
    event Unstaked(
        address indexed validator,
        address indexed account,
        uint256 shares,
        uint256 amountWei,
        uint64 withdrawableEpoch
    );
    /// @notice `account` moved stake worth `amountWei` from one validator to another, for which it counts as `shares`
    /// from `arrivalEpoch` on. `StakeChanged` says so of both positions; until `arrivalEpoch`, each `Slashed` of `from`
    /// leaves ⌊`shares` · its index / `index`⌋ of them.
    /// @param index The index of `from` when they left it.
    event Redelegated(
        address indexed from,
        address indexed to,
        address indexed account,
        uint64 arrivalEpoch,
        uint256 amountWei,
        uint256 shares,
        uint256 index
    );
    /// @notice `amountWei` of stake that had left `validator` was paid to `account`.
    event Withdrawn(address indexed validator, address indexed account, uint256 amountWei);
    /// @notice `validator` took `seat` from `epoch` on and paid `priceWei` for its registration.
    event ValidatorRegistered(address indexed validator, uint64 epoch, uint256 seat, uint256 priceWei);
    /// @notice `validator` lost its seat: from `epoch` on all its positions, own and delegated, are zero, and they
    /// can be withdrawn from `withdrawableEpoch`.
    event ValidatorLeft(address indexed validator, uint64 epoch, uint64 withdrawableEpoch);
    /// @notice The commission of `validator` is `commissionBps` from `epoch` on.
    event CommissionChanged(address indexed validator, uint64 epoch, uint16 commissionBps);
    /// @notice `operator` may act for `validator` from now on, and nobody else but the owner.
    event OperatorChanged(address indexed validator, address indexed operator);
    /// @notice `validator`, its delegators and its unbonding stake lost `fractionBps`, together `slashedWei`, in
    /// `epoch`.
    /// @param index The index that the slash left.
    /// @param evidenceHash What the caller gave as proof.
    event Slashed(
        address indexed validator,
        uint64 indexed epoch,
        uint256 fractionBps,
        uint256 index,
        uint256 slashedWei,
        bytes32 evidenceHash
    );
    /// @notice `validator` is jailed from `epoch` on, and may be active again in `releasableEpoch` if it unjails.
    event Jailed(address indexed validator, uint64 epoch, uint64 releasableEpoch);
    /// @notice `validator` is no longer jailed from `epoch` on.
    event Unjailed(address indexed validator, uint64 epoch);

    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice Nothing was given.
    error ZeroAmount();
    /// @notice Stake of the zero address could never be withdrawn, and as admin it could appoint nobody.
    error ZeroAccount();
    /// @notice `account` holds no seat.
    error NotAValidator(address account);
    /// @notice `validator` already holds a seat.
    error AlreadyRegistered(address validator);
    /// @notice Own stake may be nothing or at least the minimum.
    error StakeBelowMinimum(uint256 stakeWei, uint256 minimumWei);
    /// @notice All seats are taken and none that may be taken holds less than `stakeWei`.
    error StakeNotAboveSmallestSeat(uint256 stakeWei, uint256 smallestSeatWei);
    /// @notice All seats are taken and safe, the first of them until `firstEpoch` begins.
    error AllSeatsSafe(uint256 firstEpoch);
    /// @notice More was to be taken out than there is.
    error InsufficientStake(address validator, address account, uint256 askedWei, uint256 stakedWei);
    /// @notice Only a delegation moves, from one validator to another: neither of them is `account`.
    error InvalidRedelegation(address from, address to, address account);
    /// @notice Stake was redelegated to this position, which can be redelegated again in `allowedEpoch`.
    error RedelegatedRecently(address validator, address account, uint64 allowedEpoch);
    /// @notice Stake is on its way to this position: nothing can be taken out of it, and no more redelegated to it,
    /// before `arrivalEpoch`.
    error RedelegationPending(address validator, address account, uint64 arrivalEpoch);
    /// @notice Stake of `from` went to as many validators in this epoch as a slash can follow.
    error TooManyDestinations(address from, uint256 maximum);
    /// @notice Nothing of `account` in `validator` can be withdrawn now.
    error NothingToWithdraw(address validator, address account);
    /// @notice Slashes have left too little of `validator` for it to accept stake: register another address.
    error WornOut(address validator, uint256 index);
    /// @notice Registration has become dearer than the caller was willing to pay.
    error PriceAboveMaximum(uint256 priceWei, uint256 maximumWei);
    /// @notice The commission must not exceed `maximumBps`.
    error CommissionAboveMaximum(uint256 commissionBps, uint256 maximumBps);
    /// @notice One rise of the commission is at most `maximumRiseBps`.
    error CommissionRiseTooSteep(uint256 fromBps, uint256 toBps, uint256 maximumRiseBps);
    /// @notice A rise would take effect in `epoch`, but the next one may only in `allowedEpoch`.
    error CommissionRiseTooSoon(uint64 epoch, uint64 allowedEpoch);
    /// @notice The zero address can't operate.
    error ZeroOperator();
    /// @notice `operator` already is a validator, or the operator of one: `validator`.
    error OperatorTaken(address operator, address validator);
    /// @notice `account` is nobody's operator.
    error NotAnOperator(address account);
    /// @notice `validator` is not jailed.
    error NotJailed(address validator);
    /// @notice `validator` may be active again in `releasableEpoch` at the earliest, and can unjail in the epoch
    /// before.
    error StillJailed(address validator, uint64 releasableEpoch);
    /// @notice The slashes of `validator` in `epoch` would add up to more than the cap.
    error SlashCapExceeded(address validator, uint64 epoch, uint256 slashedBps, uint256 askedBps, uint256 capBps);
    /// @notice The slash would take nothing: its fraction is zero, or no stake is left that can be slashed.
    error NothingToSlash(address validator);
    /// @notice The number of seats must be 1 … 100, so that a loop over them always fits a transaction.
    error SeatsOutOfRange(uint256 seats);
    /// @notice Stake must stay slashable until every fault that shows on chain can be reported: at least `minimumEpochs`.
    error ExitDelayTooShort(uint64 delayEpochs, uint64 minimumEpochs);
    /// @notice The cap must be 1 … 9,999 basis points, so that a slash always leaves something.
    error SlashCapOutOfRange(uint256 capBps);
    /// @notice The pool recycles another token than the one that is staked.
    error TokenMismatch(address poolToken, address token);

    // --------------------------------------------------------------------------------------------------- validators

    /// @notice Become a validator with the caller as its owner.
    /// @dev Requirements: the caller holds no seat; commission ≤ 1,800 bps; `stakeWei` ≥ the minimum and, if all
    /// seats are taken, strictly above the total of the smallest one that isn't safe; the price (`registrationPriceWei`) ≤ `maxPriceWei`;
    /// the operator is free, see `setOperator`; the index isn't worn out; the token allowance covers stake and price.
    /// Effects: takes stake and price from the caller; the price goes to the recycling pool as a registration fee;
    /// the seat is held from the next epoch, the stake counts from the one after. If the caller was someone's
    /// operator it stops being that (and its validator operates itself), so nobody can keep an address from
    /// registering by naming it.
    /// @param operator Key for daily business; the caller's own address for none.
    /// @param commissionBps Commission, free to choose up to the maximum because nobody has delegated yet.
    /// @param stakeWei Own stake.
    /// @param maxPriceWei The most the caller pays for the registration: prices rise with registrations that come
    /// first.
    function registerValidator(address operator, uint16 commissionBps, uint256 stakeWei, uint256 maxPriceWei) external;

    /// @notice `registerValidator` with an EIP-2612 signature over `stakeWei + maxPriceWei` in place of an allowance;
    /// see `stakeWithPermit`. What the price turns out lower stays allowed. The most to pay is a bound to choose: a sum
    /// that overflows panics.
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

    /// @notice Change the caller's commission from the next epoch on.
    /// @dev Falls are free. A rise is at most 300 bps and at most one takes effect in 30 epochs, so that delegators,
    /// whose exit takes an epoch, always know what they agreed to. Later calls in one epoch replace earlier ones, but
    /// a rise stays used up. The 30 epochs go on when the validator leaves and registers again; the commission a
    /// registration states is free, because no delegation outlives a life.
    function setCommission(uint16 commissionBps) external;

    /// @notice Name the key that may act for the caller's validator (scores, blocks, unjail) besides its owner. Works
    /// at once, moves no money and loses nothing, since everything is keyed by the owner.
    /// @dev Requirements: the caller has registered before (it may have left); `operator` is the caller itself, or
    /// neither has ever registered nor operates another validator: one key acts for one validator. The old operator
    /// is free again.
    /// Naming a key that somebody else was going to use can't keep anybody out: only who once paid for a registration can
    /// name keys, an owner that registers takes its own address back, and whose key was named registers with itself as
    /// operator, or lets the key resign. It costs both sides gas and moves nothing. A key that had to agree first would
    /// cost everybody a second transaction.
    function setOperator(address operator) external;

    /// @notice Stop being an operator; the validator then operates itself. For a key that was named without consent.
    function resignAsOperator() external;

    /// @notice Leave jail from the next epoch on. Called by the owner or its operator.
    /// @dev Requirements: the validator holds a seat and is jailed; the next epoch is `releasableEpoch` or later; its
    /// own stake is at least the minimum.
    function unjail() external;

    // -------------------------------------------------------------------------------------------------------- stake

    /// @notice Add `amountWei` of the caller's tokens to its own stake. The caller holds a seat.
    function stake(uint256 amountWei) external;

    /// @notice `stake` with an EIP-2612 signature in place of an allowance. A signature that someone else has submitted
    /// already does no harm: what counts is the allowance it left.
    function stakeWithPermit(uint256 amountWei, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Add `amountWei` of the caller's tokens to its delegation to `validator`, which holds a seat.
    function delegate(address validator, uint256 amountWei) external;

    /// @notice `delegate` with an EIP-2612 signature in place of an allowance; see `stakeWithPermit`.
    function delegateWithPermit(
        address validator,
        uint256 amountWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Add `amountWei` of the caller's tokens to the stake of `account` in `validator`. Whoever pays may
    /// give; the stake belongs to `account`.
    function stakeFor(address account, address validator, uint256 amountWei) external;

    /// @notice Take `amountWei` of the caller's stake out of `validator` (its own address for own stake), to be
    /// withdrawn from `withdrawableFrom`. `type(uint256).max` takes everything, so that neither a slash nor a gift that comes first
    /// can spoil it.
    /// @dev Requirements: 0 < `amountWei` ≤ the caller's stake. Own stake must stay at the minimum or be taken as a
    /// whole, and then the validator leaves.
    function unstake(address validator, uint256 amountWei) external;

    /// @notice Move `amountWei` of the caller's delegation from one validator to another without a gap: it goes on
    /// counting (and earning) for `from` in e and e + 1, and counts for `to` from e + 2. `type(uint256).max` moves
    /// everything. What does not count yet goes first.
    /// @dev Requirements: genesis has come; neither validator is the caller, who has at least `amountWei` > 0 in `from`;
    /// `to` holds a seat and isn't worn out; nothing was redelegated to the position in `from` in the last
    /// `exitDelayEpochs`, and nothing is on its way to the position in `to`; the stake that leaves `from` in this epoch
    /// goes to at most `maximumSeats` validators.
    /// Effects: the shares of `from` become shares of `to` at today's indices. From now on slashes of `to` reach them as
    /// they reach added stake, and until the end of e + 1 slashes of `from` do too: whoever moved loses what it would
    /// have lost by staying. It does not wait for judgement as an exit does; who has something to lose by judgement is
    /// the validator, and own stake never moves. Until e + 2 nothing can be taken out of the position in `to`.
    /// If `from` leaves meanwhile, it counts nowhere in e + 1; if `to` does, it leaves with everybody's.
    function redelegate(address from, address to, uint256 amountWei) external;

    /// @notice Pay the caller everything of its stake in `validator` that has left and can be withdrawn by now.
    /// @return amountWei What was paid. Reverts with `NothingToWithdraw` if it is nothing.
    function withdraw(address validator) external returns (uint256 amountWei);

    // ----------------------------------------------------------------------------------------------------- slashing

    /// @notice Take `fractionBps` of everything in `validator`: own, delegated and unbonding stake, and jail it. Only
    /// a holder of SLASHER_ROLE: the score board, for validators that stop revealing, and governance, for faults that
    /// need judgement.
    /// @dev Requirements: genesis has come; the fractions of this epoch add up to at most the cap; something is
    /// taken. A validator that left is slashed as long as anything of it is unbonding.
    /// Effects: the index falls, slashed tokens go to the recycling pool as slashing penalties; it is jailed from the
    /// next epoch, for at least `jailEpochs` counted anew; stake counts less for this epoch already.
    /// @param evidenceHash Hash of the public proof, for the record.
    /// @return slashedWei What was taken, floored.
    function slash(address validator, uint256 fractionBps, bytes32 evidenceHash) external returns (uint256 slashedWei);
}
