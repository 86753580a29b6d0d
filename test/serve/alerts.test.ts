import { expect } from "chai";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type Alerts, openAlerts } from "../../scripts/serve/reporting";
import { type Wording } from "../../scripts/show/describeEvent";

interface Event {
  readonly kind: "looked" | "failed" | "halted" | "sent";
  readonly epoch: number;
  readonly feeWei?: bigint;
}

const wording: Wording<Event> = {
  levels: { looked: "debug", failed: "warn", halted: "error" },
  describe: ({ kind, epoch }) => `It ${kind} in epoch ${epoch}.`,
};

/** An alert as a receiver gets it. */
interface Alert {
  readonly kind: string;
  readonly text: string;
  readonly count: number;
  readonly at: string;
}

describe("Alerts by webhook", () => {
  const servers: Server[] = [];
  const got: Alert[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  let troubles: string[];

  beforeEach(() => {
    got.length = 0;
    troubles = [];
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function receiver(answer: RequestListener = (_, response) => response.end("ok"), path = "/hook/secret") {
    const server = createServer((request, response) => {
      void json(request).then((alert) => {
        got.push(alert as Alert);
        answer(request, response);
        if (waiting !== undefined && got.length >= waiting.count) waiting.resolve();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  }
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (got.length >= count) resolve();
      waiting = { count, resolve };
    });
  const open = (url: string, pace = { quietMilliseconds: 60_000 }): Alerts<Event> =>
    openAlerts(url, "keeper", wording, (sentence) => troubles.push(sentence), {
      timeoutMilliseconds: 500,
      closeMilliseconds: 2_000,
      ...pace,
    });

  it("are sent for warnings and errors, in a form that Slack and Discord show, with every digit of amounts", async () => {
    const alerts = open(await receiver());
    for (const kind of ["looked", "sent", "failed"] as const) alerts.onEvent({ kind, epoch: 3, feeWei: 10n ** 20n });
    await until(1);
    await alerts.close();
    const [{ at, ...alert }, ...others] = got as [Alert, ...Alert[]];
    expect(others).to.deep.equal([]);
    expect(alert).to.deep.equal({
      ...{ service: "keeper", level: "warn", kind: "failed", count: 1 },
      text: "keeper: It failed in epoch 3.",
      content: "keeper: It failed in epoch 3.",
      event: { kind: "failed", epoch: 3, feeWei: "100000000000000000000" },
    });
    expect(new Date(at).toISOString()).to.equal(at);
    expect(troubles).to.deep.equal([]);
  });

  it("of one kind are sent at intervals, the newest with a count; other kinds don't wait for them", async () => {
    const alerts = open(await receiver(), { quietMilliseconds: 300 });
    alerts.onEvent({ kind: "failed", epoch: 0 });
    await until(1);
    for (let epoch = 1; epoch <= 1_000; epoch++) alerts.onEvent({ kind: "failed", epoch });
    alerts.onEvent({ kind: "halted", epoch: 1_000 });
    await until(3);
    expect(got.map(({ text }) => text)).to.deep.equal([
      "keeper: It failed in epoch 0.",
      "keeper: It halted in epoch 1000.",
      "keeper: It failed in epoch 1000. (1000 times)",
    ]);
    await alerts.close();
  });

  it("that are waiting when the service ends are sent then", async () => {
    const alerts = open(await receiver());
    alerts.onEvent({ kind: "failed", epoch: 0 });
    await until(1);
    alerts.onEvent({ kind: "failed", epoch: 1 });
    alerts.onEvent({ kind: "failed", epoch: 2 });
    await alerts.close();
    expect(got.map(({ text, count }) => [text, count])).to.deep.equal([
      ["keeper: It failed in epoch 0.", 1],
      ["keeper: It failed in epoch 2. (2 times)", 2],
    ]);
  });

  it("are sent one at a time", async () => {
    let [open_, most] = [0, 0];
    const url = await receiver((_, response) => {
      most = Math.max(most, ++open_);
      setTimeout(() => {
        open_--;
        response.end();
      }, 20);
    });
    const alerts = open(url);
    for (const kind of ["failed", "halted"] as const) alerts.onEvent({ kind, epoch: 1 });
    await until(2);
    await alerts.close();
    expect(most).to.equal(1);
  });

  it("wait without loss while the webhook fails or hangs, which is reported once, with its origin", async () => {
    const answers: RequestListener[] = [
      (_, response) => response.writeHead(500).end(),
      () => undefined,
      (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end(),
    ];
    const url = await receiver((request, response) => {
      const answer = answers.shift();
      if (answer === undefined) response.end();
      else answer(request, response);
    });
    const alerts = open(url, { quietMilliseconds: 20 });
    alerts.onEvent({ kind: "halted", epoch: 1 });
    await until(1);
    alerts.onEvent({ kind: "halted", epoch: 2 });
    await until(4);
    expect(got.at(-1)).to.include({ text: "keeper: It halted in epoch 2. (2 times)", count: 2 });
    expect(troubles).to.deep.equal([
      `The webhook at ${new URL(url).origin} answers 500. Alerts are kept and sent when it works again.`,
    ]);
    await alerts.close();
    // Another outage is reported again.
    answers.push((_, response) => response.writeHead(503).end());
    alerts.onEvent({ kind: "failed", epoch: 3 });
    await alerts.close();
    expect(troubles).to.have.length(2);
    expect(troubles.join()).not.to.contain("secret");
  });

  it("don't keep the service from ending if the webhook is gone or hangs", async () => {
    const hanging = await receiver(() => undefined);
    const gone = await receiver();
    servers.pop()!.close();
    for (const url of [hanging, gone]) {
      const alerts = open(url);
      for (const kind of ["failed", "halted"] as const) alerts.onEvent({ kind, epoch: 1 });
      await alerts.close();
    }
    expect(troubles.map((text) => text.replace(/^.*:\d+ /, ""))).to.deep.equal([
      "did not answer in time. Alerts are kept and sent when it works again.",
      "can't be reached (ECONNREFUSED). Alerts are kept and sent when it works again.",
    ]);
  });

  it("go to an http or https URL without a password; a refused URL isn't repeated", () => {
    for (const url of ["secret", "ftp://a.example/secret", "https://user:secret@a.example/"]) {
      expect(() => open(url)).to.throw(
        Error,
        /^MDT_WEBHOOK must be an http or https URL without a user name or password\.$/,
      );
    }
  });

  it("are cut to the 2,000 characters that a receiver accepts", async () => {
    const alerts = openAlerts<Event>(
      await receiver(),
      "keeper",
      { ...wording, describe: () => "x".repeat(5_000) },
      () => undefined,
    );
    alerts.onEvent({ kind: "failed", epoch: 1 });
    await alerts.close();
    expect(got[0]!.text).to.have.length(2_000);
  });
});
