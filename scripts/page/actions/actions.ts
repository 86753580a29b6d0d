import { type Action } from "./action";
import { claimAction, claimAndStakeAction, claimForAction, setRecipientAction } from "./rewardForms";
import { delegateAction, registerAction, stakeAction } from "./stakeForms";
import { submitTaskAction } from "./taskForm";
import { redelegateAction, unstakeAction, withdrawAction } from "./unstakeForms";

/** Everything that can be done, in the order in which it is shown. */
export const actions: readonly Action[] = [
  delegateAction,
  claimAction,
  claimAndStakeAction,
  redelegateAction,
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
