import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { type NetworkConfig } from "../../config/networkConfig";
import { absence } from "./absence";
import { buyingTasks } from "./buying";
import { cartels } from "./cartels";
import { validatorRules } from "./dustSeats";
import { taskGovernor } from "./governors";
import { junk } from "./junk";
import { keeperNoise } from "./keeperNoise";
import { leaderSeed } from "./leaders";
import { minorities } from "./minorities";
import { policyKey } from "./policies";
import { type Network, type Row } from "./row";
import { scoring } from "./scoring";
import { seatAttacks } from "./seats";
import { silence } from "./silence";
import { stolenKeys } from "./stolenKeys";
import { sybils } from "./sybils";

/** Every known attack, by what it bends. */
const families: readonly ((network: Network) => readonly Row[])[] = [
  buyingTasks,
  sybils,
  junk,
  silence,
  absence,
  minorities,
  cartels,
  scoring,
  validatorRules,
  seatAttacks,
  taskGovernor,
  policyKey,
  stolenKeys,
  keeperNoise,
  leaderSeed,
];

/** Networks that are played where none is named. */
const DEFAULT_NETWORKS = ["local", "reference"] as const;

/**
 * Plays every known attack.
 * @param name Of a network of scripts/config; missing: `local` and `reference`.
 * @throws ConfigError where there is no such network, or where its numbers don't fit together.
 */
export function stress(name?: string): readonly Row[] {
  return (name === undefined ? DEFAULT_NETWORKS : [name]).flatMap((one) => networksOf(one)).flatMap(attacksOn);
}

/** The rows of one network, under whatever policy is to be judged. */
export function attacksOn(network: Network): readonly Row[] {
  return families.flatMap((play) => play(network));
}

/** A network as it is configured, under each version of its policy. */
export function networksOf(name: string, config: NetworkConfig = loadNetworkConfig(name)): readonly Network[] {
  return config.policies.map(({ fromEpoch, policy }, index) => ({
    name: index === 0 ? name : `${name} from epoch ${fromEpoch}`,
    config,
    policy,
  }));
}
