import { build } from "esbuild";
import { type Bundle } from "../../show/report/htmlFile";

/**
 * Builds a browser entry file and all that it imports, in memory: minified, without source maps, and loading nothing
 * else at run time. The texts may be put inside HTML: neither holds the end tag of its element.
 * @param entryFile Absolute path of a .ts or .tsx file that imports its own style sheets.
 * @throws esbuild's error if it does not compile.
 */
export async function bundle(entryFile: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [entryFile],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    outdir: "bundle",
    logLevel: "silent",
    charset: "utf8",
  });
  const textOf = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))!.text;
  return { script: textOf(".js"), style: textOf(".css") };
}
