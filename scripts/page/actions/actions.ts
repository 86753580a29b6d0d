import { type Action } from "./action";
import { endpointAction, registerMinerAction } from "./minerForms";
import { autoStakeAction, claimAction, claimAndStakeAction, claimForAction, setRecipientAction } from "./rewardForms";
import { delegateAction, registerAction, stakeAction } from "./stakeForms";
import { completeTaskAction, refundTaskAction } from "./taskEndForms";
import { submitTaskAction } from "./taskForm";
import { redelegateAction, unstakeAction, withdrawAction } from "./unstakeForms";
import { commissionAction, operatorAction, profileAction, unjailAction } from "./validatorForms";

/** Everything that can be done, in the order in which it is shown. */
export const actions: readonly Action[] = [
  delegateAction,
  claimAction,
  claimAndStakeAction,
  autoStakeAction,
  redelegateAction,
  unstakeAction,
  withdrawAction,
  registerAction,
  stakeAction,
  commissionAction,
  operatorAction,
  profileAction,
  unjailAction,
  submitTaskAction,
  refundTaskAction,
  registerMinerAction,
  completeTaskAction,
  endpointAction,
  claimForAction,
  setRecipientAction,
];

/** The action at an address; the first where there is none of that name. */
export function actionAt(id: string | undefined): Action {
  return actions.find((action) => action.id === id) ?? delegateAction;
}
