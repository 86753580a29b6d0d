import { type AwaitedReveals } from "../views/revealWindow";
import { durationText } from "./duration";

/** The warning for people: whose scores will count as missed, and when. */
export function warningOf({ epoch, secondsLeft, validators }: AwaitedReveals): string {
  return `Not revealed yet for epoch ${epoch}, ${durationText(secondsLeft)} left: ${validators.join(", ")}. Run "npx hardhat score reveal".`;
}
