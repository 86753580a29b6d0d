import openWabt from "wabt";
import { MEMORY_BYTES, BLOCK_BYTES, DIGEST_BYTES, LANE_BYTES, ROUNDS } from "../../core/keccak/keccakBatch";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The module of scripts/core/keccak as WebAssembly's binary format, from its text. */
export async function compileKeccakModule(): Promise<Uint8Array> {
  const wabt = await openWabt();
  const module = wabt.parseWat("keccak.wat", keccakModuleText(MEMORY_BYTES));
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/*
 * Keccak-256 as the text of a WebAssembly module, step by step as FIPS 202 defines the permutation (section 3.2). The
 * local variable of lane (x, y), 64 bits, is a‹x + 5y›, and b‹x + 5y› after the steps ρ and π; x and y are modulo 5.
 */
const FIVE = [0, 1, 2, 3, 4];
const PAGE_BYTES = 1 << 16;

/**
 * A module that exports its memory, of at least `memoryBytes`, and `hashBlocks(block, end, digest)`, which hashes each
 * block from the byte `block` to the byte `end` as a separate, already padded message, and writes its digest: the first
 * one at the byte `digest`, the others after it. The round constants are at the memory's beginning.
 */
function keccakModuleText(memoryBytes: number): string {
  const names = lanes((x, y) => `(local ${a(x, y)} i64) (local ${b(x, y)} i64)`);
  return `(module
    (memory (export "memory") ${Math.ceil(memoryBytes / PAGE_BYTES)})
    (data (i32.const 0) "${roundConstants().map(bytesOf).join("")}")
    (func (export "hashBlocks") (param $block i32) (param $end i32) (param $digest i32)
      (local $round i32) ${names} ${each((x) => `(local $c${x} i64) (local $d${x} i64)`)}
      (loop $nextBlock
        ${lanes((x, y) => set(a(x, y), x + 5 * y < BLOCK_BYTES / LANE_BYTES ? load("$block", x + 5 * y) : "(i64.const 0)"))}
        (local.set $round (i32.const 0))
        (loop $nextRound
          ${theta()} ${rhoAndPi()} ${chi()} ${iota()}
          ${advance("$round", LANE_BYTES)}
          (br_if $nextRound (i32.lt_u (local.get $round) (i32.const ${ROUNDS * LANE_BYTES}))))
        ${each((x) => (x < DIGEST_BYTES / LANE_BYTES ? `(i64.store offset=${x * LANE_BYTES} (local.get $digest) ${get(a(x, 0))})` : ""))}
        ${advance("$block", BLOCK_BYTES)}
        ${advance("$digest", DIGEST_BYTES)}
        (br_if $nextBlock (i32.lt_u (local.get $block) (local.get $end))))))`;
}

/** Each lane takes in the parities of two columns. */
function theta(): string {
  const column = (x: number) => FIVE.map((y) => get(a(x, y))).reduce(xor);
  return [
    each((x) => set(`$c${x}`, column(x))),
    each((x) => set(`$d${x}`, xor(get(`$c${(x + 4) % 5}`), rotate(get(`$c${(x + 1) % 5}`), 1)))),
    lanes((x, y) => set(a(x, y), xor(get(a(x, y)), get(`$d${x}`)))),
  ].join(" ");
}

/** Each lane is rotated, and moves from (x, y) to (y, 2x + 3y). */
function rhoAndPi(): string {
  const offsets = new Map<string, number>([[a(0, 0), 0]]);
  for (let t = 0, [x, y] = [1, 0]; t < 24; t++, [x, y] = [y, (2 * x + 3 * y) % 5]) {
    offsets.set(a(x, y), (((t + 1) * (t + 2)) / 2) % 64);
  }
  return lanes((x, y) => set(b(y, 2 * x + 3 * y), rotate(get(a(x, y)), offsets.get(a(x, y))!)));
}

/** Each lane is combined with the next two of its row. */
function chi(): string {
  const not = (value: string) => xor(value, "(i64.const -1)");
  const next = (x: number, y: number) => `(i64.and ${not(get(b(x + 1, y)))} ${get(b(x + 2, y))})`;
  return lanes((x, y) => set(a(x, y), xor(get(b(x, y)), next(x, y))));
}

/** Lane (0, 0) takes in the round's constant. */
function iota(): string {
  return set(a(0, 0), xor(get(a(0, 0)), load("$round", 0)));
}

/** A constant for each round; its bits 0, 1, 3, 7, 15, 31 and 63 come from a feedback shift register of 8 bits. */
function roundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j <= 6; j++) {
      if (register % 2 === 1) constant |= 1n << (2n ** BigInt(j) - 1n);
      register = register < 128 ? register << 1 : (register << 1) ^ 0x171;
    }
    return constant;
  });
}

/** The bytes of a lane, little-endian, as a module's text has them. */
function bytesOf(lane: bigint): string {
  const bytes = Buffer.alloc(LANE_BYTES);
  bytes.writeBigUInt64LE(lane);
  return bytes.toString("hex").replace(/../g, "\\$&");
}

const a = (x: number, y: number) => `$a${(x % 5) + 5 * (y % 5)}`;
const b = (x: number, y: number) => `$b${(x % 5) + 5 * (y % 5)}`;
const each = (textOf: (x: number) => string) => FIVE.map(textOf).join(" ");
const lanes = (textOf: (x: number, y: number) => string) => FIVE.map((y) => each((x) => textOf(x, y))).join(" ");
const get = (name: string) => `(local.get ${name})`;
const set = (name: string, value: string) => `(local.set ${name} ${value})`;
const xor = (left: string, right: string) => `(i64.xor ${left} ${right})`;
const rotate = (value: string, bits: number) => `(i64.rotl ${value} (i64.const ${bits}))`;
const load = (address: string, lane: number) => `(i64.load offset=${lane * LANE_BYTES} ${get(address)})`;
const advance = (name: string, bytes: number) => set(name, `(i32.add ${get(name)} (i32.const ${bytes}))`);

/** Writes scripts/core/keccak/binary.ts: run `npm run keccak` after a change of this file or of imported constants. */
async function main(): Promise<void> {
  const base64 = Buffer.from(await compileKeccakModule()).toString("base64");
  writeFileSync(
    join(__dirname, "../../core/keccak/binary.ts"),
    `/** scripts/lab/keccak/compileModule.ts, compiled, in base64: "npm run keccak" writes it, and a test compares the two. */\nexport const KECCAK_BINARY =\n  "${base64}";\n`,
  );
}

if (require.main === module) void main();
