import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Bundles a program into one file. Every module keeps its original folder, where it finds the files that it reads, and
 * native code stays where it is installed.
 */
export async function bundleProgram(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    logLevel: "error",
    plugins: [
      {
        name: "places",
        setup(building) {
          building.onResolve({ filter: /^libsql$/ }, ({ path }) => ({ path: require.resolve(path), external: true }));
          building.onLoad({ filter: /[\\/]scripts[\\/].*\.ts$/ }, ({ path }) => ({
            loader: "ts",
            contents: readFileSync(path, "utf8").replaceAll("__dirname", JSON.stringify(dirname(path))),
          }));
        },
      },
    ],
  });
}
