import { type Address, getAddress, parseUnits, zeroAddress } from "viem";
import { addressProblem } from "../core/address";
import { dayOf } from "../show/moments";
import { type ListenAddress } from "../serve/server";

/** @throws Error naming the option, if `text` is not an address, or has a wrong checksum. */
export function parseAddress(option: string, text: string): Address {
  const problem = addressProblem(text);
  if (problem !== undefined) throw new Error(`--${option} ${problem}.`);
  return getAddress(text);
}

/** @throws Error naming the option, if `text` is not an address, or is the zero address. */
export function parseHolder(option: string, text: string): Address {
  const holder = parseAddress(option, text);
  if (holder !== zeroAddress) return holder;
  throw new Error(`--${option} must not be ${zeroAddress}: nobody holds its key, and tokens sent to it are lost.`);
}

/** @throws Error naming the option, if `text` is not a whole number from `minimum` to `maximum`. */
export function parseWhole(option: string, text: string, maximum = Number.MAX_SAFE_INTEGER, minimum = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new Error(`--${option} must be a whole number from ${minimum} to ${maximum}, not "${text}".`);
}

/** A price of gas in wei. @throws Error naming the option, if `text` is not a number of gwei. */
export function parseGwei(option: string, text: string): bigint {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return parseUnits(text, 9);
  throw new Error(`--${option} must be a price in gwei like 50 or 0.1, not "${text}".`);
}

/** The unix second at which a day (UTC) begins. @throws Error naming the option. */
export function parseDay(option: string, text: string): number {
  const start = dayOf(text);
  if (start !== undefined) return start;
  throw new Error(`--${option} must be a day like 2026-11-28, not "${text}".`);
}

/** @throws Error naming the option, if `text` is none of the choices. */
export function parseChoice<C extends string>(option: string, text: string, choices: readonly C[]): C {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new Error(`--${option} must be one of ${choices.join(", ")}, not "${text}".`);
}

/** The address to listen on, from `--host` and `--port`. @throws Error naming the option. */
export function parseListen(host: string | undefined, port: string, option = "port"): ListenAddress {
  return { host: host ?? "127.0.0.1", port: parseWhole(option, port, 65_535) };
}
