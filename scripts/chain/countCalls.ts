import { type EIP1193Parameters, type Transport } from "viem";
import { type Connection, connectionOf } from "./connection";

/**
 * The same connection, which tells of each call that is made through it, whether it succeeds or not.
 * @param onCall Told the method, as `eth_call`; must not throw.
 */
export function countCalls({ transport, deployment }: Connection, onCall: (method: string) => void): Connection {
  const counting: Transport = (options) => {
    const live = transport(options);
    const request = (call: EIP1193Parameters, requestOptions?: object): Promise<unknown> => {
      onCall(call.method);
      return live.request(call, requestOptions);
    };
    return { ...live, request: request as typeof live.request };
  };
  return connectionOf(counting, deployment);
}
