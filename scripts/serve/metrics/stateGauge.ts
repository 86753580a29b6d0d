import { Gauge, type Registry } from "prom-client";

/** Shows one figure of a service's state. */
export type StateGauge<S> = (name: string, help: string, value: (state: S) => number | null) => void;

/**
 * Shows figures of a state, which is asked for at each scrape; what is null is not shown.
 * @param prefix What every name begins with.
 */
export function stateGauges<S>(registry: Registry, prefix: string, stateOf: () => S): StateGauge<S> {
  return (name, help, value) => {
    new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers: [registry],
      collect() {
        const current = value(stateOf());
        if (current === null) this.remove();
        else this.set(current);
      },
    });
  };
}
