import { type GivenAnswer } from "../api/source";
import { reasonOf } from "../keeper/run/reasonOf";

/** Tells, in one sentence, why an answer was a 500; nothing of any other answer, for that is no mistake of ours. */
export function tellMistake({ route, status, error }: GivenAnswer, tell: (sentence: string) => void): void {
  if (status === 500) tell(`The API failed at ${route}: ${reasonOf(error)}`);
}
