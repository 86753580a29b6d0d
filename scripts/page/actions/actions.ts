import { type Action } from "./action";
import { endpointAction, registerMinerAction } from "./minerForms";
import { autoStakeAction, claimAction, claimAndStakeAction, claimForAction, setRecipientAction } from "./rewardForms";
import { delegateAction, registerAction, stakeAction } from "./stakeForms";
import { completeTaskAction, refundTaskAction } from "./taskEndForms";
import { submitTaskAction } from "./taskForm";
import { redelegateAction, unstakeAction, withdrawAction } from "./unstakeForms";
import { commissionAction, operatorAction, profileAction, unjailAction } from "./validatorForms";

/** Everything that can be done, by what it is for, in the order in which it is shown. */
export const actionGroups: readonly { readonly title: string; readonly actions: readonly Action[] }[] = [
  {
    title: "Earn",
    actions: [
      delegateAction,
      claimAction,
      claimAndStakeAction,
      autoStakeAction,
      redelegateAction,
      unstakeAction,
      withdrawAction,
      setRecipientAction,
      claimForAction,
    ],
  },
  {
    title: "Validate",
    actions: [registerAction, stakeAction, commissionAction, operatorAction, unjailAction],
  },
  { title: "Have work done", actions: [submitTaskAction, refundTaskAction] },
  { title: "Work", actions: [registerMinerAction, completeTaskAction] },
  { title: "Introduce yourself", actions: [profileAction, endpointAction] },
];

export const actions: readonly Action[] = actionGroups.flatMap((group) => group.actions);

/** The action at an address; the first where there is none of that name. */
export function actionAt(id: string | undefined): Action {
  return actions.find((action) => action.id === id) ?? delegateAction;
}
