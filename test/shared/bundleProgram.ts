import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes one file out of a program. Every module keeps the folder that it was written in, where it finds what it reads, and
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
