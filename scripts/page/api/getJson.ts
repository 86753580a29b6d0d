/** The page's server did not answer as it should; the message is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
}

/**
 * Asks the server that the page came from.
 * @param path Absolute, as "/v1/deployment".
 * @throws ApiError where it does not answer, or answers with an error: then with the server's own sentence.
 */
export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { accept: "application/json" } }).catch(() => {
    throw new ApiError(
      'The page\'s server does not answer: start it again with "npx mdt dashboard", or wait for its operator.',
    );
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(errorOf(body) ?? `The page's server answered with status ${response.status}.`);
  return body as T;
}

/** The API's errors are `{ error: "one sentence" }`. */
function errorOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  return typeof body.error === "string" ? body.error : undefined;
}
