/**
 * Builds the program into dist/: `mdt` with everything that it imports, and what the page and reports run in a browser.
 * `npm ci` runs it as the `prepare` script, also without development dependencies.
 *
 * With `bundle` it also makes bundle/: everything that a machine with nothing but Node needs to run a keeper, a
 * watcher, a dashboard, a miner or a validator. With `library` it makes dist/library, which `npm pack` packs for other
 * projects.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { build } from "esbuild";

const project = join(import.meta.dirname, "..");
const dist = join(project, "dist");
const library = join(dist, "library");
const savedPackage = join(project, "node_modules", ".package.json");

/** Ending of the names of files that are still being written. */
const unfinished = ".unfinished";
const records = join("scripts", "ignition", "deployments");

switch (process.argv[2]) {
  case "library":
    await buildLibrary();
    break;
  case "prepack":
    await buildLibrary();
    describeLibraryAlone();
    break;
  case "postpack":
    renameSync(savedPackage, join(project, "package.json"));
    break;
  case "bundle":
    await buildProgram();
    makeBundle(join(project, "bundle"));
    break;
  default:
    await buildProgram();
}

/**
 * Commands load their code when they are called, so shared code is split into chunks.
 * @returns Each file's path and text.
 */
async function bundleProgram() {
  const { outputFiles } = await build({
    entryPoints: {
      mdt: join(project, "scripts", "cli.ts"),
      hashWorker: join(project, "scripts", "keeper", "compute", "hashWorker.ts"),
      reportWorker: join(project, "scripts", "api", "reportWorker.ts"),
      bundle: join(project, "scripts", "page", "serve", "bundle.ts"),
    },
    outdir: dist,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    external: ["esbuild", "libsql"],
    // CommonJS packages inside the bundle, and our own sources, rely on these.
    banner: {
      js:
        'import { createRequire as __createRequire } from "node:module";' +
        "const require = __createRequire(import.meta.url);" +
        "const __filename = import.meta.filename, __dirname = import.meta.dirname;",
    },
  });
  return outputFiles.map(({ path, text }) => [path, text]);
}

/** Uses the same code that bundles the page when the program runs from its sources. */
async function bundlePage() {
  const { bundle } = await import(join(dist, "bundle.mjs"));
  const page = await bundle(join(project, "scripts", "page", "app.tsx"));
  const report = await bundle(join(project, "scripts", "page", "report.ts"));
  return Object.entries({ page, report }).flatMap(([name, { script, style }]) => [
    [join(dist, "page", `${name}.js`), script],
    [join(dist, "page", `${name}.css`), style],
  ]);
}

/** A program that runs meanwhile finds each of its files whole, and untouched if nothing in it has changed. */
async function buildProgram() {
  const program = await bundleProgram();
  program.forEach(writeWhole);
  const files = [...program, ...(await bundlePage())];
  files.forEach(writeWhole);
  const wanted = new Set(files.map(([path]) => path));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Another build may be writing files, or removing the same ones.
    const isOld = entry.isFile() && !wanted.has(path) && !path.endsWith(unfinished);
    if (isOld && !path.startsWith(library)) rmSync(path, { force: true });
  }
}

function writeWhole([path, text]) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}${unfinished}`;
  writeFileSync(own, text, { mode: path.endsWith("mdt.mjs") ? 0o755 : 0o644 });
  renameSync(own, path);
}

/** The program, the networks' configurations, the records of what is deployed, and units for systemd. */
function makeBundle(folder) {
  rmSync(folder, { recursive: true, force: true });
  const copy = (...path) => cpSync(join(project, ...path), join(folder, ...path), { recursive: true });
  copy("dist");
  copy("LICENSE");
  copy("docs", "systemd");
  // Operators who prove install the prover itself beside them.
  for (const file of ["package.json", ".npmrc", "witness.mjs", "crs.mjs"]) copy("circuits", file);
  for (const file of ["circuit.json", "model.json"]) copy("circuits", "digits", file);
  for (const file of readdirSync(join(project, "scripts", "config")).filter((name) => name.endsWith(".json"))) {
    copy("scripts", "config", file);
  }
  for (const id of recordedIds()) {
    for (const file of ["choices.json", "deployed_addresses.json"]) copy(records, id, file);
  }
  for (const name of packagesOf("libsql")) copy("node_modules", ...name.split("/"));
  process.stdout.write(`${folder} is complete: copy it to the machine, and run "node dist/mdt.mjs" in it.\n`);
}

/** A package that stays outside the program because it is native code, and the installed packages that it needs. */
function packagesOf(name) {
  const file = join(project, "node_modules", ...name.split("/"), "package.json");
  if (!existsSync(file)) return [];
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, "utf8"));
  return [name, ...Object.keys({ ...dependencies, ...optionalDependencies }).flatMap(packagesOf)];
}

/** ABIs, the addresses of every recorded deployment, and proofs of rewards, for Node and bundlers, with their types. */
async function buildLibrary() {
  rmSync(library, { recursive: true, force: true });
  const entryFile = join(project, "scripts", "integration.ts");
  for (const format of ["esm", "cjs"]) {
    await build({
      entryPoints: [entryFile],
      outfile: join(library, format === "esm" ? "index.mjs" : "index.cjs"),
      define: { RECORDED_DEPLOYMENTS: JSON.stringify(recordedIds().map(recordedDeployment)) },
      bundle: true,
      format,
      platform: "browser",
      target: "es2022",
      minify: true,
      legalComments: "none",
      logLevel: "warning",
    });
  }
  await writeTypes(entryFile, join(library, "types"));
}

/**
 * Makes package.json describe the library alone, which has everything inside: no dependencies, and no program. npm
 * packs the file as it is at this moment, and `postpack` restores the original.
 */
function describeLibraryAlone() {
  const file = join(project, "package.json");
  // A package.json without scripts is left over from an interrupted pack.
  if (JSON.parse(readFileSync(file, "utf8")).scripts !== undefined) cpSync(file, savedPackage);
  const { name, version, description, license, exports, main, types, files } = JSON.parse(
    readFileSync(savedPackage, "utf8"),
  );
  const alone = { name, version, description, license, exports, main, types, files };
  writeFileSync(file, `${JSON.stringify(alone, null, 2)}\n`);
}

/** Writes the entry file's declarations and all that they import, and no others. */
async function writeTypes(entryFile, folder) {
  const { default: ts } = await import("typescript");
  const { config } = ts.readConfigFile(join(project, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, project);
  const emitted = new Map();
  const program = ts.createProgram([entryFile], {
    ...options,
    noEmit: false,
    declaration: true,
    rootDir: project,
    outDir: folder,
  });
  program.emit(undefined, (path, text) => emitted.set(normalize(path), text), undefined, true);
  const wanted = [join(folder, "scripts", "integration.d.ts")];
  for (const path of wanted) {
    const text = emitted.get(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    for (const [, specifier] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)) {
      const imported = `${join(dirname(path), specifier)}.d.ts`;
      if (!wanted.includes(imported)) wanted.push(imported);
    }
  }
}

/** The ids of complete records. */
function recordedIds() {
  const folder = join(project, records);
  const isComplete = (id) =>
    existsSync(join(folder, id, "deployed_addresses.json")) && existsSync(join(folder, id, "choices.json"));
  return existsSync(folder) ? readdirSync(folder).filter(isComplete).sort() : [];
}

/** A record's folder is called chain-CHAINID-BLOCK0. */
function recordedDeployment(id) {
  const [, chainId, block0] = id.split("-");
  const recorded = JSON.parse(readFileSync(join(project, records, id, "deployed_addresses.json"), "utf8"));
  // Only the TaskRegistry calls verifiers: the package has no ABI of them.
  const hasAbi = ([name]) => existsSync(join(project, "typechain-types", "abi", `${name}.ts`));
  const addresses = Object.entries(recorded).map(([key, address]) => [key.replace("ModernTensor#", ""), address]);
  return { chainId: Number(chainId), block0, addresses: Object.fromEntries(addresses.filter(hasAbi)) };
}
