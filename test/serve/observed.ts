import { expect } from "chai";
import { type Registry } from "prom-client";
import {
  type Check,
  healthLimits,
  healthRoutes,
  newState,
  type Observable,
  type Pulse,
  stateAfter,
  type Vitals,
} from "../../scripts/serve/health";
import { type ObservedEvent, openMetrics } from "../../scripts/serve/metrics";

/** A service that was started at 1,000 and received each event at its time. */
export function observed<S extends Pulse, E extends ObservedEvent>(
  service: Observable<S, E>,
  events: readonly (readonly [at: number, event: E])[],
) {
  let [now, state] = [1_000, newState(service, 1_000)];
  const metrics = openMetrics(
    service,
    () => state,
    () => now,
  );
  for (const [at, event] of events) {
    [now, state] = [at, stateAfter(service, state, event, at)];
    metrics.onEvent(event);
  }
  const answerAt = async (moment: number, path: string, change: Partial<Vitals<S>> = {}) => {
    const vitals: Vitals<S> = {
      limits: healthLimits(12, 86_400),
      now: () => moment,
      state: () => state,
      endpoints: () => [{ endpoint: "https://a.example", disabled: null, headBlock: 9n }],
      isGuardian: null,
    };
    const response = await healthRoutes({ ...vitals, ...change }, service.check).request(path);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    metrics,
    metricsAt(moment: number): Promise<ReadonlyMap<string, number>> {
      now = moment;
      return figuresIn(metrics.registry);
    },
    answerAt,
    /** The sentences of the checks that fail. */
    async failingAt(moment: number, change: Partial<Vitals<S>> = {}): Promise<readonly string[]> {
      const { status, body } = await answerAt(moment, "/readyz", change);
      const failed = (body.checks as readonly Check[]).filter(({ ok }) => !ok).map(({ says }) => says);
      expect(status).to.equal(failed.length === 0 ? 200 : 503);
      return failed;
    },
  };
}

/** The project's own metrics in a registry, by name and labels. */
export async function figuresIn(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("moderntensor_"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}
