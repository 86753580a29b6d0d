/**
 * Builds the program into dist/: `mdt` with everything that it imports, and what the page and reports run in a browser.
 * `npm ci` runs it as the `prepare` script, also without development dependencies. `node scripts/build.mjs bundle` also
 * makes bundle/: all that a machine with nothing but Node needs to run a keeper, a watcher or a dashboard.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const project = join(import.meta.dirname, "..");
const dist = join(project, "dist");

await buildProgram();
await buildPage();
if (process.argv[2] === "bundle") makeBundle(join(project, "bundle"));

/** Commands load their code when they are called, so what they share is split into chunks. */
async function buildProgram() {
  rmSync(dist, { recursive: true, force: true });
  await build({
    entryPoints: {
      mdt: join(project, "scripts", "cli.ts"),
      hashWorker: join(project, "scripts", "keeper", "compute", "hashWorker.ts"),
      bundle: join(project, "scripts", "page", "serve", "bundle.ts"),
    },
    outdir: dist,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    external: ["esbuild"],
    // What CommonJS packages inside the bundle, and our own sources, take for granted.
    banner: {
      js:
        'import { createRequire as __createRequire } from "node:module";' +
        "const require = __createRequire(import.meta.url);" +
        "const __filename = import.meta.filename, __dirname = import.meta.dirname;",
    },
  });
}

/** By the same code that bundles the page when the program runs from its sources. */
async function buildPage() {
  const { bundle } = await import(join(dist, "bundle.mjs"));
  mkdirSync(join(dist, "page"));
  for (const [name, entryFile] of [
    ["page", "app.tsx"],
    ["report", "report/main.ts"],
  ]) {
    const { script, style } = await bundle(join(project, "scripts", "page", entryFile));
    writeFileSync(join(dist, "page", `${name}.js`), script);
    writeFileSync(join(dist, "page", `${name}.css`), style);
  }
}

/** The program, the networks' configurations, the records of what is deployed, and units for systemd. */
function makeBundle(folder) {
  rmSync(folder, { recursive: true, force: true });
  const copy = (...path) => cpSync(join(project, ...path), join(folder, ...path), { recursive: true });
  copy("dist");
  copy("LICENSE");
  copy("docs", "systemd");
  for (const file of readdirSync(join(project, "scripts", "config")).filter((name) => name.endsWith(".json"))) {
    copy("scripts", "config", file);
  }
  const records = ["scripts", "ignition", "deployments"];
  for (const id of existsSync(join(project, ...records)) ? readdirSync(join(project, ...records)) : []) {
    for (const file of ["choices.json", "deployed_addresses.json"]) {
      if (existsSync(join(project, ...records, id, file))) copy(...records, id, file);
    }
  }
  process.stdout.write(`${folder} is complete: copy it to the machine, and run "node dist/mdt.mjs" in it.\n`);
}
