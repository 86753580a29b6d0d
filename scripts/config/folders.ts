import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of the project: the nearest one above this code that holds scripts/config. The sources stand in scripts/, the
 * built program in dist/, and in a bundle beside scripts/.
 */
function projectFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "scripts", "config")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** One validated JSON file per network. */
export const configDirectory = join(projectFolder(), "scripts", "config");

/** Where Hardhat Ignition keeps one record per deployment. */
export const deploymentsDirectory = join(projectFolder(), "scripts", "ignition", "deployments");

/** One folder per circuit, and the package of what proves. */
export const circuitsDirectory = join(projectFolder(), "circuits");

/** Where this machine keeps what it can compute again, unless MDT_DATA names another place. */
export const defaultDataDirectory = join(projectFolder(), "data");
