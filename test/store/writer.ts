/** A process that adds ranges of blocks to a store, as `writer.ts PATH UNTIL`, and prints how many it added itself. */
import { EventStore } from "../../scripts/store/eventStore";
import { rangeOf } from "./events";

if (require.main === module) {
  const [path, until] = [process.argv[2]!, Number(process.argv[3])];
  const store = new EventStore(path, "the deployment");
  let added = 0;
  for (;;) {
    const newest = store.lastRead();
    const first = (newest?.number ?? -1) + 1;
    if (first > until) break;
    if (store.replace(newest, rangeOf(first, first + 4))) added++;
  }
  process.stdout.write(`${added}\n`);
}
