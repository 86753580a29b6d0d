import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, concatHex, decodeFunctionData, getAddress, type Hex, numberToHex, slice } from "viem";
import { transact } from "../../scripts/chain/transact";
import { treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { chooseSigners } from "../../scripts/keeper/quorum/chooseSigners";
import { type Electorate, readElectorate } from "../../scripts/keeper/quorum/electorate";
import { gather, type GatherOptions } from "../../scripts/keeper/quorum/gather";
import { domainOf, settlementForm, statementOf } from "../../scripts/keeper/quorum/statements";
import { prepareSettlement, settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { repostVetoedEpoch } from "../../scripts/keeper/settle/repostEpoch";
import { writeSettlingForSafe } from "../../scripts/commands/drafts";
import { epochToSign, settlementStanding } from "../../scripts/keeper/settle/settlementStanding";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { describeGap, describeStanding } from "../../scripts/show/describeQuorum";
import { watchWording } from "../../scripts/show/describeWatchEvent";
import { goToDue, liveThrough } from "../integration/world";
import { startTestWatcher } from "../keeper/watch/runningWatcher";
import {
  accountOf,
  type Behaviour,
  honest,
  openSigningNode,
  publish,
  show,
  signedAnswer,
  signedRepostAnswer,
  type SigningNode,
} from "../shared/signingNodes";
import { Stage } from "../shared/signingStage";
import { standsFickleSigners } from "./fickleSigners";

const refuse: Behaviour = (epoch, response) => {
  const reason = "minerRewards differ since block 7";
  show(response, { error: `This validator does not sign epoch ${epoch}.`, reason }, 404);
};

describe("Validators' signatures", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let stage: Stage;
  let electorate: Electorate;

  before(async () => {
    stage = await Stage.open(0);
    await liveThrough(stage.world, 2);
    electorate = await readElectorate(stage.world.connection, 2);
  });

  afterEach(() => stage.endRelays());
  after(() => stage.close());

  describe("a validator's answer", () => {
    /** The kind of signature in one validator's answer, or why the answer doesn't count. */
    async function answerOf(behaviour: Behaviour | undefined, options: Partial<GatherOptions> = {}) {
      const { world, nodes, settlementOf } = stage;
      const [, node] = nodes;
      if (behaviour !== undefined) node!.behave(behaviour);
      const signer = electorate.signers.find(({ validator }) => validator === node!.account.address)!;
      const statement = statementOf(settlementForm, domainOf(world.connection), await settlementOf(2));
      const rules = { allowPrivate: true, timeoutMilliseconds: 2_000, known: new Map(), ...options };
      const { signed, unsigned } = await gather(world.connection, [signer], statement, rules);
      return unsigned[0]?.reason ?? signed[0]!.by;
    }

    after(() => {
      stage.behaveHonestly();
    });

    const withSignature =
      (change: (signature: Hex) => Hex): Behaviour =>
      async (epoch, response) => {
        const own = await signedAnswer(stage.world.connection, accountOf(2), await stage.settlementOf(epoch));
        const { signature } = own as { signature: Hex };
        show(response, { ...own, signature: change(signature) });
      };
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const wrong = "sent a signature that is not its operator's";
    const cases: readonly (readonly [what: string, behaviour: Behaviour, reason: string | RegExp])[] = [
      ["counts if the signature is right", (...all) => honestly(...all), "key"],
      [
        "counts by its signature, even if its settlement has other figures",
        async (epoch, response) => {
          const own = await signedAnswer(stage.world.connection, accountOf(2), await stage.settlementOf(epoch));
          const { settlement } = own as { settlement: object };
          show(response, { ...own, settlement: { ...settlement, emission: "1" } });
        },
        "key",
      ],
      ["doesn't count if it comes too late", () => undefined, "did not answer completely in time"],
      [
        "doesn't count if it trickles",
        (_, response) => {
          const drip = setInterval(() => response.write(" "), 20);
          response.once("close", () => {
            clearInterval(drip);
          });
        },
        "did not answer completely in time",
      ],
      [
        "doesn't count if it is megabytes long",
        (_, response) => void response.end(Buffer.alloc(1 << 22)),
        "sent more than 16384 bytes",
      ],
      [
        "doesn't count if it is a redirect",
        (_, response) => void response.writeHead(302, { Location: stage.nodes[0]!.url }).end(),
        "answers 302",
      ],
      ["doesn't count if it isn't JSON", (_, response) => void response.end("<html>"), "did not send JSON"],
      [
        "doesn't count if a field is missing",
        (_, response) => {
          show(response, { validator: accountOf(2).address, signature: "0x00" });
        },
        "did not send a valid signed statement: The field settlement is missing.",
      ],
      ["doesn't count if it is cut off", (_, __, request) => void request.socket.destroy(), /^can't be reached/],
      ["says why a node doesn't sign", refuse, "answers 404: minerRewards differ since block 7"],
      [
        "doesn't count if something else was signed, and the field that differs is named",
        (...all) => stage.lie({ emission: 5n })(...all),
        /^signed something else: its emission is 5 instead of \d+$/,
      ],
      [
        "doesn't count if another account signed",
        async (epoch, response) => {
          const settlement = await stage.settlementOf(epoch);
          const { connection } = stage.world;
          show(response, await signedAnswer(connection, accountOf(1), settlement, accountOf(2).address));
        },
        wrong,
      ],
      [
        "doesn't count with the signature's second form, with the higher s",
        withSignature((signature) => {
          const high = order - BigInt(slice(signature, 32, 64));
          const otherV = signature.endsWith("1b") ? "0x1c" : "0x1b";
          return concatHex([slice(signature, 0, 32), numberToHex(high, { size: 32 }), otherV]);
        }),
        wrong,
      ],
      [
        "doesn't count if the signature's v isn't 27 or 28",
        withSignature(
          (signature) => `${signature.slice(0, -2)}${signature.endsWith("1b") ? "00" : "01"}` as `0x${string}`,
        ),
        wrong,
      ],
    ];
    const honestly: Behaviour = (...all) => honest(stage.world.connection, accountOf(2), stage.settlementOf)(...all);
    for (const [title, behaviour, reason] of cases) {
      it(title, async () => {
        const answer = await answerOf(behaviour);
        if (typeof reason === "string") expect(answer).to.equal(reason);
        else expect(answer).to.match(reason);
      });
    }

    it("isn't requested from a private address outside a local network", async () => {
      const asked = stage.nodes[1]!.asked.length;
      expect(await answerOf(honestly, { allowPrivate: false })).to.equal("has no public address");
      expect(stage.nodes[1]!.asked).to.have.length(asked);
    });

    it("isn't requested again if it is known, unless it is signed incorrectly", async () => {
      const { connection } = stage.world;
      const settlement = await stage.settlementOf(2);
      const right = await signedAnswer(connection, accountOf(2), settlement);
      const other = await signedAnswer(connection, accountOf(2), { ...settlement, emission: 5n });
      const known = (answer: object) => ({ known: new Map([[accountOf(2).address, answer]]) });
      const asked = stage.nodes[1]!.asked.length;
      expect(await answerOf(refuse, known(right))).to.equal("key");
      expect(stage.nodes[1]!.asked).to.have.length(asked);
      expect(await answerOf(refuse, known(other))).to.match(/^signed something else: its emission is 5 instead of/);
      expect(await answerOf(honestly, known(other))).to.equal("key");
    });

    it("counts by the operator's current key, from the endpoint that the operator has published", async () => {
      const { connection } = stage.world;
      const { staking } = connection.contracts;
      const operator = accountOf(20);
      const set = (account: Address) =>
        transact(connection, accountOf(2).address, { ...staking, functionName: "setOperator", args: [account] });
      await set(operator.address);
      expect(await answerOf(honestly)).to.equal(wrong);
      const node = await openSigningNode(operator, async (epoch, response) => {
        const settlement = await stage.settlementOf(epoch);
        show(response, await signedAnswer(connection, operator, settlement, accountOf(2).address));
      });
      await publish(connection, operator.address, node.url);
      expect(await answerOf(undefined)).to.equal("key");
      await set(accountOf(2).address);
      node.close();
    });
  });

  it("don't count if a validator's contract answers differently from ERC-1271, or not at all, and hold nobody up", async () => {
    const { connection, node } = stage.world;
    const { staking } = connection.contracts;
    const { address: validator } = accountOf(2);
    const operator = getAddress(`0x${"c0de".repeat(10)}`);
    const setOperator = (account: Address) =>
      transact(connection, validator, { ...staking, functionName: "setOperator", args: [account] });
    const settlement = await stage.settlementOf(2);
    const known = new Map([[validator, await signedAnswer(connection, accountOf(2), settlement)]]);
    const signers = electorate.signers.filter((one) => one.validator === validator);
    const statement = statementOf(settlementForm, domainOf(connection), settlement);
    await setOperator(operator);
    // It stops; it is no code; it reverts; it loops for ever; it answers with one byte, and with dirt behind the right ones.
    const codes = [
      "0x00",
      "0xfe",
      "0x5f5ffd",
      "0x5b5f56",
      "0x60015ff3",
      "0x631626ba7e60e01b6001175f5260205ff3",
    ] as const;
    for (const bytecode of codes) {
      await node.control.setCode({ address: operator, bytecode });
      const { unsigned } = await gather(connection, signers, statement, { allowPrivate: true, known });
      expect(
        unsigned.map(({ reason }) => reason),
        bytecode,
      ).to.deep.equal(["sent a signature that is not its operator's"]);
    }
    await node.control.setCode({ address: operator, bytecode: "0x631626ba7e60e01b5f5260205ff3" });
    const { signed } = await gather(connection, signers, statement, { allowPrivate: true, known });
    expect(signed.map(({ by }) => by)).to.deep.equal(["contract"]);
    await setOperator(validator);
  });

  describe("settlements", () => {
    it("can be sent by anyone once a quorum has signed them, and pay out in the same transaction", async () => {
      const { world, nodes } = stage;
      nodes[1]!.behave(stage.lie({ emission: 5n }));
      const relay = await stage.startRelay(12);
      await relay.until("mined");
      const [mined] = relay.told("mined");
      expect(mined).to.include({ epoch: 2 });
      expect(mined!.paid).to.be.above(3);
      const signers = await stage.signersOf(2);
      expect(signers).to.deep.equal([0, 2, 3].map((i) => nodes[i]!.account.address).toSorted(byNumber));
      expect(await verifyEpochs(world.connection, 2)).to.include({ kind: "verified" });
    });

    it("wait for a quorum: a relay names the validators that haven't signed, and asks only those again", async () => {
      const { world, nodes } = stage;
      const [light, liar] = nodes as [SigningNode, SigningNode];
      await goToDue(world, 3);
      await stage.waitSeconds(5);
      light.behave(refuse);
      liar.behave(stage.lie({ rewardsRoot: `0x${"ab".repeat(32)}` }));
      const relay = await stage.startRelay(12);
      await relay.until("quorumMissing");
      const [missing] = relay.told("quorumMissing");
      const { signers, neededWei, soloFrom } = await readElectorate(world.connection, 3);
      const stakeOf = ({ account }: SigningNode) =>
        signers.find(({ validator }) => validator === account.address)!.stakeWei;
      expect(missing).to.deep.include({ epoch: 3, neededWei, soloFrom });
      expect(missing!.signedWei).to.equal(stakeOf(nodes[2]!) + stakeOf(nodes[3]!));
      const [first, second, ...rest] = missing!.missing;
      expect(first).to.include({ validator: liar.account.address, differs: true });
      expect(first!.reason).to.match(/^signed something else: its rewardsRoot is 0x(ab){32} instead of 0x/);
      const reason = "answers 404: minerRewards differ since block 7";
      expect(second).to.include({ validator: light.account.address, differs: false, reason });
      expect(rest).to.deep.equal([]);
      const sentence = describeGap(3, missing!);
      expect(sentence).to.match(/^Epoch 3 has no quorum: 940\.\d+ of 986\.\d+ MDT have signed\. 0x/);
      expect(sentence).to.include(`${light.account.address} (220.0`).and.to.include(`MDT) ${reason}. From `);
      const asked = light.asked.length;
      while (light.asked.length < asked + 3) await relay.until("looked", relay.told("looked").length + 1);
      expect(relay.told("quorumMissing")).to.have.length(1);
      expect(relay.told("computed")).to.have.length(1);
      const askedThrice = (node: SigningNode) => node.asked.filter((path) => path === "/v1/settlements/3").length;
      expect([nodes[2]!, nodes[3]!].map(askedThrice)).to.deep.equal([1, 1]);
      stage.behaveHonestly();
      await relay.until("mined");
      expect(await stage.signersOf(3)).to.have.length(3);
    });

    it("are each made once after epochs without a relay, even through two relays at a time", async () => {
      await goToDue(stage.world, 6);
      const relays = [await stage.startRelay(12), await stage.startRelay(13)];
      await Promise.all(relays.map((relay) => relay.until("final", 7)));
      const mined = relays.flatMap((relay) => relay.told("mined").map(({ epoch }) => epoch));
      expect(mined.toSorted()).to.deep.equal([4, 5, 6]);
      for (const epoch of [4, 5, 6]) expect(await stage.signersOf(epoch), `epoch ${epoch}`).to.have.length(3);
    });

    it("can be made by a keeper alone, and by nobody else, once the time for a quorum is over", async () => {
      const { world, nodes } = stage;
      await goToDue(world, 7);
      await stage.waitSeconds(5);
      nodes[3]!.behave((_, __, request) => void request.socket.destroy());
      const [keeper, relay] = [await stage.startRelay(0), await stage.startRelay(12)];
      await Promise.all([keeper, relay].map((one) => one.until("quorumMissing")));
      expect([...keeper.told("sent"), ...relay.told("sent")]).to.deep.equal([]);
      const { soloFrom } = await readElectorate(world.connection, 7);
      await world.node.advanceTo(BigInt(soloFrom - 5));
      await keeper.until("looked", keeper.told("looked").length + 3);
      expect(await stage.nextEpoch()).to.equal(7);
      await world.node.advanceTo(BigInt(soloFrom));
      await keeper.until("mined");
      expect(relay.told("sent")).to.deep.equal([]);
      expect(await stage.signersOf(7)).to.equal(undefined);
      expect(await settlementStanding(world.connection, stage.archive, 7)).to.deep.equal({
        kind: "settledAlone",
        epoch: 7,
      });
    });

    it("are watched: who signed each, which a keeper made alone, and when the quorum is at risk", async () => {
      const { connection, node } = stage.world;
      const checkpointFile = join(node.dataDirectory, "watch.json");
      const watcher = startTestWatcher(connection, { checkpointFile });
      await watcher.until("looked");
      await watcher.untilLooked();
      await watcher.stop();
      const verified = watcher.told("verified");
      expect(verified.map(({ epoch }) => epoch)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(verified[2]!.signed?.validators).to.deep.equal(await stage.signersOf(2));
      expect(verified[7]!.signed).to.equal(null);
      const { neededWei, signers } = await readElectorate(connection, 7);
      expect(watcher.told("settledAlone")).to.deep.equal([{ kind: "settledAlone", epoch: 7, neededWei }]);
      const [atRisk, ...more] = watcher.told("quorumAtRisk");
      expect(more).to.deep.equal([]);
      const { validator, stakeWei } = signers.find((one) => one.validator === accountOf(4).address)!;
      const totalWei = signers.reduce((sum, one) => sum + one.stakeWei, 0n);
      expect(atRisk).to.deep.include({ epoch: 7, neededWei, totalWei, signedWei: totalWei - stakeWei, silent: 0 });
      expect(atRisk!.missing.map((one) => one.validator)).to.deep.equal([validator]);
      expect(watchWording.levels.quorumAtRisk).to.equal("warn");
      expect(watchWording.describe(atRisk!)).to.match(
        /^The settlement of epoch 7: 960[\d.]* of [\d.,]+ MDT have signed, 986[\d.]* are needed\. 0x\w+ \(520[\d.]* MDT\) can't be reached/,
      );
    });

    it("are shown, sent by hand with signatures from files, and written for a Safe", async () => {
      const { world, nodes, archive } = stage;
      const { connection, node, people } = world;
      const epoch = await stage.nextEpoch();
      for (const one of nodes) one.behave(refuse);
      nodes[3]!.behave(honest(connection, nodes[3]!.account, stage.settlementOf));
      const standing = await settlementStanding(connection, archive, epoch);
      if (standing.kind !== "due") return expect.fail(standing.kind);
      expect(standing.gathered.signed.map(({ validator }) => validator)).to.deep.equal([nodes[3]!.account.address]);
      const text = describeStanding(standing);
      expect(text).to.match(new RegExp(`^Epoch ${epoch} is due\\. Its root: 0x`));
      expect(text).to.match(new RegExp(`\n${nodes[3]!.account.address} +520\\.0000 +signed\n`));
      const settlement = await stage.settlementOf(epoch);
      const answerOf = async ({ account }: SigningNode) =>
        [account.address, await signedAnswer(connection, account, settlement)] as const;
      const one = new Map([await answerOf(nodes[2]!)]);
      const options = { signer: people.stranger, payRecipientsUpTo: 250 };
      const short = await settleNextEpoch(connection, archive, { ...options, signatures: one });
      expect(short).to.include({ kind: "quorumMissing", epoch });
      const enough = new Map([...one, await answerOf(nodes[0]!)]);
      const ready = await settleNextEpoch(connection, archive, { payRecipientsUpTo: 250, signatures: enough });
      if (ready.kind !== "ready") return expect.fail(ready.kind);
      const file = join(node.dataDirectory, "safe.json");
      await writeSettlingForSafe(connection, ready.calldata, `Settle epoch ${epoch}`, file);
      const { transactions } = JSON.parse(readFileSync(file, "utf8")) as {
        transactions: { to: Address; data: string }[];
      };
      expect(transactions[0]).to.include({ to: connection.contracts.settlementQuorum.address, data: ready.calldata });
      const settled = await settleNextEpoch(connection, archive, { ...options, signatures: enough });
      expect(settled).to.include({ kind: "settled", epoch });
      const after = await settlementStanding(connection, archive, epoch);
      expect(after).to.deep.include({ kind: "settledSigned", validators: await stage.signersOf(epoch) });
      expect(await settlementStanding(connection, archive, epoch + 50)).to.include({
        kind: "notDue",
        epoch: epoch + 50,
      });
      const last = await verifyEpochs(connection, epoch);
      expect(last).to.include({ kind: "verified", toEpoch: epoch });
    });

    standsFickleSigners(() => stage, refuse);
  });
});

describe("A repost that validators sign", () => {
  let stage: Stage;

  before(async () => {
    stage = await Stage.open(20);
  });
  after(() => stage.close());

  it("corrects what they all signed wrongly, sent by anyone; later a keeper can repost without signatures", async () => {
    const { world, nodes, archive } = stage;
    const { connection, people } = world;
    const { settlementQuorum, treasury } = connection.contracts;
    await liveThrough(world, 2);
    const { computed } = await prepareSettlement(connection, archive, 2);
    const { minerRewards, validatorRewards } = computed.settlement;
    const { root: rewardsRoot } = await treeOfRewards(
      connection,
      new Map([[people.stranger, minerRewards + validatorRewards]]),
    );
    const wrong = { ...computed.settlement, rewardsRoot };
    const { signers, neededWei, soloFrom } = await readElectorate(connection, 2);
    const statement = statementOf(settlementForm, domainOf(connection), wrong);
    const known = new Map(
      await Promise.all(
        nodes.map(async ({ account }) => [account.address, await signedAnswer(connection, account, wrong)] as const),
      ),
    );
    const { signed } = await gather(connection, signers, statement, { allowPrivate: true, known });
    const { validators, positions, signatures } = chooseSigners(signed, neededWei!)!;
    const args = [wrong, validators, positions, signatures] as const;
    await transact(connection, people.stranger, { ...settlementQuorum, functionName: "settleEpochSigned", args });
    await transact(connection, people.keeper, { ...treasury, functionName: "vetoRoot", args: [2n] });

    const missing = await repostVetoedEpoch(connection, archive, people.keeper);
    if (missing.kind !== "quorumMissing") return expect.fail(missing.kind);
    expect(missing.gap).to.deep.include({ signedWei: 0n, soloFrom });
    const { root, inputsHash, returnedWei: returned } = missing.terms;
    const message = { epoch: 2n, vetoedRoot: rewardsRoot, root, inputsHash, returned };
    expect(await epochToSign(connection)).to.deep.equal({ what: "repost", epoch: 2 });
    const standing = await settlementStanding(connection, archive, 2);
    expect(standing).to.deep.include({ kind: "vetoed", epoch: 2, repost: message });
    expect(describeStanding(standing)).to.match(
      new RegExp(`^The root of epoch 2 was vetoed\\. The root to repost: ${root}\\.\n[^]*\\n0(\\.0)? of 986\\.`),
    );
    for (const one of nodes.slice(1)) {
      one.behave(async (_, response) => {
        show(response, await signedRepostAnswer(connection, one.account, message));
      });
    }
    const ready = await repostVetoedEpoch(connection, archive, undefined, new Map());
    if (ready.kind !== "ready") return expect.fail(ready.kind);
    const { functionName, args: sent } = decodeFunctionData({ abi: settlementQuorum.abi, data: ready.calldata });
    expect([functionName, sent.slice(0, 3)]).to.deep.equal(["repostRootSigned", [2n, rewardsRoot, root]]);
    expect(await repostVetoedEpoch(connection, archive, people.stranger)).to.include({ kind: "reposted", epoch: 2 });
    const [reposted] = await connection.events.select(["RepostSigned"], { epoch: 2 });
    expect(reposted!.args).to.deep.include({ root });
    expect(nodes[1]!.asked.at(-1)).to.equal("/v1/reposts/2");

    await transact(connection, people.keeper, { ...treasury, functionName: "vetoRoot", args: [2n] });
    await world.node.advanceTo(BigInt(soloFrom));
    expect(await repostVetoedEpoch(connection, archive, people.keeper)).to.include({ kind: "reposted" });
    expect((await readSettledEpochs(connection))[2]!.reposts).to.have.length(2);
  });
});

const byNumber = (a: Address, b: Address): number => (BigInt(a) < BigInt(b) ? -1 : 1);
