import { join } from "node:path";
import { type OnProgress } from "../core/progress";
import { inMemory } from "../store/database";
import { EventStore } from "../store/eventStore";
import { dataDirectory, type Deployment } from "./deployment";

/** How the events of a deployment are kept. */
export interface EventKeeping {
  /** One store for each way to the chain: what one endpoint shows proves nothing of another. */
  readonly storeOf: (deployment: Deployment, name: string) => EventStore;
  /** Called with how far reading the chain is. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Keeps events in files under `root`, as in MDT_DATA. @param onProblem Called with one sentence about a file that was
 * given up.
 */
export function eventsIn(
  root: string | undefined,
  onProblem: (sentence: string) => void,
  onProgress?: OnProgress,
): EventKeeping {
  const storeOf = ({ id }: Deployment, name: string): EventStore =>
    new EventStore(join(dataDirectory(id, root), `${name}.sqlite`), id, onProblem);
  return { storeOf, onProgress };
}

/** Keeps events as long as the process lives. */
export const eventsInMemory: EventKeeping = { storeOf: ({ id }) => new EventStore(inMemory, id) };
