import { expect } from "chai";
import { RefusedError } from "../../scripts/chain/transact";

/** The error that a promise fails with, which must be of this class. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  return expect.fail(`It should have failed with ${type.name}.`);
}

/** The custom error with which a contract refuses, and its values. */
export async function refusal(promise: Promise<unknown>): Promise<Pick<RefusedError, "errorName" | "values">> {
  const { errorName, values } = await rejection(promise, RefusedError);
  return { errorName, values };
}
