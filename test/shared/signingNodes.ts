/** Small HTTP servers instead of validators' nodes, which sign what is due, or do something else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Address } from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { transact } from "../../scripts/chain/transact";
import { type Settlement } from "../../scripts/core/settlement";
import { type EpochArchive } from "../../scripts/keeper/archive/epochArchive";
import { domainOf, repostForm, settlementForm, type RepostMessage } from "../../scripts/keeper/quorum/statements";
import { prepareSettlement } from "../../scripts/keeper/settle/settleEpoch";

/** One of the node's accounts, with its key here. */
export function accountOf(addressIndex: number): HDAccount {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });
}

/** A settlement as the node of `validator` shows it, signed by `account`. */
export async function signedAnswer(
  connection: Connection,
  account: HDAccount,
  settlement: Settlement,
  validator: Address = account.address,
): Promise<object> {
  const signature = await account.signTypedData(settlementForm.typedData(domainOf(connection), settlement));
  return settlementForm.write({ message: settlement, validator, signature });
}

/** The same of a repost. */
export async function signedRepostAnswer(
  connection: Connection,
  account: HDAccount,
  repost: RepostMessage,
): Promise<object> {
  const signature = await account.signTypedData(repostForm.typedData(domainOf(connection), repost));
  return repostForm.write({ message: repost, validator: account.address, signature });
}

/** How a node reacts to a request; it may not answer at all. @param epoch The requested epoch. */
export type Behaviour = (epoch: number, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** A validator's node. */
export interface SigningNode {
  readonly account: HDAccount;
  readonly url: string;
  /** The paths that it was asked for. */
  readonly asked: string[];
  behave(behaviour: Behaviour): void;
  close(): void;
}

/** Opens a node whose endpoint isn't published yet. */
export async function openSigningNode(account: HDAccount, behaviour: Behaviour): Promise<SigningNode> {
  let current = behaviour;
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url!);
    const epoch = Number(/\/(\d+)$/.exec(request.url!)?.[1]);
    void Promise.resolve(current(epoch, response, request)).catch((error: unknown) => {
      show(response, { error: String(error) }, 503);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    account,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave(next) {
      current = next;
    },
    close() {
      server.close().closeAllConnections();
    },
  };
}

/** Has a validator publish its node's endpoint. */
export async function publish(connection: Connection, account: Address, url: string): Promise<void> {
  const { directory } = connection.contracts;
  await transact(connection, account, { ...directory, functionName: "setEndpoint", args: [url] });
}

/** Answers with JSON. */
export function show(response: ServerResponse, json: object, status = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
}

/**
 * Computes settlements for nodes that sign: each epoch once, however many ask.
 * @returns What the next settlement must be, while its epoch is due.
 */
export function settlementsOf(connection: Connection, archive: EpochArchive): (epoch: number) => Promise<Settlement> {
  const known = new Map<number, Promise<Settlement>>();
  return (epoch) => {
    const settlement =
      known.get(epoch) ?? prepareSettlement(connection, archive, epoch).then(({ computed }) => computed.settlement);
    known.set(epoch, settlement);
    // What can't be computed yet may be later.
    settlement.catch(() => known.delete(epoch));
    return settlement;
  };
}

/** Signs the due epoch, and reports that there is nothing to sign if no epoch is due. */
export function honest(
  connection: Connection,
  account: HDAccount,
  settlementOf: (epoch: number) => Promise<Settlement>,
): Behaviour {
  return async (epoch, response) => {
    const settlement = await settlementOf(epoch).catch(() => undefined);
    if (settlement === undefined) show(response, { error: `This node has signed nothing for epoch ${epoch}.` }, 404);
    else show(response, await signedAnswer(connection, account, settlement));
  };
}
