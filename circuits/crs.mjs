/**
 * The common reference string that proofs are made with, in Barretenberg's files: the first powers of a secret number on BN254.
 *
 *   node circuits/crs.mjs make DIRECTORY POINTS    one for development, whose secret everyone knows
 *   node circuits/crs.mjs check DIRECTORY          whether one is what it should be, whoever made it
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bn254 } from "@noble/curves/bn254";

const { G1, G2, fields } = bn254;
const { Fr } = fields;
const pointBytes = 64;
/**
 * The second group's point of Aztec's ceremony, as its file has it. Barretenberg downloads only the points of the first
 * group.
 */
const ceremony = Buffer.from(
  "0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0" +
    "260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1" +
    "22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55" +
    "04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4",
  "hex",
);
const scalar = (bytes) => Fr.create(BigInt(`0x${bytes.toString("hex")}`));

const [what, directory, points] = process.argv.slice(2);
const [firstGroup, secondGroup] = ["bn254_g1.dat", "bn254_g2.dat"].map((name) => join(directory, name));
if (what === "make") make(Number(points));
else check();

/** Anyone who knows the secret can prove anything, so these files are worth nothing if anything is at stake. */
function make(count) {
  if (existsSync(firstGroup) && statSync(firstGroup).size >= count * pointBytes) return;
  const secret = scalar(createHash("sha512").update("ModernTensor: common reference string for development").digest());
  G1.Point.BASE.precompute(8, false);
  const powers = [];
  for (let power = 1n; powers.length < count; power = Fr.mul(power, secret)) powers.push(G1.Point.BASE.multiply(power));
  mkdirSync(directory, { recursive: true });
  const { x, y } = G2.Point.BASE.multiply(secret).toAffine();
  write(secondGroup, [x.c0, x.c1, y.c0, y.c1]);
  write(
    firstGroup,
    G1.Point.normalizeZ(powers).flatMap((point) => [point.x, point.y]),
  );
}

/** Writes a file whole or not at all, even if two processes write it at once. */
function write(file, numbers) {
  const unfinished = `${file}.${process.pid}.unfinished`;
  writeFileSync(
    unfinished,
    Buffer.from(numbers.map((number) => number.toString(16).padStart(64, "0")).join(""), "hex"),
  );
  renameSync(unfinished, file);
}

/**
 * Checks that each point is the one before it times the secret of the second group's point, with a random sum of all at
 * once. If the second group's file is missing, takes the ceremony's point and writes it.
 */
function check() {
  const first = readFileSync(firstGroup);
  const second = existsSync(secondGroup) ? readFileSync(secondGroup) : ceremony;
  const numbers = (bytes, start, count) =>
    Array.from({ length: count }, (_, i) => BigInt(`0x${bytes.toString("hex", start + 32 * i, start + 32 * (i + 1))}`));
  const count = first.length / pointBytes;
  const powers = Array.from({ length: count }, (_, i) => {
    const [x, y] = numbers(first, i * pointBytes, 2);
    const point = G1.Point.fromAffine({ x, y });
    point.assertValidity();
    return point;
  });
  const [c0, c1, d0, d1] = numbers(second, 0, 4);
  const secret = G2.Point.fromAffine({ x: { c0, c1 }, y: { c0: d0, c1: d1 } });
  secret.assertValidity();
  const weights = powers.slice(1).map(() => scalar(randomBytes(16)) + 1n);
  const [sum, next] = [powers.slice(0, -1), powers.slice(1)].map((some) => G1.Point.msm(some, weights));
  const pairs = [
    { g1: sum, g2: secret },
    { g1: next.negate(), g2: G2.Point.BASE },
  ];
  const isOne = bn254.fields.Fp12.eql(bn254.pairingBatch(pairs), bn254.fields.Fp12.ONE);
  if (!isOne || !powers[0].equals(G1.Point.BASE)) throw new Error("These are not the powers of one number.");
  if (!existsSync(secondGroup)) writeFileSync(secondGroup, second);
  const words = [c1, c0, d1, d0].map((number) => `0x${number.toString(16).padStart(64, "0")}`);
  process.stdout.write(`${count} powers of the secret of this point, as verifiers have it:\n${words.join("\n")}\n`);
}
