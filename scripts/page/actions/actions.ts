import { type Action } from "./action";
import { claimAction, claimForAction } from "./kinds/claim";
import { claimAndStakeAction } from "./kinds/claimAndStake";
import { delegateAction } from "./kinds/delegate";
import { registerAction } from "./kinds/register";
import { setRecipientAction } from "./kinds/setRecipient";
import { stakeAction } from "./kinds/stake";
import { submitTaskAction } from "./kinds/submitTask";
import { unstakeAction } from "./kinds/unstake";
import { withdrawAction } from "./kinds/withdraw";

/** Everything that can be done, in the order in which it is shown. */
export const actions: readonly Action[] = [
  delegateAction,
  claimAction,
  claimAndStakeAction,
  unstakeAction,
  withdrawAction,
  registerAction,
  stakeAction,
  submitTaskAction,
  claimForAction,
  setRecipientAction,
];

/** The action at an address; the first where there is none of that name. */
export function actionAt(id: string | undefined): Action {
  return actions.find((action) => action.id === id) ?? delegateAction;
}
