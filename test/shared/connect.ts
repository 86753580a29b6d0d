import { type Connection, connectThrough, transportOf, eventsInMemory } from "../../scripts/chain/connection";

/** The deployment on the chain behind `url`, asked once for everything. @throws NotDeployedError if there is none. */
export function connect(url: string): Promise<Connection> {
  return connectThrough(transportOf(url), eventsInMemory);
}
