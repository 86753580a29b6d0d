import { join } from "node:path";
import { type HDAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { dataDirectory } from "../../scripts/chain/deployment";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { viewChain } from "../../scripts/nodes/run/nodeView";
import { signedRoutes } from "../../scripts/nodes/validator/signing/journal";
import { Signing } from "../../scripts/nodes/validator/signing/signing";
import { type ValidatorEvent } from "../../scripts/nodes/run/nodeEvents";
import { type Behaviour } from "./signingNodes";

/** The signing of a validator's node, which looks at the chain until it is stopped. */
export interface ValidatorSigning {
  readonly events: readonly ValidatorEvent[];
  /** Answers as the node does. */
  readonly serve: Behaviour;
  stop(): Promise<void>;
}

/** Starts what a validator's node runs to sign, with its journal and its archive below `root`. */
export async function startSigning(
  connection: Connection,
  account: HDAccount,
  root: string,
): Promise<ValidatorSigning> {
  const stopping = new AbortController();
  const events: ValidatorEvent[] = [];
  const node = {
    connection,
    signer: account,
    directory: dataDirectory(connection.deployment.id, root),
    tell: (event: ValidatorEvent) => void events.push(event),
    clock: () => performance.now() / 1_000,
    random: () => 0,
    stopping: stopping.signal,
    accuse: () => false,
    onServingFailure: (error: unknown) => {
      throw error;
    },
  };
  const archive = await openArchive(connection, join(root, "archive"));
  const signing = new Signing(node, { validator: account.address, archive, dryRun: false });
  const routes = signedRoutes(signing.settlements, signing.reposts, node.onServingFailure);
  const looks = (async () => {
    while (!stopping.signal.aborted) {
      await signing.look(await viewChain(connection, account.address));
      await new Promise((later) => setTimeout(later, 100));
    }
    await signing.close();
  })();
  return {
    events,
    async serve(_, response, request) {
      const answer = await routes.request(request.url!);
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text());
    },
    async stop() {
      stopping.abort();
      await looks;
    },
  };
}
