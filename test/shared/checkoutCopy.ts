import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const project = join(__dirname, "..", "..");

/** The packages that npm installed, which every copy shares. */
const installed = ["node_modules", join("circuits", "node_modules")];

/**
 * A copy of this checkout, with its build, in which a test may change anything.
 * @returns Its folder; the caller removes it.
 */
export function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), "moderntensor-checkout-"));
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: project, encoding: "utf8" });
  const files = listed.split("\n").filter((file) => file !== "" && existsSync(join(project, file)));
  for (const file of [...files, "artifacts", "cache", "typechain-types", "dist"]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(project, file), join(copy, file), { recursive: true });
  }
  // Hardhat knows by the path what it has compiled.
  const compiled = join(copy, "cache", "solidity-files-cache.json");
  writeFileSync(compiled, readFileSync(compiled, "utf8").replaceAll(project, copy));
  for (const folder of installed) symlinkSync(join(project, folder), join(copy, folder));
  return copy;
}
