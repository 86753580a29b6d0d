import { Gauge, type Registry } from "prom-client";
import { type Connection } from "../../chain/connection";

/** Shows whether the guardian has spoken. The chain is asked at each scrape; while it does not answer nothing is shown. */
export function rootMetrics(registry: Registry, { contracts }: Pick<Connection, "contracts">): void {
  new Gauge({
    name: "moderntensor_root_vetoed",
    help: "1 where the newest settled epoch's root was vetoed and not posted again",
    registers: [registry],
    async collect() {
      try {
        const [isVetoed] = await contracts.treasury.read.vetoedSettlement();
        this.set(Number(isVetoed));
      } catch {
        this.remove();
      }
    },
  });
}
