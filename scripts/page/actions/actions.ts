import { type Action } from "./form";
import * as reward from "./rewardForms";
import * as stake from "./stakeForms";
import * as validator from "./validatorForms";
import * as work from "./workForms";

/** All actions by purpose, in the order in which they are shown. */
export const actionGroups: readonly { readonly title: string; readonly actions: readonly Action[] }[] = [
  {
    title: "Earn",
    actions: [
      stake.delegateAction,
      reward.claimAction,
      reward.claimAndStakeAction,
      reward.autoStakeAction,
      stake.redelegateAction,
      stake.unstakeAction,
      stake.withdrawAction,
      reward.setRecipientAction,
      reward.claimForAction,
    ],
  },
  {
    title: "Validate",
    actions: [
      validator.registerAction,
      validator.stakeAction,
      validator.commissionAction,
      validator.operatorAction,
      validator.unjailAction,
    ],
  },
  { title: "Get work done", actions: [work.submitTaskAction, work.refundTaskAction] },
  { title: "Work", actions: [work.registerMinerAction, work.completeTaskAction] },
  { title: "Introduce yourself", actions: [validator.profileAction, work.endpointAction] },
];

export const actions: readonly Action[] = actionGroups.flatMap((group) => group.actions);

/** The action with an id; the first action if there is none. */
export function actionAt(id: string | undefined): Action {
  return actions.find((action) => action.id === id) ?? stake.delegateAction;
}
