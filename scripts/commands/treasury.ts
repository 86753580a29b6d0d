/** What guardian and admin do by hand, with a key or a Safe: stop the Treasury, let it continue, take a root away. */
import { addressOf } from "../chain/signer";
import { type ContractCall, transact } from "../chain/transact";
import { type abis } from "../chain/abis";
import { type CommandOutput } from "./command";
import { chainAndSignerOf } from "./context";
import { type Sending } from "./drafts";
import { type Context } from "./network";
import { parseWhole } from "./parameters";
import { type Runs } from "./table";

export const runs: Runs<"treasury"> = {
  pause: (sending, context) =>
    act(sending, context, { functionName: "pause", args: [] }, [
      "Settling, reposting and claiming stop. Tasks, staking and withdrawals continue.",
      "A guardian's pause ends automatically after 14 days, an admin's when the admin ends it.",
    ]),

  unpause: (sending, context) =>
    act(sending, context, { functionName: "unpause", args: [] }, [
      "Settling, reposting and claiming resume. The claim delay of a pending root starts again.",
    ]),

  veto({ epoch: epochText, ...sending }, context) {
    const epoch = parseWhole("epoch", epochText);
    return act(sending, context, { functionName: "vetoRoot", args: [BigInt(epoch)] }, [
      `This removes the pending root if it is of epoch ${epoch} or later; during a pause it also removes such claimable roots.`,
      "No money moves. The next settlement, or a repost, makes the rewards claimable again.",
    ]);
  },
};

async function act(
  sending: Sending,
  context: Context,
  call: Pick<ContractCall<typeof abis.Treasury, "pause" | "unpause" | "vetoRoot">, "functionName" | "args">,
  statements: readonly string[],
): Promise<CommandOutput> {
  const { chain, signer } = await chainAndSignerOf(context, sending);
  const { transactionHash } = await transact(chain, signer, { ...chain.contracts.treasury, ...call }, statements);
  return { json: { account: addressOf(signer), transactionHash }, text: statements.join("\n") };
}
