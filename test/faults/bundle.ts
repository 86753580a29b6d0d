import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Makes one file out of a program. Every module keeps the folder that it was written in, where it finds what it reads. */
export async function bundle(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    logLevel: "error",
    plugins: [
      {
        name: "folders",
        setup(building) {
          building.onLoad({ filter: /[\\/]scripts[\\/].*\.ts$/ }, ({ path }) => ({
            loader: "ts",
            contents: readFileSync(path, "utf8").replaceAll("__dirname", JSON.stringify(dirname(path))),
          }));
        },
      },
    ],
  });
}
