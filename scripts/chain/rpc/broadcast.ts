import { setTimeout as sleep } from "node:timers/promises";
import { type Hex } from "viem";
import { answerToSending, classify } from "../nodeErrors";
import { type Endpoint } from "./endpoint";
import { backoffMilliseconds, EndpointFault } from "./endpointState";
import { type Endpoints, exchange } from "./exchange";
import { NoAnswerError } from "./noAnswer";
import { type Answer, type Call } from "./jsonRpc";
import { flawOf } from "./shapes";

/** What one endpoint said to a signed transaction; null where it could not say anything that counts. */
type Said = { readonly answer: Answer; readonly isDecisive: boolean } | null;

/**
 * Hands a signed transaction to every endpoint in use at once, so that none which is deaf or swallows it keeps it from being
 * mined. The bytes are the same, so it is one transaction, and the first endpoint that takes it is enough.
 * @returns A refusal only where all refuse.
 */
export async function broadcast(pool: Endpoints, call: Call): Promise<Answer | NoAnswerError> {
  const { endpoints, headTracker, settings, chance } = pool;
  let guess: Answer | undefined;
  for (let attempt = 1; ; attempt++) {
    await headTracker.keepUp();
    const inUse = endpoints.filter(({ state }) => state.disabled === null);
    const said = await firstToTake(inUse.map((endpoint) => handTo(endpoint, call, pool)));
    const best = said.find((one) => one?.isDecisive === true);
    if (best) return best.answer;
    guess = said.find((one) => one !== null)?.answer ?? guess;
    if (attempt === settings.attempts) return guess ?? nobodyTook(endpoints);
    const asked = endpoints.map(({ state }) => ({ state, tried: true, refuses: false }));
    await sleep(backoffMilliseconds(asked, attempt, chance.random()));
  }
}

/** What the first endpoint says that takes it, as soon as it does; what all say where none does. */
async function firstToTake(handed: readonly Promise<Said>[]): Promise<readonly Said[]> {
  const takers = handed.map(async (one) => {
    const said = await one;
    if (said?.answer.kind !== "result") throw new Error("It was not accepted.");
    return said;
  });
  return Promise.any(takers).then(
    (taken) => [taken],
    () => Promise.all(handed),
  );
}

async function handTo(endpoint: Endpoint, call: Call, pool: Endpoints): Promise<Said> {
  const blame = (fault: EndpointFault): null => {
    endpoint.blame(fault, call.method);
    return null;
  };
  let answer: Answer;
  try {
    [answer] = (await endpoint.ask([call])) as readonly [Answer];
  } catch (error) {
    if (error instanceof EndpointFault) return null;
    throw error;
  }
  if (answer.kind === "result") {
    const flaw = flawOf(call, answer.result);
    return flaw === undefined ? { answer, isDecisive: true } : blame(new EndpointFault("malformed", flaw));
  }
  const meant = await answerToSending(call, answer, (hash) => isOnChain(pool, hash));
  if (meant.kind === "result") return { answer: meant, isDecisive: true };
  const found = classify(call, answer.error);
  if (found.kind === "fault" || found.kind === "eitherLimit") return blame(found.fault);
  return answer.fault === undefined ? { answer, isDecisive: found.kind !== "elsewhere" } : blame(answer.fault);
}

async function isOnChain(pool: Endpoints, hash: Hex): Promise<boolean> {
  const question = { method: "eth_getTransactionByHash", params: [hash] };
  // Nobody is to be accused for it.
  const [found] = await exchange({ ...pool, onAnswer: () => undefined }, [question]);
  return found !== undefined && "kind" in found && found.kind === "result" && found.result !== null;
}

function nobodyTook(endpoints: readonly Endpoint[]): NoAnswerError {
  const failures = endpoints.map(({ origin, state }) => `${origin} ${state.disabled?.reason ?? "failed too often"}`);
  return new NoAnswerError(`No endpoint accepted the transaction: ${failures.join("; ")}.`);
}
