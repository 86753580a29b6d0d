/** A scenario whose numbers don't fit together, and which of them to change. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}
