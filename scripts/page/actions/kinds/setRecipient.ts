import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { FormReader } from "../fields";
import { inNextBlock } from "../stakeFacts";

/** Chooses where one's rewards are paid. */
export const setRecipientAction: Action = {
  id: "recipient",
  title: "Set a recipient",
  purpose: "Have your rewards paid to another address, whoever claims them.",
  open: async (site) =>
    setRecipientForm(site, await site.contracts.treasury.read.claimRecipientOf([site.account], inNextBlock)),
};

/** The form, and what comes of it. Choosing oneself takes an earlier choice back. */
export function setRecipientForm({ contracts, account }: Site, current: Address): OpenAction {
  const { treasury } = contracts;
  const isSelf = (address: Address) => isAddressEqual(address, account);
  return {
    standing: [`Your rewards are paid to ${isSelf(current) ? "yourself" : current} now.`],
    fields: () => [
      {
        kind: "address",
        name: "recipient",
        label: "Recipient",
        hint: "Your own address takes an earlier choice back.",
      },
    ],
    plan: (values) => {
      const form = new FormReader(values);
      const recipient = form.address("recipient");
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      if (isAddressEqual(recipient, current)) {
        return { kind: "nothing", sentence: "Your rewards are paid there already." };
      }
      const where = isSelf(recipient) ? "yourself again" : recipient;
      return {
        kind: "plan",
        plan: {
          call: callOf({
            ...treasury,
            functionName: "setClaimRecipient",
            args: [isSelf(recipient) ? zeroAddress : recipient],
          }),
          payment: null,
          statements: [
            `From now on your rewards are paid to ${where}, whoever claims them.`,
            ...(isSelf(recipient)
              ? []
              : [
                  "Check the address letter by letter: what is paid there can't be called back. You can change it at any time.",
                ]),
          ],
          result: () => `Your rewards are now paid to ${where}.`,
        },
      };
    },
  };
}
