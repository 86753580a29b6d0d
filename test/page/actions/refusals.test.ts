import { expect } from "chai";
import {
  BaseError,
  ChainMismatchError,
  InsufficientFundsError,
  InternalRpcError,
  keccak256,
  maxUint256,
  parseEther,
  toBytes,
} from "viem";
import { ReplacedError, StillPendingError, RefusedError } from "../../../scripts/chain/transact";
import { knownErrors } from "../../../scripts/chain/contracts";
import { explainRefusal } from "../../../scripts/page/actions/refusals";
import { explainedErrors, refusalSentence } from "../../../scripts/show/refusalSentences";

/** Errors that no contract has: a transaction that was mined but reverted. */
const ownErrors = ["Reverted"];

describe("The explanation of a refused action", () => {
  it("has sentences only for errors that the contracts have", () => {
    const names = new Set(knownErrors.map((item) => ("name" in item ? item.name : "")));
    for (const name of explainedErrors.filter((explained) => !ownErrors.includes(explained))) {
      expect([...names], name).to.include(name);
    }
  });

  it("states amounts exactly and in the right order", () => {
    const values = ["0x1", parseEther("1.5"), parseEther("2000")];
    expect(refusalSentence(new RefusedError("", "ERC20InsufficientBalance", values))).to.equal(
      "The account has 1.5 MDT, but this needs 2,000 MDT: choose a smaller amount, or get more MDT first.",
    );
    expect(refusalSentence(new RefusedError("", "StakeBelowMinimum", [parseEther("10"), parseEther("32")]))).to.match(
      /^10 MDT would be the validator's own stake, less than the minimum of 32 MDT/,
    );
  });

  for (const [name, values, sentence] of [
    [
      "AccessControlUnauthorizedAccount",
      ["0x1", keccak256(toBytes("SOLO_ROLE"))],
      '0x1 lacks the required role keeper of settlementQuorum: "npx mdt roles list" shows who has it, and an admin grants it with "npx mdt roles grant --role keeper --account 0x1".',
    ],
    ["AccessControlUnauthorizedAccount", ["0x1", "0x02"], "0x1 lacks the required role 0x02."],
    [
      "CommissionRiseTooSteep",
      [1_200n, 1_501n, 300n],
      "The commission is 12 % and rises by at most 3 points at a time: choose a smaller one.",
    ],
    [
      "CommissionRiseTooSoon",
      [33n, 34n],
      "A commission can rise once in 30 epochs: the next rise can take effect in epoch 34, so set it in the epoch before.",
    ],
    [
      "StillJailed",
      ["0x1", 8n],
      "The validator can be active again in epoch 8 at the earliest: leave jail in the epoch before.",
    ],
    [
      "NotActiveValidator",
      ["0x1", 3n],
      "0x1 is neither owner nor operator of a validator that is active in epoch 3: new stake takes effect in the epoch after the next, and jail ends only on request.",
    ],
    [
      "NotASigner",
      ["0x1", 2n, 3n],
      "0x1 was not active in epoch 3, or is at another position in that epoch's list: omit its signature.",
    ],
    [
      "QuorumMissing",
      [parseEther("600"), parseEther("666.7")],
      "Validators with 600 MDT have signed, but the quorum needs 666.7 MDT: get more signatures.",
    ],
    [
      "QuorumMissing",
      [0n, maxUint256],
      "The epoch's active stake is below the quorum's floor: only the keeper can settle it.",
    ],
    [
      "WrongSignature",
      ["0x1", "0x2"],
      "The signature for 0x1 was not made by its operator 0x2 for this settlement: ask for it again, or omit it.",
    ],
    ["RepostUsed", ["0x3"], "The guardian has vetoed this same repost: validators must sign another one."],
    [
      "AlreadyCommitted",
      ["0x1", 3n],
      "0x1 has already committed to other scores for epoch 3, and a commitment can't change: reveal those.",
    ],
  ] as const) {
    it(`states the rule behind ${name}`, () => {
      expect(refusalSentence(new RefusedError("", name, values))).to.equal(sentence);
    });
  }

  it("includes all values if an error has no sentence of its own", () => {
    const refused = new RefusedError("The call was refused: Odd(value 7).", "Odd", [7n]);
    expect(refusalSentence(refused)).to.equal("The call was refused: Odd(value 7). Nothing was changed.");
    const odd = new RefusedError("stake was refused: Odd(epoch 7, leftWei 1500000000000000000).", "Odd", []);
    expect(refusalSentence(odd)).to.equal("stake was refused: Odd(epoch 7, left 1.5 MDT). Nothing was changed.");
  });

  const cases: readonly [what: string, error: unknown, wayOn: string, sentence: RegExp][] = [
    ["a person who declined", { code: 4001 }, "tryAgain", /^You declined in your wallet; nothing was sent\./],
    ["an account that the wallet no longer shares", { code: 4100 }, "connectAgain", /connect again\.$/],
    [
      "a wallet on another chain",
      new BaseError("x", {
        cause: new ChainMismatchError({ chain: { id: 1, name: "x" } as never, currentChainId: 2 }),
      }),
      "switchChain",
      /^Your wallet is on another network; nothing was sent\.$/,
    ],
    ["too little for gas", new InsufficientFundsError({}), "tryAgain", /too little of the chain's own currency/],
    ["a root that changed", new RefusedError("", "RootNotClaimable", ["0x"]), "readAgain", /^This proof is outdated/],
    ["rewards claimed by someone else", new RefusedError("", "NothingToClaim", []), "readAgain", /nothing to claim/],
    [
      "a pause",
      new RefusedError("", "TreasuryPaused", []),
      "tryAgain",
      /^The Treasury is paused: .* No rewards are lost/,
    ],
    ["a transaction that was cancelled", new ReplacedError("0x1 was cancelled."), "tryAgain", /^0x1 was cancelled\.$/],
    ["a transaction that may still be mined", new StillPendingError("0x1 waits."), "none", /^0x1 waits\.$/],
    [
      "a transaction that was mined but reverted",
      new RefusedError("", "Reverted", []),
      "readAgain",
      /You paid only gas/,
    ],
    ...[
      {
        code: -32603,
        message: "Internal JSON-RPC error.",
        data: { message: "Nonce too high. Expected nonce to be 0 but got 90." },
      },
      new Error(
        '[ethjs-query] while formatting outputs from RPC \'{"value":{"code":-32603,"data":{"message":"Nonce too high."}}}\'',
      ),
      Object.assign(new Error("x"), { data: { originalError: { message: "nonce too low" } } }),
    ].map((thrown): [string, unknown, string, RegExp] => [
      `a wallet that counts an earlier chain's transactions: ${JSON.stringify(thrown).slice(0, 40)}`,
      new BaseError("The contract function reverted.", { cause: new InternalRpcError(thrown as Error) }),
      "tryAgain",
      /^Your wallet still counts the transactions of an earlier chain.*Clear activity tab data.*try again\.$/,
    ]),
    ["anything else", new Error("boom"), "tryAgain", /: boom$/],
  ];
  for (const [what, error, wayOn, sentence] of cases) {
    it(`says what to do about ${what}`, () => {
      const refusal = explainRefusal(error);
      expect(refusal.wayOn).to.equal(wayOn);
      expect(refusal.sentence).to.match(sentence);
    });
  }
});
