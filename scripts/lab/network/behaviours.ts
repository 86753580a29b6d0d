/** Workers and scorers that do not do what they should, over HTTP, as docs/nodes.md says that nodes ask. */
import { Hono } from "hono";
import { isImage } from "../../nodes/digits/image";
import { digitIn } from "../../nodes/digits/model";

/** What a node asks a worker, as far as it matters here. */
interface WorkQuestion {
  readonly input: string;
}

/** What a node asks a scorer, as far as it matters here. */
interface ScoreQuestion {
  readonly miner: { readonly id: number };
  readonly tasks: readonly unknown[];
}

/**
 * `POST /poor` is a worker that answers a wrong digit for half of all images, `POST /lazy` a scorer that gives 1 to everything, and
 * `POST /copying` one that gives each miner what was agreed on it in the last settled epoch.
 * @param agreedOn That score, 0 to 1, by the miner's id; null before there is one.
 */
export function behaviourRoutes(agreedOn: (minerId: number) => number | null): Hono {
  const app = new Hono();
  app.post("/poor", async (c) => {
    const { input } = await c.req.json<WorkQuestion>();
    const image = Buffer.from(input, "base64");
    if (!isImage(image)) return c.json({ decline: "not an image" });
    const isWrong = image.reduce((sum, grey) => sum + grey, 0) % 2 === 1;
    const digit = (digitIn(image) + (isWrong ? 1 : 0)) % 10;
    return c.json({ result: Buffer.of(digit).toString("base64") });
  });
  app.post("/lazy", async (c) => {
    const { tasks } = await c.req.json<ScoreQuestion>();
    return c.json({ scores: tasks.map(() => 1) });
  });
  app.post("/copying", async (c) => {
    const { miner, tasks } = await c.req.json<ScoreQuestion>();
    return c.json({ scores: tasks.map(() => agreedOn(miner.id)) });
  });
  return app;
}
