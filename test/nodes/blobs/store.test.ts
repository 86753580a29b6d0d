import { expect } from "chai";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, keccak256, stringToBytes } from "viem";
import { maxBlobBytes, type BlobStore, BlobStoreError, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { rejection } from "../../shared/rejection";

const bytes = stringToBytes("a task's input");
const hash = keccak256(bytes);

describe("Blobs on disk", () => {
  let directory: string;
  let store: BlobStore;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-blobs-"));
    store = await openBlobStore(join(directory, "blobs"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const file = (name: string = hash): string => join(directory, "blobs", name);
  const textOf = async (name: Hex): Promise<string | undefined> => {
    const found = await store.get(name);
    return found === undefined ? undefined : Buffer.from(found).toString();
  };

  it("are found by their hash, also through another store of the folder and with upper-case digits", async () => {
    expect(await store.put(bytes)).to.equal(hash);
    expect(await textOf(hash)).to.equal("a task's input");
    const other = await openBlobStore(join(directory, "blobs"));
    expect(await other.get(`0x${hash.slice(2).toUpperCase()}`)).to.deep.equal(Buffer.from(bytes));
    expect(await store.get(keccak256("0x00"))).to.equal(undefined);
    expect(readdirSync(join(directory, "blobs"))).to.deep.equal([hash]);
  });

  it("may be empty, and have at most 1 MiB", async () => {
    for (const length of [0, maxBlobBytes]) {
      const blob = new Uint8Array(length).fill(7);
      expect(await store.get(await store.put(blob))).to.have.length(length);
    }
    const { message } = await rejection(store.put(new Uint8Array(maxBlobBytes + 1)), BlobStoreError);
    expect(message).to.equal("A blob can have at most 1048576 bytes.");
    expect(readdirSync(join(directory, "blobs"))).to.have.length(2);
  });

  it("aren't written again if they are already stored", async () => {
    await store.put(bytes);
    const { ino } = statSync(file());
    await store.put(bytes);
    expect(statSync(file()).ino).to.equal(ino);
  });

  it("aren't looked for under a name that isn't a hash", async () => {
    writeFileSync(join(directory, "secret"), "x");
    for (const name of ["0x", "../secret", `0x${"0".repeat(63)}/`, `${hash}00`]) {
      expect(await store.get(name as Hex)).to.equal(undefined);
    }
  });

  for (const [damage, doDamage] of [
    [
      "swapped",
      (path: string) => {
        writeFileSync(path, "another input!");
      },
    ],
    [
      "truncated",
      (path: string) => {
        truncateSync(path, 3);
      },
    ],
    [
      "far too long",
      (path: string) => {
        truncateSync(path, 1 << 30);
      },
    ],
  ] as const) {
    it(`are removed, and can be put again, if the file is ${damage}`, async () => {
      await store.put(bytes);
      doDamage(file());
      expect(await store.get(hash)).to.equal(undefined);
      expect(readdirSync(join(directory, "blobs"))).to.deep.equal([]);
      await store.put(bytes);
      expect(await textOf(hash)).to.equal("a task's input");
    });
  }

  it("are overwritten by a put if the file is damaged", async () => {
    await store.put(bytes);
    writeFileSync(file(), "x");
    await store.put(bytes);
    expect(readFileSync(file(), "utf8")).to.equal("a task's input");
  });

  it("are pruned by the time of their last put, with leftovers of killed processes; other files stay", async () => {
    const old = new Date("2026-01-01T00:00:00Z");
    const others = [stringToBytes("old"), stringToBytes("put again")];
    await Promise.all([bytes, ...others].map((one) => store.put(one)));
    writeFileSync(file("notes.txt"), "mine");
    writeFileSync(file(`${hash}.1.1.unfinished`), "half");
    for (const name of [...others.map((one) => keccak256(one)), "notes.txt", `${hash}.1.1.unfinished`]) {
      utimesSync(file(name), old, old);
    }
    await store.put(others[1]!);
    expect(await store.prune(old.getTime() / 1_000)).to.equal(0);
    expect(await store.prune(old.getTime() / 1_000 + 1)).to.equal(1);
    expect(readdirSync(join(directory, "blobs")).sort()).to.deep.equal(
      [hash, keccak256(others[1]!), "notes.txt"].sort(),
    );
    expect(await store.prune(old.getTime() / 1_000 + 1)).to.equal(0);
  });

  it("are put, read and pruned by several stores at once without harm", async () => {
    const stores = await Promise.all([1, 2, 3].map(() => openBlobStore(join(directory, "blobs"))));
    const blobs = Array.from({ length: 20 }, (_, i) => new Uint8Array(2_000).fill(i));
    const future = Date.now() / 1_000 + 1_000;
    const turns = blobs.flatMap((blob) =>
      stores.map(async (one) => {
        const name = await one.put(blob);
        const found = await one.get(name);
        expect(found === undefined || keccak256(found) === name).to.equal(true);
      }),
    );
    await Promise.all([...turns, ...stores.map((one) => one.prune(future))]);
    await Promise.all(blobs.map((blob) => store.put(blob)));
    for (const blob of blobs) expect(await store.get(keccak256(blob))).to.deep.equal(Buffer.from(blob));
    expect(readdirSync(join(directory, "blobs"))).to.have.length(20);
  });

  it("that can't be read or written cause a BlobStoreError", async () => {
    rmSync(join(directory, "blobs"), { recursive: true });
    writeFileSync(join(directory, "blobs"), "no directory");
    for (const failing of [store.get(hash), store.put(bytes)]) {
      const { message } = await rejection(failing, BlobStoreError);
      expect(message).to.equal(`Reading blob ${hash} in ${join(directory, "blobs")} failed: ENOTDIR.`);
    }
    const opening = await rejection(openBlobStore(join(directory, "blobs")), BlobStoreError);
    expect(opening.message).to.equal(`Creating the folder for blobs in ${join(directory, "blobs")} failed: EEXIST.`);
  });
});
