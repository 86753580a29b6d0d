/** Writes scripts/core/keccak/binary.ts: `npm run keccak`, after a change of compileModule.ts or layout.ts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileKeccakModule } from "./compileModule";

async function main(): Promise<void> {
  const base64 = Buffer.from(await compileKeccakModule()).toString("base64");
  writeFileSync(
    join(__dirname, "../../core/keccak/binary.ts"),
    `/** scripts/lab/keccak/compileModule.ts, compiled, in base64: "npm run keccak" writes it, and a test compares the two. */\nexport const KECCAK_BINARY =\n  "${base64}";\n`,
  );
}

void main();
