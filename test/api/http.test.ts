import { expect } from "chai";
import { OpenAPIHono } from "@hono/zod-openapi";
import { type GivenAnswer, limitRequests, reportAnswers, sayHowLong } from "../../scripts/api/http";
import { defaultApiSettings } from "../../scripts/api/source";
import { listenOn, type RunningServer } from "../../scripts/serve/server";

describe("Every answer of the API", () => {
  let server: RunningServer;
  let given: GivenAnswer[];

  async function serve(requestsPerMinute: number): Promise<void> {
    const app = new OpenAPIHono();
    app.use(reportAnswers((answer) => given.push(answer)));
    app.use(limitRequests(requestsPerMinute));
    app.get("/v1/slow/:what", async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      sayHowLong(c, c.req.param("what") === "final");
      return c.text("done");
    });
    app.get("/v1/broken", () => {
      throw new Error("It broke.");
    });
    app.get("/v1/epochs/:epoch/report/whole", (c) => c.text("whole"));
    app.get("/v1/epochs/:epoch/report", (c) => c.text("part"));
    app.get("/v1/accounts/:address/income.csv", (c) => c.text("rows"));
    app.onError((_, c) => c.json({ error: "Internal error." }, 500));
    server = await listenOn({ host: "127.0.0.1", port: 0 }, app);
  }

  const ask = (path: string) => fetch(`${server.url}${path}`);

  beforeEach(() => {
    given = [];
  });

  afterEach(() => server.close());

  it("is reported with its route, its status, its time and its error", async () => {
    await serve(100);
    const begun = performance.now();
    for (const path of ["/v1/slow/one", "/v1/broken", "/elsewhere"]) await (await ask(path)).text();
    expect(given.map(({ route, status }) => [route, status])).to.deep.equal([
      ["/v1/slow/:what", 200],
      ["/v1/broken", 500],
      ["other", 404],
    ]);
    expect(given.map(({ error }) => (error as Error | undefined)?.message)).to.deep.equal([
      undefined,
      "It broke.",
      undefined,
    ]);
    // Timers may be a millisecond early.
    expect(given[0]!.seconds).to.be.within(0.099, (performance.now() - begun) / 1_000);
  });

  it("may be cached for ever if it is final and the request names its deployment, and otherwise not", async () => {
    await serve(100);
    const kept = async (path: string) => (await ask(path)).headers.get("Cache-Control");
    expect(await kept("/v1/slow/final?deployment=a")).to.equal("public, max-age=31536000, immutable");
    for (const path of ["/v1/slow/final", "/v1/slow/other?deployment=a", "/v1/epochs/1/report", "/elsewhere"])
      expect(await kept(path), path).to.equal("no-cache");
  });

  for (const path of ["/v1/epochs/1/report/whole", "/v1/accounts/0x1/income.csv"]) {
    it(`counts as twenty requests if it answers ${path}`, async () => {
      await serve(30);
      expect((await ask(path)).status).to.equal(200);
      const refused = await ask(path);
      expect([refused.status, await refused.json()]).to.deep.equal([
        429,
        {
          error:
            "A client may send 30 requests a minute, and this one counts as 20: ask again after Retry-After seconds.",
        },
      ]);
      // Ten are left, and half of one more comes each second.
      expect(Number(refused.headers.get("Retry-After"))).to.be.within(1, 20);
      for (let i = 0; i < 10; i++) expect((await ask("/v1/epochs/1/report")).status).to.equal(200);
    });
  }
});

describe("The limits of the API", () => {
  it("are by default 600 requests a minute per client, a head 1 s old, 5 s of waiting and a survey 30 s old", () => {
    expect(defaultApiSettings).to.deep.equal({
      requestsPerMinute: 600,
      headAgeMilliseconds: 1_000,
      patienceMilliseconds: 5_000,
      surveyMilliseconds: 30_000,
    });
  });
});
