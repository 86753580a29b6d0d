import { network } from "hardhat";
import { stopTime } from "./stoppedTime";

let isStopped = false;

/** The chain in this process has a stopped clock too, from before the first test file on. */
export const mochaHooks = {
  beforeAll(): void {
    if (isStopped) return;
    isStopped = true;
    const { provider } = network;
    const request = stopTime(provider.request.bind(provider));
    Object.assign(provider, {
      request,
      send: (method: string, params?: unknown[]) => request({ method, params: params ?? [] }),
    });
  },
};
