import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";

command({
  scope: "task",
  name: "submit",
  description: "Pay for a task and name the miner that is to complete it",
  params: {
    miner: { kind: "required", description: "The miner, by id or by address" },
    input: {
      kind: "optional",
      description: "What the miner is to work on; only its hash goes on chain (default: empty)",
    },
    type: { kind: "optional", description: "Id of the task type (default 0)" },
    amount: { kind: "optional", description: "The fee in MDT (default: the least that the type costs)" },
    seconds: { kind: "optional", description: "Time until the deadline, in seconds (default 3600)" },
    from,
  },
  async run({ miner, input = "", type = "0", amount, seconds = "3600", from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/show/amounts");
    const { minerIdOf } = await import("../../scripts/actions/miners");
    const { submitTask } = await import("../../scripts/actions/tasks");
    const request = {
      typeId: parseWhole("type", type, 2 ** 32 - 1),
      feeWei: amount === undefined ? undefined : parseMdt(amount),
      seconds: parseWhole("seconds", seconds, 2 ** 32 - 1),
      input,
    };
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const minerId = await minerIdOf(chain, miner);
    const submitted = await submitTask(chain, signer, { minerId, ...request });
    return {
      json: { ...submitted, minerId, typeId: request.typeId },
      text: `Task ${submitted.taskId} waits for miner ${minerId} until ${new Date(submitted.deadline * 1_000).toISOString()}; its fee is ${formatMdt(submitted.feeWei)} MDT.`,
    };
  },
});
