/** Who takes part in the network on this machine, and how each of them behaves. */

/** What somebody does there. */
export type Role = "keeper" | "validator" | "miner" | "client";

/**
 * Validators: `honest` ones look at the work; a `lazy` one gives 1 to everything; a `copying` one gives what was agreed on a miner
 * in the epoch before. Miners: `honest` ones do their work; a `poor` one answers a wrong digit for half of the images; a `dead` one
 * has no process.
 */
export type Behaviour = "honest" | "lazy" | "copying" | "poor" | "dead";

/** Somebody with an account of the development chain, by its index. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly behaviour: Behaviour;
  readonly index: number;
}

/** A validator, and its own stake in MDT. */
export interface ValidatorPerson extends Person {
  readonly stakeMdt: number;
}

const person = (role: Role, name: string, index: number, behaviour: Behaviour = "honest"): Person => ({
  name,
  role,
  behaviour,
  index,
});

/** Deploys the network, is its DAO and settles its epochs. */
export const keeper = person("keeper", "Ada", 0);

/** The honest ones hold more than half of the stake, so that what they see is what is agreed. */
export const validators: readonly ValidatorPerson[] = [
  { ...person("validator", "Alba", 1), stakeMdt: 1_000 },
  { ...person("validator", "Bruno", 2), stakeMdt: 800 },
  { ...person("validator", "Chiara", 3, "lazy"), stakeMdt: 500 },
  { ...person("validator", "Dario", 4, "copying"), stakeMdt: 500 },
];

/** In the order of their ids. */
export const miners: readonly Person[] = [
  person("miner", "Juno", 5),
  person("miner", "Kofi", 6),
  person("miner", "Lena", 7),
  person("miner", "Milo", 8),
  person("miner", "Nora", 9),
  person("miner", "Otto", 10, "poor"),
  person("miner", "Pia", 11, "poor"),
  person("miner", "Quin", 12, "dead"),
];

/** Of the types in `local`, the one for images, which scores judge, and the one for digits, which is proven. */
export const [scoredType, provenType] = [1, 3] as const;

/** Asks through its gateway, which picks the miners. */
export const gatewayClient = person("client", "Uma", 13);

/** Asks each miner in turn, whatever it did before. */
export const loyalClient = person("client", "Vito", 14);

export const people: readonly Person[] = [keeper, ...validators, ...miners, gatewayClient, loyalClient];

/** "Miner Juno". */
export function titleOf({ name, role }: Person): string {
  return `${role.charAt(0).toUpperCase()}${role.slice(1)} ${name}`;
}
