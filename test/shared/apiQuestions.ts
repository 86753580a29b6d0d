/**
 * A question for each route that an OpenAPI document has, in its order: about task 1.
 * @param document As `/openapi.json` answers.
 */
export function apiQuestions(document: unknown, account: string, epoch: number): readonly string[] {
  return Object.keys((document as { readonly paths: object }).paths).map((path) =>
    path
      .replace("{epoch}", String(epoch))
      .replace("{task}", "1")
      .replace("{address}", account)
      .replace("/names", `/names?accounts=${account}`),
  );
}
