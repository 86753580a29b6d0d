import { RefusedError } from "../chain/transact";
import { fileSentence } from "../keeper/archive/readJsonFile";
import { refusalSentence, sentenceOf } from "./refusalSentences";

/**
 * What a command says where it failed, in one line.
 * @param forPrograms A contract's refusal is reported with its name and its values as they are, amounts in wei; for
 * people it says what it means, in MDT.
 */
export function errorSentence(error: unknown, forPrograms: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RefusedError && !forPrograms) return refusalSentence(error);
  return fileSentence(error) ?? sentenceOf(error);
}
