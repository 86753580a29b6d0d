import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Address, keccak256 } from "viem";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { chooseSigners } from "../../scripts/keeper/quorum/chooseSigners";
import { readElectorate } from "../../scripts/keeper/quorum/electorate";
import { gather } from "../../scripts/keeper/quorum/gather";
import { domainOf, settlementForm, statementOf } from "../../scripts/keeper/quorum/statements";
import { prepareSettlement, settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { createWorld, goToDue, type World } from "../integration/world";
import { type DevelopmentNode, startNode } from "../shared/node";
import { accountOf, signedAnswer } from "../shared/signingNodes";

describe("The commands for settlements that validators sign", () => {
  let node: DevelopmentNode;
  let world: World;

  before(async () => {
    node = await startNode();
    world = await createWorld({ ...node, deploy: () => node.deploy("--solo-after", "600") });
    await goToDue(world, 1);
    const archive = await openArchive(world.connection, node.dataDirectory);
    const options = { signer: world.people.keeper, payRecipientsUpTo: 0 };
    for (let epoch = 0; epoch < 2; epoch++) await settleNextEpoch(world.connection, archive, options);
  });

  after(() => {
    node.stop();
  });

  const file = (index: number) => join(node.dataDirectory, `signed-${index}.json`);
  const sign = (index: number, ...more: string[]) =>
    node.command("settlement", "sign", "--from", String(index), "--out", file(index), ...more);

  it("sign nothing before an epoch is due, and only for validators", async () => {
    expect(await sign(2)).to.deep.include({ exitCode: 0, stderr: "" });
    expect(existsSync(file(2))).to.equal(false);
    expect((await sign(2)).stdout).to.match(/^Nothing to do: epoch 2 can be signed in \d/);
    expect((await sign(12)).stderr).to.match(/is neither a validator nor a validator's operator\.\n$/);
    expect((await node.command("settlement", "show")).stdout).to.match(
      /^Epoch 2 can be settled in .*\. No signatures yet/,
    );
  });

  it("sign, show who has signed, and settle with enough signatures, each from a file", async () => {
    await goToDue(world, 2);
    const [second, third, fourth] = [2, 3, 4].map((index) => accountOf(index).address);
    for (const index of [2, 3, 4]) {
      const { stdout, exitCode } = await sign(index);
      expect([exitCode, stdout]).to.deep.equal([
        0,
        `The signature of ${accountOf(index).address} for epoch 2 is in ${file(index)}. Give the file to "settlement submit --files".\n`,
      ]);
    }
    const submit = (...indexes: number[]) =>
      node.command("settlement", "submit", "--from", "12", "--files", indexes.map(file).join(","));
    const short = await submit(3, 4);
    expect(short.exitCode).to.equal(1);
    expect(short.stdout).to.match(/^Epoch 2 has no quorum: 940\.\d+ of 986\.\d+ MDT have signed\. 0x/);
    expect(short.stdout).to.include(`${second} (320.`).and.to.include("has published no endpoint");
    const shown = await node.command("settlement", "show", "--json");
    expect(JSON.parse(shown.stdout)).to.deep.include({ kind: "due", epoch: 2, signedWei: "0" });
    const settled = await submit(2, 3, 4);
    expect([settled.exitCode, settled.stderr]).to.deep.equal([0, ""]);
    expect(settled.stdout).to.match(/Settled epoch 2 with 0x/);
    const { stdout } = await node.command("settlement", "show", "--epoch", "2");
    for (const validator of [second, third, fourth]) expect(stdout).to.include(validator);
    expect((await sign(3, "--epoch", "2")).stdout).to.include(file(3));
    expect((await submit(2, 3)).stdout).to.match(/^Nothing to do: epoch 3 can be settled in/);
  });

  it("sign, show and send the repost in the same way, if what they all signed was vetoed", async () => {
    const { connection, people } = world;
    const { settlementQuorum, treasury } = connection.contracts;
    await goToDue(world, 3);
    const { settlement } = (await prepareSettlement(connection, await openArchive(connection, node.dataDirectory), 3))
      .computed;
    const wrong = { ...settlement, rewardsRoot: keccak256("0x01") };
    const { signers, neededWei } = await readElectorate(connection, 3);
    const answers = await Promise.all(
      [2, 3, 4].map(async (i) => [accountOf(i).address, await signedAnswer(connection, accountOf(i), wrong)] as const),
    );
    const statement = statementOf(settlementForm, domainOf(connection), wrong);
    const rules = { allowPrivate: true, known: new Map<Address, object>(answers) };
    const { signed } = await gather(connection, signers, statement, rules);
    const { validators, positions, signatures } = chooseSigners(signed, neededWei!)!;
    const args = [wrong, validators, positions, signatures] as const;
    await transact(connection, people.stranger, { ...settlementQuorum, functionName: "settleEpochSigned", args });
    await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
    await transact(connection, people.keeper, { ...treasury, functionName: "vetoRoot", args: [3n] });
    await transact(connection, people.keeper, { ...treasury, functionName: "unpause", args: [] });

    for (const index of [2, 3, 4]) {
      expect((await sign(index)).stdout).to.equal(
        `The signature of ${accountOf(index).address} for the repost of epoch 3 is in ${file(index)}. Give the file to "settlement submit --files".\n`,
      );
    }
    const shown = await node.command("settlement", "show");
    expect(shown.stdout).to.match(/^The root of epoch 3 was vetoed\. The root to repost: 0x/);
    const files = [2, 3, 4].map(file).join(",");
    const sent = await node.command("settlement", "submit", "--from", "12", "--files", files);
    expect([sent.exitCode, sent.stderr]).to.deep.equal([0, ""]);
    expect(sent.stdout).to.match(/\nPosted by 0x/);
    const [reposted] = await connection.events.select(["RepostSigned"], { epoch: 3 });
    expect(reposted!.args.validators).to.have.length(3);
  });
});
