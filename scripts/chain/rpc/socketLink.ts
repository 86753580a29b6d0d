import { getWebSocketRpcClient, type SocketRpcClient } from "viem/utils";
import { EndpointFault } from "./endpointState";
import { type Answer, type Call, type Link, MalformedAnswerError, readAnswer } from "./jsonRpc";

/** Providers close a socket that is silent for a minute. */
const keepAlive = { interval: 30_000 };

/** JSON-RPC over one WebSocket, which is opened when it is needed and again after it broke. */
export function openSocketLink(url: URL): Link {
  let opening: Promise<SocketRpcClient<WebSocket>> | undefined;

  function socket(): Promise<SocketRpcClient<WebSocket>> {
    opening ??= getWebSocketRpcClient(url.href, { reconnect: false, keepAlive });
    return opening;
  }

  /** What broke is not mended: the next call opens a new socket. */
  function drop(broken: typeof opening): void {
    if (opening === broken) opening = undefined;
    broken?.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
  }

  async function askOne(
    client: SocketRpcClient<WebSocket>,
    { method, params }: Call,
    timeoutMilliseconds: number,
  ): Promise<Answer> {
    return readAnswer(await client.requestAsync({ body: { method, params }, timeout: timeoutMilliseconds }));
  }

  return {
    async ask(calls, timeoutMilliseconds) {
      const used = socket();
      try {
        const asked = used.then((client) =>
          Promise.all(calls.map((call) => askOne(client, call, timeoutMilliseconds))),
        );
        return await inTime(asked, timeoutMilliseconds);
      } catch (error) {
        drop(used);
        throw asFault(error);
      }
    },
    close() {
      drop(opening);
    },
  };
}

/** Opening a socket can hang too. */
async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new EndpointFault("hangs", "did not answer in time"));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function asFault(error: unknown): EndpointFault {
  if (error instanceof EndpointFault) return error;
  const isMalformed = error instanceof MalformedAnswerError || error instanceof SyntaxError;
  if (isMalformed) return new EndpointFault("malformed", "sent a message that is not an answer");
  const { name } = error as { readonly name?: string };
  if (name === "TimeoutError") return new EndpointFault("hangs", "did not answer in time");
  return new EndpointFault("unreachable", "can't be reached or closed the connection");
}
