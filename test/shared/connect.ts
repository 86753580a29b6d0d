import { type Connection, connectThrough, transportOf } from "../../scripts/chain/connection";
import { eventsInMemory } from "../../scripts/chain/eventKeeping";

/** The deployment on the chain behind `url`, asked once for everything. @throws NotDeployedError where there is none. */
export function connect(url: string): Promise<Connection> {
  return connectThrough(transportOf(url), eventsInMemory);
}
