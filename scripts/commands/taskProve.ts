/** `task prove`: the proof of a result, for `task complete --proof`. */
import { writeFileSync } from "node:fs";
import { bytesToHex, hexToBytes, keccak256 } from "viem";
import { UnknownTaskError } from "../actions/taskEnds";
import { proofBinding } from "../core/proofStatement";
import { NoAnswerError } from "../nodes/protocol/asker";
import { referenceStringOf } from "../nodes/prover/referenceString";
import { openWorkProver } from "../nodes/prover/workProver";
import { provenModels } from "../views/taskTypes";
import { chainOf } from "./context";
import { parseWhole } from "./parameters";
import { tell } from "./progress";
import { untilSignalled } from "./signals";
import { type Run } from "./table";
import { readTaskFile } from "./taskFiles";

const longestMilliseconds = 3_600_000;

export const prove: Run<"task", "prove"> = async ({ task, file, input: inputFile, crs, out }, context) => {
  const taskId = parseWhole("task", task);
  const result = readTaskFile(file);
  const chain = await chainOf(context);
  const [submitted] = await chain.events.select(["TaskSubmitted"], { tasks: [taskId] });
  if (submitted === undefined) throw new UnknownTaskError(`There is no task ${taskId}: see "task list".`);
  const { typeId, minerId, inputHash, input: carried } = submitted.args;
  const modelHash = (await provenModels(chain)).get(typeId);
  if (modelHash === undefined) throw new Error(`Scores judge task ${taskId}: its type ${typeId} asks for no proof.`);
  const input = inputFile === undefined ? hexToBytes(carried) : readTaskFile(inputFile);
  if (keccak256(input) !== inputHash) {
    const given = inputFile === undefined ? "The chain does not carry" : `${inputFile} is not`;
    throw new Error(`${given} the input of task ${taskId}: name its file with --input.`);
  }
  const { choices, chainId } = chain.deployment;
  const prover = openWorkProver(referenceStringOf(crs, choices.network, process.env.MDT_DATA), longestMilliseconds);
  const complaint = prover.complaintAbout(modelHash);
  if (complaint !== undefined) throw new Error(`This machine can't prove results of model ${modelHash}: ${complaint}.`);
  tell(`Proving the result of task ${taskId}.`);
  const began = performance.now();
  const binding = proofBinding({ chainId, registry: chain.contracts.taskRegistry.address, taskId, minerId });
  const made = prover.prove({ modelHash, input, result }, binding, untilSignalled());
  const proof = hexToBytes(
    await made.catch((error: unknown) => {
      throw error instanceof NoAnswerError ? new Error(`Can't prove task ${taskId}: ${error.message}`) : error;
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const json = { taskId, minerId, modelHash, bytes: proof.length, seconds };
  if (out === undefined)
    return { json: { ...json, proof: Buffer.from(proof).toString("base64") }, text: bytesToHex(proof) };
  writeFileSync(out, proof);
  return { json: { ...json, file: out }, text: `The proof of task ${taskId}, ${proof.length} bytes, is in ${out}.` };
};
