import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { transact } from "../../scripts/chain/transact";
import { publishPolicy } from "../../scripts/actions/policies";
import { LateCheckpointError, readCheckpoint, verifyWithCheckpoint } from "../../scripts/keeper/verify/checkpoint";
import { canonicalHash, type JsonObject } from "../../scripts/core/canonicalJson";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { rejection } from "../shared/rejection";
import { liveThrough } from "./world";

interface Content {
  chainId: number;
  treasury: string;
  epoch: number;
  root: string;
  rewards: [account: string, amountWei: string][];
  bonds: { account: string; bondsU16: [minerId: number, bond: number][] }[];
}

describe("A checkpoint of a verification", function () {
  this.bail(true);
  let world: DelayedWorld;
  let file: string;
  let whole: string;

  before(async () => {
    world = await startDelayedWorld(20);
    const { connection, people, node } = world;
    file = join(node.dataDirectory, "checkpoint.json");
    const policy = join(node.dataDirectory, "policy.json");
    writeFileSync(policy, JSON.stringify({ fromEpoch: 2, policy: { validatorRule: "yuma3", maxExpectedTasks: 50 } }));
    await publishPolicy(connection, people.keeper, policy);
    const archive = await openArchive(connection, node.dataDirectory);
    await liveThrough(world, 2);
    await liveThrough(world, 3);
    for (let epoch = 0; epoch <= 3; epoch++) {
      await settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
    }
  });

  after(async () => {
    await world.node.stop();
  });

  /** Verifies with the checkpoint. @returns The verification, the computed epochs, and the sentences. */
  async function verify(toEpoch: number, fromEpoch?: number) {
    const [computed, said]: [number[], string[]] = [[], []];
    const verification = await verifyWithCheckpoint(world.connection, toEpoch, {
      checkpointFile: file,
      fromEpoch,
      onProgress: (what, done) => {
        if (what === "epochs computed") computed.push(done - 1);
      },
      onSetAside: (sentence) => said.push(sentence),
    });
    return { verification, computed, said };
  }

  /** Changes the checkpoint's content and makes the hash fit, as a forger would. */
  function forge(change: (content: Content) => void) {
    const { content } = JSON.parse(whole) as { content: Content };
    change(content);
    writeFileSync(file, JSON.stringify({ content, contentHash: canonicalHash(content as unknown as JsonObject) }));
  }

  it("isn't written while the last epoch's root is vetoed", async () => {
    const { connection, people, node } = world;
    const { treasury } = connection.contracts;
    const id = await node.control.snapshot();
    await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
    await transact(connection, people.keeper, { ...treasury, functionName: "vetoRoot", args: [3n] });
    expect((await verify(3)).verification).to.include({ kind: "verified", toEpoch: 3 });
    expect(existsSync(file)).to.equal(false);
    await node.control.revert({ id });
  });

  it("isn't required: without one, epochs are verified from the first, or from the one that was requested", async () => {
    for (const fromEpoch of [undefined, 1]) {
      const verification = await verifyWithCheckpoint(world.connection, 2, { fromEpoch });
      expect(verification).to.deep.equal({ kind: "verified", fromEpoch: fromEpoch ?? 0, toEpoch: 2 });
    }
  });

  it("is written if everything agrees", async () => {
    expect(await verify(2)).to.deep.equal({
      verification: { kind: "verified", fromEpoch: 0, toEpoch: 2 },
      computed: [0, 1, 2],
      said: [],
    });
    whole = readFileSync(file, "utf8");
  });

  it("reports its own epoch as already verified, and can't be used for earlier ones", async () => {
    expect(await verify(2)).to.deep.equal({
      verification: { kind: "alreadyVerified", epoch: 2 },
      computed: [],
      said: [],
    });
    for (const attempt of [() => verify(1), () => verify(3, 2)]) {
      const { message } = await rejection(attempt(), LateCheckpointError);
      expect(message).to.equal(`The checkpoint ${file} ends with epoch 2: choose later epochs, or omit --checkpoint.`);
    }
  });

  const refused: [what: string, change: () => void, problem: string][] = [
    [
      "one of its digits was changed",
      () => {
        writeFileSync(file, whole.replace(/"epoch":2/, '"epoch":1'));
      },
      "was changed after it was written",
    ],
    [
      "it holds something else",
      () => {
        writeFileSync(file, "{}");
      },
      "is not a complete checkpoint",
    ],
    [
      "it was truncated",
      () => {
        truncateSync(file, 100);
      },
      "is not JSON: .*",
    ],
    [
      "it is empty",
      () => {
        writeFileSync(file, "");
      },
      "is not JSON: Unexpected end of JSON input",
    ],
    [
      "it is huge",
      () => {
        truncateSync(file, 600_000_000);
      },
      "is too large: the limit is \\d+ bytes",
    ],
    [
      "it has a duplicate field",
      () => {
        writeFileSync(file, whole.replace('"epoch":2', '"epoch":2,"epoch":2'));
      },
      "contains the field content.epoch twice",
    ],
    [
      "it is a directory",
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      "is not a file",
    ],
    [
      "one wei was moved and the hash was made to fit",
      () => {
        forge(({ rewards }) => {
          rewards[0]![1] = String(BigInt(rewards[0]![1]) + 1n);
          rewards[1]![1] = String(BigInt(rewards[1]![1]) - 1n);
        });
      },
      "does not match the on-chain root of epoch 2",
    ],
    [
      "it names another epoch",
      () => {
        forge((content) => {
          content.epoch = 1;
        });
      },
      "does not match the on-chain root of epoch 1",
    ],
    [
      "it names another chain",
      () => {
        forge((content) => {
          content.chainId = 1;
        });
      },
      "belongs to another chain or Treasury",
    ],
  ];
  for (const [what, change, problem] of refused) {
    it(`is set aside if ${what}, and verification starts from the first epoch`, async () => {
      change();
      const read = await readCheckpoint(file, world.connection);
      expect("problem" in read && read.problem).to.match(new RegExp(`^${problem}$`));
      const { verification, computed, said } = await verify(2);
      expect(verification).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: 2 });
      expect(computed).to.deep.equal([0, 1, 2]);
      expect(said).to.have.lengthOf(1);
      expect(said[0]).to.match(
        new RegExp(
          `^${file} ${problem}; it is set aside as checkpoint.json.set-aside, and verification starts from the first epoch\\.$`,
        ),
      );
      expect(readFileSync(file, "utf8")).to.equal(whole);
    });
  }

  it("with forged bonds leads to a difference in the next epoch, not to a false agreement", async () => {
    forge(({ bonds }) => {
      const bond = bonds.find(({ bondsU16 }) => bondsU16.length > 0)!.bondsU16[0]!;
      bond[1] = bond[1] > 30_000 ? 0 : 65_535;
    });
    expect((await verify(3)).verification).to.include({ kind: "different", epoch: 3 });
    expect(await verifyEpochs(world.connection, 3)).to.include({ kind: "verified" });
  });

  it("saves checking the epochs up to its own, and is then moved to the new one", async () => {
    writeFileSync(file, whole);
    expect(await verify(3)).to.deep.equal({
      verification: { kind: "verified", fromEpoch: 3, toEpoch: 3 },
      computed: [3],
      said: [],
    });
    expect((await verify(3)).verification).to.deep.equal({ kind: "alreadyVerified", epoch: 3 });
  });

  it("isn't required for a range, which is judged on top of the epochs before it", async () => {
    expect(await verifyEpochs(world.connection, 3, { fromEpoch: 2 })).to.deep.equal({
      kind: "verified",
      fromEpoch: 2,
      toEpoch: 3,
    });
    expect(await verifyEpochs(world.connection, 4)).to.deep.equal({ kind: "notSettled", epoch: 4, settledEpochs: 4 });
  });
});
