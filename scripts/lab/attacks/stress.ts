import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { type NetworkConfig } from "../../config/networkConfig";
import { type Network, type Row, Target } from "./attack";
import { aroundHalving, buyingTasks, closingSlots, junk, keeperNoise } from "./boughtTasks";
import { cartels } from "./cartels";
import { minorities, silence } from "./minorities";
import { policyKey } from "./policyKey";
import { absence, jailedRival, leaderSeed, loneValidator } from "./presence";
import { eviction, pricePumping, shutDoor, sybils } from "./registering";
import { scoring, validatorRules } from "./scoring";
import { stolenKeys, taskGovernor } from "./stolenKeys";
import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";

/** Every known attack, by what it bends. */
const families: readonly ((target: Target) => Row | readonly Row[])[] = [
  buyingTasks,
  sybils,
  junk,
  silence,
  absence,
  minorities,
  cartels,
  scoring,
  closingSlots,
  aroundHalving,
  validatorRules,
  eviction,
  shutDoor,
  pricePumping,
  loneValidator,
  jailedRival,
  taskGovernor,
  policyKey,
  stolenKeys,
  keeperNoise,
  leaderSeed,
];

/** Networks to play if none is named. */
const DEFAULT_NETWORKS = ["local", "reference"] as const;

/**
 * Plays every known attack.
 * @param name A network of scripts/config; if missing, `local` and `reference`.
 * @throws ConfigError if there is no such network, or if its numbers don't fit together.
 */
export function stress(name?: string): readonly Row[] {
  return (name === undefined ? DEFAULT_NETWORKS : [name]).flatMap((one) => networksOf(one)).flatMap(attacksOn);
}

/** The rows of one network, under the policy given with it. */
export function attacksOn(network: Network): readonly Row[] {
  const target = new Target(network);
  return families.flatMap((play) => play(target));
}

/** A network as it is configured, under each version of its policy. */
export function networksOf(name: string, config: NetworkConfig = loadNetworkConfig(name)): readonly Network[] {
  return config.policies.map(({ fromEpoch, policy }, index) => ({
    name: index === 0 ? name : `${name} from epoch ${fromEpoch}`,
    config,
    policy,
  }));
}

/** The command's exit code: 1 if a bound is broken, else 0. */
export function exitCodeOf(rows: readonly Row[]): number {
  return rows.every(({ holds }) => holds) ? 0 : 1;
}

/** The rows for people: a table for each network, then the broken bounds. Amounts in MDT. */
export function describeStress(rows: readonly Row[]): string {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const broken = rows.filter(({ holds }) => !holds);
  const verdict =
    broken.length === 0
      ? `All ${rows.length} bounds hold.`
      : [
          `${broken.length} of ${rows.length} bounds are broken:`,
          ...broken.map(({ network, attack, setting, bound }) => `  ${network}: ${attack}, ${setting}: not ${bound}`),
        ].join("\n");
  return [...networks.map((network) => tableOf(rows.filter((row) => row.network === network))), verdict].join("\n\n");
}

function tableOf(rows: readonly Row[]): string {
  const mdt = (amountWei: bigint): string => formatMdt(amountWei, 2);
  const table = renderTable(
    ["attack", "setting", ">stake", ">capital", ">cost", ">gain", ">profit", ">harm", "", "bound"],
    rows.map((row) => [
      row.attack,
      row.setting,
      mdt(row.stakeWei),
      mdt(row.capitalWei),
      mdt(row.costWei),
      mdt(row.gainWei),
      mdt(row.profitWei),
      mdt(row.harmWei),
      row.holds ? "holds" : "BROKEN",
      row.bound,
    ]),
  );
  return `Attacks on the network "${rows[0]!.network}" (MDT)\n${table}`;
}
