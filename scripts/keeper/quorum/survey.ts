import { type Hex } from "viem";
import { type AskingRules } from "../../chain/endpoints/askEndpoint";
import { type Connection } from "../../chain/connection";
import { RefusedInputError } from "../../core/strictJson";
import { type Electorate } from "./electorate";
import { ask, type Gathered, judgementOn, type Unsigned } from "./gather";
import { readSignedSettlement } from "./signedSettlement";
import { domainOf, type Statement, settlementStatement } from "./statement";

/**
 * Asks an epoch's validators what they signed, without computing it: of the settlement that the most stake has signed, who signed
 * it, and who did not and why. Each node is asked once, and each signature looked at twice at most.
 */
export async function surveySignatures(
  connection: Connection,
  { epoch, signers }: Electorate,
  rules: AskingRules,
): Promise<Gathered> {
  const { signal } = new AbortController();
  const weights = new Map<Hex, bigint>();
  let leading: Statement | undefined;
  const answers = await Promise.all(
    signers.map(async (signer) => {
      const without = (reason: string) => ({ answer: undefined, unsigned: { ...signer, differs: false, reason } });
      const asked = await ask(connection, signer.validator, `/v1/settlements/${epoch}`, rules, signal);
      if (asked.kind === "nothing") return without(asked.reason);
      const shown = shownStatement(connection, epoch, asked.json);
      if (shown === undefined) return without(`shows no settlement of epoch ${epoch}`);
      const judged = await judgementOn(connection, signer, shown, asked.json);
      if (!("signature" in judged)) return { answer: undefined, unsigned: judged };
      const weightWei = (weights.get(shown.digest) ?? 0n) + signer.stakeWei;
      weights.set(shown.digest, weightWei);
      if (leading === undefined || weightWei >= weights.get(leading.digest)!) leading = shown;
      return { signer, answer: asked.json };
    }),
  );
  const judgements = await Promise.all(
    answers.map(async (one) =>
      "signer" in one ? judgementOn(connection, one.signer, leading!, one.answer) : one.unsigned,
    ),
  );
  return {
    signed: judgements.filter((one) => "signature" in one),
    unsigned: judgements.filter((one): one is Unsigned => !("signature" in one)),
  };
}

/** What a node shows as a statement of its own; undefined where that is no settlement of the epoch. */
function shownStatement(connection: Connection, epoch: number, json: unknown): Statement | undefined {
  try {
    const { settlement } = readSignedSettlement(json);
    return settlement.epoch === BigInt(epoch) ? settlementStatement(domainOf(connection), settlement) : undefined;
  } catch (error) {
    if (error instanceof RefusedInputError) return undefined;
    throw error;
  }
}
