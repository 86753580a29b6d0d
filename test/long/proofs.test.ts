import { expect } from "chai";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  createPublicClient,
  createWalletClient,
  type Hex,
  hexToBytes,
  http,
  parseAbi,
  bytesToHex,
  size,
} from "viem";
import { circuitsDirectory } from "../../scripts/config/folders";
import { proofBinding, publicInputs } from "../../scripts/core/proofStatement";
import { proofRows } from "../../scripts/lab/circuits/measure";
import { digitIn } from "../../scripts/nodes/digits/model";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { NoAnswerError } from "../../scripts/nodes/protocol/asker";
import { runBounded, megabytesFor, openProver, type Prover } from "../../scripts/nodes/prover/prover";
import { makeDevelopmentCrs, readProvableModel } from "../../scripts/nodes/prover/installation";
import { startAnvil } from "../shared/anvil";
import { describeProving } from "../shared/describeProving";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

const digits = readProvableModel(join(circuitsDirectory, "digits"));
const abi = parseAbi(["function verify(bytes proof, bytes32[] publicInputs) view returns (bool)"]);
const { bytecode } = JSON.parse(
  readFileSync(join(__dirname, "../../artifacts/contracts/verifiers/DigitsVerifier.sol/DigitsVerifier.json"), "utf8"),
) as { readonly bytecode: Hex };

const never = new AbortController().signal;
const limits = { concurrency: 1, timeoutMilliseconds: 300_000 };

const owner = { chainId: 31_337, registry: nodeAccount(9), taskId: 7, minerId: 2 };
const { image } = digitImages[4]!;
const work = { modelHash: digits.modelHash, input: image, result: Uint8Array.of(digitIn(image)) };

/** The same with the last bit of a word changed, by default of the last word. */
function flipped(value: Hex, word = size(value) / 32 - 1): Hex {
  const bytes = hexToBytes(value);
  bytes[32 * word + 31]! ^= 1;
  return bytesToHex(bytes);
}

async function deployVerifier({ url }: DevelopmentNode) {
  const transport = http(url, { timeout: 120_000 });
  const reader = createPublicClient({ transport });
  const hash = await createWalletClient({ transport }).deployContract({
    abi,
    bytecode,
    account: nodeAccount(0),
    chain: null,
  });
  const { contractAddress } = await reader.waitForTransactionReceipt({ hash });
  const address = contractAddress as Address;
  return {
    accepts: (proof: Hex, values: readonly Hex[]) =>
      reader.readContract({ address, abi, functionName: "verify", args: [proof, values] }).catch(() => false),
    gas: (proof: Hex, values: readonly Hex[]) =>
      reader.estimateContractGas({
        address,
        abi,
        functionName: "verify",
        args: [proof, values],
        account: nodeAccount(0),
      }),
  };
}

describeProving("A proof", function () {
  this.timeout(1_200_000);
  const crsDirectory = mkdtempSync(join(tmpdir(), "moderntensor-crs-"));
  const proofs: Hex[] = [];
  const bindings = [proofBinding(owner), proofBinding({ ...owner, taskId: 8 })];
  let prover: Prover;

  /** Other tests prove at the same time: these temporary files are kept apart. */
  const temporary = mkdtempSync(join(tmpdir(), "moderntensor-"));
  const inherited = process.env.TMPDIR;
  const temporaryFolders = (): readonly string[] =>
    readdirSync(temporary).filter((name) => name.startsWith("moderntensor-proof-"));

  before(async () => {
    process.env.TMPDIR = temporary;
    await makeDevelopmentCrs(crsDirectory, digits.points);
    prover = openProver({ ...limits, crsDirectory });
    for (const binding of bindings) proofs.push(await prover.prove(digits, { ...work, binding }, never));
  });

  after(() => {
    if (inherited === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = inherited;
    rmSync(temporary, { recursive: true });
    rmSync(crsDirectory, { recursive: true });
  });

  it("is made with 200 MB for each of its two processes, which leave no file behind", () => {
    expect(megabytesFor(digits.points)).to.equal(200);
    expect(proofs.map((proof) => hexToBytes(proof).length)).to.deep.equal([6_720, 6_720]);
    expect(temporaryFolders()).to.deep.equal([]);
  });

  it("is measured by the benchmark, and takes at most 200 MB", async () => {
    const rows = await proofRows();
    expect(rows.map(({ name, unit, target }) => [name, unit, target])).to.deep.equal([
      ["proof of a digit: processor time", "s", 2],
      ["proof of a digit: peak memory", "MB", 200],
    ]);
    expect(rows[0]!.ours > 0 && rows[1]!.ours > 0 && rows[1]!.ours <= 200).to.equal(true);
  });

  for (const [name, start] of [
    ["Hardhat's node", () => startNode()],
    ["anvil", (test: Pick<Mocha.Context, "skip">) => startAnvil(test)],
  ] as const) {
    it(`is accepted on ${name} for at most 720,000 gas, and refused with one bit changed anywhere`, async function () {
      const node = await start(this);
      try {
        const verifier = await deployVerifier(node);
        const values = publicInputs(work, bindings[0]!);
        const proof = proofs[0]!;
        expect(await verifier.accepts(proof, values)).to.equal(true);
        expect(await verifier.gas(proof, values)).to.satisfy((gas: bigint) => gas <= 720_000n);
        // Each takes Hardhat's node half a second.
        const words = name === "anvil" ? Array.from({ length: size(proof) / 32 }, (_, word) => word) : [0, 209];
        for (const word of words) {
          expect(await verifier.accepts(flipped(proof, word), values), `word ${word} of the proof`).to.equal(false);
        }
        for (const at of values.keys()) {
          const changed = values.map((value, i) => (i === at ? flipped(value) : value));
          expect(await verifier.accepts(proof, changed), `public input ${at}`).to.equal(false);
        }
        for (const other of [{ taskId: 8 }, { minerId: 3 }, { chainId: 1 }, { registry: nodeAccount(8) }]) {
          const elsewhere = publicInputs(work, proofBinding({ ...owner, ...other }));
          expect(await verifier.accepts(proof, elsewhere), Object.keys(other)[0]).to.equal(false);
        }
        // The same image proven for another task: each proof serves its own task alone.
        const second = publicInputs(work, bindings[1]!);
        expect(await verifier.accepts(proofs[1]!, second)).to.equal(true);
        expect(await verifier.accepts(proofs[1]!, values)).to.equal(false);
        expect(await verifier.accepts(proof, second)).to.equal(false);
      } finally {
        node.stop();
      }
    });
  }

  it("can't be made for a result that the model doesn't give", async () => {
    const wrong = { ...work, result: Uint8Array.of((work.result[0]! + 1) % 10), binding: bindings[0]! };
    const refused = await prover.prove(digits, wrong, never).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(NoAnswerError);
    expect((refused as Error).message).to.match(/^failed \(exit code 1\): (Circuit execution failed|Cannot satisfy)/);
    expect(temporaryFolders()).to.deep.equal([]);
  });

  it("is given up at once when it is stopped, with its processes and files", async () => {
    const stopping = new AbortController();
    const claim = { ...work, binding: bindings[0]! };
    const two = [prover.prove(digits, claim, stopping.signal), prover.prove(digits, claim, stopping.signal)];
    const ends = Promise.allSettled(two);
    setImmediate(() => {
      stopping.abort();
    });
    for (const end of await ends)
      expect(end).to.have.nested.property("reason.message", "was stopped before it answered");
    expect(temporaryFolders()).to.deep.equal([]);
  });

  it("is given up if it takes too long or too much memory", async () => {
    const claim = { ...work, binding: bindings[0]! };
    const hasty = openProver({ ...limits, timeoutMilliseconds: 20, crsDirectory });
    expect(await hasty.prove(digits, claim, never).catch((error: unknown) => (error as Error).message)).to.equal(
      "took more than 20 ms",
    );
    const greedy = [process.execPath, "-e", "for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1))"];
    const failed = await runBounded({ command: greedy }, { ...limits, megabytes: 200 }, never).catch(
      (error: unknown) => error,
    );
    expect(failed)
      .to.be.instanceOf(NoAnswerError)
      .with.property("message")
      .that.matches(/^failed \(/);
    expect(temporaryFolders()).to.deep.equal([]);
  });

  it("is made again once there is a folder for its temporary files", async () => {
    const gone = join(temporary, "gone");
    const apart = openProver({ ...limits, crsDirectory });
    const proveIn = (directory: string) => {
      process.env.TMPDIR = directory;
      return apart.prove(digits, { ...work, binding: bindings[0]! }, never);
    };
    const refused = await proveIn(gone).catch((error: unknown) => error);
    expect(refused).to.have.property("code", "ENOENT");
    expect(await proveIn(temporary)).to.equal(proofs[0]);
  });

  it("can be made at the same time as others", async () => {
    const several = openProver({ ...limits, concurrency: Math.max(2, availableParallelism()), crsDirectory });
    const made = await Promise.all(
      [1, 2, 3].map((taskId) => several.prove(digits, { ...work, binding: proofBinding({ ...owner, taskId }) }, never)),
    );
    expect(new Set(made).size).to.equal(3);
  });
});
