/** The clients of a network: they send real digits, and check the answers. */
import { setTimeout as sleep } from "node:timers/promises";
import { digitImages } from "../../nodes/digits/samples";
import { type TaskClient } from "../../nodes/clients/taskClient";
import { sentenceOf } from "../../show/refusalSentences";
import { miners, provenType, scoredType } from "./cast";

/** What became of the sent digits. */
export interface Tally {
  readonly right: number;
  /** Answers other than the digit that a person wrote: the model itself reads one in twelve wrong. */
  readonly wrong: number;
  /** No answer before the deadline; the fee came back. */
  readonly missed: number;
  /** Answers that came with a proof, among the others. */
  readonly proven: number;
}

/** How clients ask. */
export interface AskingOptions {
  readonly gatewayUrl: string;
  /** The client that asks each miner in turn. */
  readonly loyal: TaskClient;
  readonly secondsBetween: number;
  /** Whether some of the digits are to be proven. */
  readonly asksForProofs: boolean;
  /** How long a miner has for a task. */
  readonly deadlineSeconds: number;
  readonly stopping: AbortSignal;
  /** Called when something happens that shouldn't. */
  readonly onTrouble: (kind: string, sentence: string) => void;
}

/** One in this many digits goes to the next miner in turn, whichever it is; for the others the gateway picks miners. */
const loyalEvery = 3;

/** One in this many digits must be proven, by the next honest miner in turn. */
const provenEvery = 10;
const provers = miners.flatMap(({ behaviour }, index) => (behaviour === "honest" ? [index + 1] : []));

/** Most digits that wait for their answers at a time. */
const mostOpen = 64;

type Answer = { readonly kind: "digit"; readonly digit: number | undefined } | { readonly kind: "missed" };

/** Sends one digit after the other until it is stopped. @returns What became of those answered so far. */
export function sendDigits(options: AskingOptions): { readonly tally: () => Tally; readonly ended: Promise<void> } {
  const tally = { right: 0, wrong: 0, missed: 0, proven: 0 };
  let open = 0;
  const ask = async (n: number): Promise<void> => {
    const { image, digit } = digitImages[n % digitImages.length]!;
    try {
      const answer = await askOne(options, image, n);
      if (answer.kind === "missed") tally.missed++;
      else tally[answer.digit === digit ? "right" : "wrong"]++;
      if (answer.kind === "digit" && isToBeProven(options, n)) tally.proven++;
    } catch (error) {
      if (!options.stopping.aborted) options.onTrouble("asking", sentenceOf(error));
    }
  };
  const run = async (): Promise<void> => {
    for (let n = 0; !options.stopping.aborted; n++) {
      if (open < mostOpen) {
        open++;
        void ask(n).finally(() => open--);
      }
      await sleep(options.secondsBetween * 1_000, undefined, { signal: options.stopping }).catch(() => undefined);
    }
  };
  return { tally: () => ({ ...tally }), ended: run() };
}

/** Asks for the n-th digit. */
function askOne(options: AskingOptions, image: Uint8Array, n: number): Promise<Answer> {
  const turn = Math.floor(n / loyalEvery);
  if (isToBeProven(options, n))
    return askLoyally(options, image, provers[Math.floor(n / provenEvery) % provers.length]!, provenType);
  return n % loyalEvery === 0
    ? askLoyally(options, image, (turn % miners.length) + 1, scoredType)
    : askGateway(options, image);
}

function isToBeProven({ asksForProofs }: AskingOptions, n: number): boolean {
  return asksForProofs && n % provenEvery === 1;
}

async function askLoyally(
  { loyal, deadlineSeconds }: AskingOptions,
  input: Uint8Array,
  minerId: number,
  typeId: number,
): Promise<Answer> {
  const { kind, result } = await loyal.run({ typeId, input, seconds: deadlineSeconds, minerId });
  return kind === "missed" ? { kind } : { kind: "digit", digit: result?.[0] };
}

async function askGateway(
  { gatewayUrl, deadlineSeconds, stopping }: AskingOptions,
  image: Uint8Array,
): Promise<Answer> {
  const response = await fetch(`${gatewayUrl}/v1/run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      typeId: scoredType,
      input: Buffer.from(image).toString("base64"),
      seconds: deadlineSeconds,
    }),
    signal: stopping,
  });
  const answer = (await response.json()) as { readonly result?: string; readonly error?: string };
  if (answer.result !== undefined) return { kind: "digit", digit: Buffer.from(answer.result, "base64")[0] };
  if (response.status === 504) return { kind: "missed" };
  throw new Error(`The gateway answers ${response.status}: ${answer.error}`);
}
