/** A process that adds ranges of blocks to a store, as `writer.ts PATH UNTIL`, and says how many it added itself. */
import { EventStore } from "../../scripts/store/eventStore";
import { endAt, eventsOf } from "./events";

if (require.main === module) {
  const [path, until] = [process.argv[2]!, Number(process.argv[3])];
  const store = new EventStore(path, "the deployment");
  let added = 0;
  for (;;) {
    const [newest] = store.readBlocks();
    const first = (newest?.number ?? -1) + 1;
    if (first > until) break;
    if (store.append(newest, eventsOf(first, first + 4), endAt(first + 4), () => true)) added++;
  }
  process.stdout.write(`${added}\n`);
}
