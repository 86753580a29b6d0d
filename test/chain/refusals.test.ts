import { expect } from "chai";
import {
  BaseError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  parseAbi,
  WaitForTransactionReceiptTimeoutError,
  type PublicClient,
} from "viem";
import { awaitReceipt, refusalOf, StillPendingError } from "../../scripts/chain/transact";
import { rejection } from "../shared/rejection";

const abi = parseAbi(["function act()", "error Odd(uint256 epoch, uint256)"]);

describe("The sentence about a contract's refusal", () => {
  const wordsOf = (
    cause: Omit<ConstructorParameters<typeof ContractFunctionRevertedError>[0], "abi" | "functionName">,
  ) => {
    const revert = new ContractFunctionRevertedError({ abi, functionName: "act", ...cause });
    const { message, errorName, values } = refusalOf("act", new BaseError("Outside.", { cause: revert }))!;
    return [message, errorName, values];
  };

  it("includes the names of the values that have one", () => {
    const data = encodeErrorResult({ abi, errorName: "Odd", args: [7n, 8n] });
    expect(wordsOf({ data })).to.deep.equal(["act was refused: Odd(epoch 7, 8).", "Odd", [7n, 8n]]);
  });

  it("includes the reason, or the four bytes of an unknown error", () => {
    expect(wordsOf({ message: "no" })).to.deep.equal(["act was refused: no.", "", []]);
    expect(wordsOf({ data: "0x12345678" })).to.deep.equal(["act was refused: 0x12345678.", "0x12345678", []]);
    expect(wordsOf({})).to.deep.equal(["act was refused: without a reason.", "", []]);
  });

  it("is undefined if something else failed", () => {
    for (const error of [new BaseError("Down."), new Error("Down."), "down", undefined])
      expect(refusalOf("act", error)).to.equal(undefined);
  });
});

describe("A transaction that no block includes", () => {
  const hash = `0x${"12".repeat(32)}` as const;

  it("is abandoned after ten minutes, and the error says what to do", async () => {
    const asked: unknown[] = [];
    const reader = {
      waitForTransactionReceipt: ({ timeout }: { timeout: number }) => {
        asked.push(timeout);
        return Promise.reject(new WaitForTransactionReceiptTimeoutError({ hash }));
      },
    } as unknown as PublicClient;
    const { message } = await rejection(
      awaitReceipt(reader, hash, () => undefined),
      StillPendingError,
    );
    expect(message).to.equal(
      `${hash} was sent ten minutes ago and is in no block yet: check what happened to it before you send it again.`,
    );
    expect(asked).to.deep.equal([600_000]);
  });

  it("fails with the node's error if the node can't be asked, and isn't reported as dropped", async () => {
    const down = new BaseError("Down.");
    let fail: (error: Error) => void;
    const reader = {
      waitForTransactionReceipt: () => new Promise((_, reject) => (fail = reject)),
      getTransaction: () => Promise.reject(down),
    } as unknown as PublicClient;
    const failure = rejection(
      awaitReceipt(reader, hash, ({ isKnown }) => {
        expect(isKnown).to.equal(true);
        fail(down);
      }),
      BaseError,
    );
    expect(await failure).to.equal(down);
  });
});
