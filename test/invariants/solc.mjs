#!/usr/bin/env node
// npm's solc, as forge asks its compiler: `--version`, and `--standard-json` with a question on stdin.
import { readFileSync } from "node:fs";
import solc from "solc";

if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
}
