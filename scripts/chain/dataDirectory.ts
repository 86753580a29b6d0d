import { join, resolve } from "node:path";
import { defaultDataDirectory } from "../config/folders";

/**
 * Where this machine keeps what belongs to one deployment: epoch reports and reward trees, which can always be made
 * again from the chain, and scores that are committed but not revealed yet.
 * @param root Content of MDT_DATA; the folder `data` of the project where it is not set.
 */
export function dataDirectory(deploymentId: string, root: string | undefined): string {
  return join(resolve(root ?? defaultDataDirectory), deploymentId);
}
