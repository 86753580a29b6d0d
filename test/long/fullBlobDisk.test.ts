import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../shared/bundleProgram";

/** A disk of 64 KiB that only the process sees, and that ends with it. */
const script = `mount -t tmpfs -o size=64k none "$0" && exec "$@"`;

describe("Blobs on a full disk", () => {
  it("fail with one error and leave nothing half-written; stored ones can be read and put again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moderntensor-cramped-"));
    const program = join(folder, "putBlobs.js");
    await bundleProgram(join(__dirname, "putBlobs.ts"), program);
    const disk = mkdtempSync(join(folder, "disk-"));
    const shell = ["--map-root-user", "--mount", "sh", "-c", script, disk, process.execPath, program, disk];
    const { kept, name, message, files, stillReads } = JSON.parse(
      execFileSync("unshare", shell, { encoding: "utf8" }),
    ) as {
      readonly [key: string]: unknown;
    };
    rmSync(folder, { recursive: true });
    expect([name, stillReads]).to.deep.equal(["BlobStoreError", 10_000]);
    expect(message).to.match(/^Writing blob 0x[0-9a-f]{64} in \S+ failed: ENOSPC\.$/);
    expect(kept).to.be.greaterThan(0).and.equal(files);
  });
});
