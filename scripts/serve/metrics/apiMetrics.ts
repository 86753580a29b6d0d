import { Histogram, type Registry } from "prom-client";
import { type GivenAnswer } from "../../api/source";

/** Shows what the API answered, and how fast. @returns What createApi tells of each answer. */
export function apiMetrics(registry: Registry): (answer: GivenAnswer) => void {
  const answers = new Histogram({
    name: "moderntensor_api_answer_seconds",
    help: "How long answers of the HTTP API took, by route and status",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return ({ route, status, seconds }) => {
    answers.observe({ route, status: String(status) }, seconds);
  };
}
