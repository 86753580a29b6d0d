import { expect } from "chai";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, recoverTypedDataAddress, zeroHash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type Connection, connectionOf, countCalls } from "../../scripts/chain/connection";
import { dataDirectory } from "../../scripts/chain/deployment";
import { addressOf, type Signer } from "../../scripts/chain/signer";
import { openRemoteSigner } from "../../scripts/chain/remoteSigner";
import { transact } from "../../scripts/chain/transact";
import { type Settlement } from "../../scripts/core/settlement";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { repostForm, settlementForm, type SignedMessage } from "../../scripts/keeper/quorum/statements";
import { acceptEpoch } from "../../scripts/keeper/run/objections";
import { fieldsOf } from "../../scripts/serve/reporting";
import { viewChain } from "../../scripts/nodes/run/nodeView";
import { Signing } from "../../scripts/nodes/validator/signing/signing";
import { type ValidatorEvent } from "../../scripts/nodes/run/nodeEvents";
import { goToDue, liveThrough } from "../integration/world";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { startWeb3Signer } from "../shared/web3signer";

const confirmations = 3;

/** A validator's signing, and its events. */
interface Running {
  readonly signing: Signing;
  readonly events: readonly ValidatorEvent[];
  /** Looks until nothing is left to sign; failures are retried at once. */
  look(): Promise<void>;
}

describe("A validator's signature", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: DelayedWorld;
  /** The deployment, with three confirmations. */
  let connection: Connection;
  /** The signing of the four validators, each with its own disk; the three with the most stake are a quorum. */
  let validators: readonly Running[];

  before(async () => {
    world = await startDelayedWorld(20);
    const { deployment, transport } = world.connection;
    const keeper = { ...deployment.config.keeper, confirmations };
    connection = connectionOf(transport, { ...deployment, config: { ...deployment.config, keeper } });
    validators = await Promise.all(world.people.validators.map((_, i) => open(i)));
  });

  after(async () => {
    await world.node.stop();
  });

  /** Opens the signing of a validator, like a new process. */
  async function open(
    index: number,
    { disk = `validator ${index}`, signer, dryRun = false, through = connection }: OpenOptions = {},
  ): Promise<Running> {
    const validator = world.people.validators[index]!;
    const root = join(world.node.dataDirectory, disk);
    const events: ValidatorEvent[] = [];
    let now = 0;
    const node = {
      connection: through,
      signer: signer ?? validator,
      directory: dataDirectory(connection.deployment.id, root),
      tell: (event: ValidatorEvent) => void events.push(event),
      clock: () => now,
      random: () => 0,
      stopping: new AbortController().signal,
      accuse: () => false,
    };
    const archive = await openArchive(through, root);
    const signing = new Signing(node, { validator: getAddress(validator), archive, dryRun });
    const look = async (): Promise<void> => {
      now += 61;
      for (let turns = 0; turns < 10; turns++) {
        const told = events.length;
        await signing.look(await viewChain(through, addressOf(node.signer)));
        const hasWorked = signing.isWorking;
        await signing.close();
        const hasFailed = events.slice(told).some(({ kind }) => kind === "failed");
        if (!hasWorked && !hasFailed) return;
        if (hasFailed) now += 61;
      }
      expect.fail(`It does not come to rest: ${JSON.stringify(fieldsOf(events.slice(-2)))}`);
    };
    return { signing, events, look };
  }

  interface OpenOptions {
    readonly disk?: string;
    readonly signer?: Signer;
    readonly dryRun?: boolean;
    readonly through?: Connection;
  }

  const makeFinal = () => world.node.control.mine({ blocks: confirmations });

  /** Its events from the `from`-th on, without failures that were retried, and without delays. */
  const newsOf = ({ events }: Running, from = 0) =>
    events.slice(from).filter(({ kind }) => kind !== "failed" && kind !== "signingBehind");

  const kindsOf = (running: Running) => newsOf(running).map(({ kind }) => kind);

  async function settlementOf({ signing }: Running, epoch: number): Promise<SignedMessage<Settlement>> {
    return settlementForm.read(await signing.settlements.served(epoch));
  }

  /** These signatures as the arguments of a settlement: owners ascending, their positions, their signatures. */
  async function quorumOf(epoch: bigint, signed: readonly SignedMessage<unknown>[]) {
    const [line] = await world.connection.contracts.settlementQuorum.read.signersOf([epoch]);
    const sorted = [...signed].sort((a, b) => (BigInt(a.validator) < BigInt(b.validator) ? -1 : 1));
    return [
      sorted.map(({ validator }) => validator),
      sorted.map(({ validator }) => BigInt(line.indexOf(validator))),
      sorted.map(({ signature }) => signature),
    ] as const;
  }

  /** Anyone settles with what three validators' nodes serve. */
  async function settleSigned(epoch: number, signers = validators.slice(1)): Promise<Settlement> {
    const signed = await Promise.all(signers.map((one) => settlementOf(one, epoch)));
    const { message: settlement } = signed[0]!;
    const args = [settlement, ...(await quorumOf(BigInt(epoch), signed))] as const;
    const { settlementQuorum } = world.connection.contracts;
    await transact(world.connection, world.people.stranger, {
      ...settlementQuorum,
      functionName: "settleEpochSigned",
      args,
    });
    return settlement;
  }

  async function settleAlone(settlement: Settlement): Promise<void> {
    const { settlementQuorum } = world.connection.contracts;
    const call = { ...settlementQuorum, functionName: "settleEpoch", args: [settlement] } as const;
    await transact(world.connection, world.people.keeper, call);
  }

  function asGuardian(functionName: "pause" | "unpause") {
    const { treasury } = world.connection.contracts;
    return transact(world.connection, world.people.keeper, { ...treasury, functionName, args: [] });
  }

  function veto(epoch: bigint) {
    const { treasury } = world.connection.contracts;
    return transact(world.connection, world.people.keeper, { ...treasury, functionName: "vetoRoot", args: [epoch] });
  }

  it("is given for an epoch once it is due by a final block, not before", async () => {
    const [first] = validators;
    await goToDue(world, 0);
    await first!.look();
    expect(first!.events).to.deep.equal([]);
    const { number } = await connection.reader.getBlock();
    // A minute later it reports that it waits for a final block.
    await first!.look();
    const behind = { kind: "signingBehind", epoch: 0, block: number - 3n, seconds: 61, isComputing: false };
    expect(first!.events).to.deep.equal([behind]);
    await makeFinal();
    await first!.look();
    expect(kindsOf(first!)).to.deep.equal(["signed"]);
    expect(newsOf(first!)[0]).to.deep.include({ what: "settlement", epoch: 0, block: number, because: null });
  });

  it("is the operator's, over the settlement that this node computed, for this chain and its Treasury", async () => {
    const { message: settlement, signature, validator } = await settlementOf(validators[0]!, 0);
    expect(validator.toLowerCase()).to.equal(world.people.validators[0]);
    const { contracts, deployment } = connection;
    const domain = { chainId: deployment.chainId, treasury: contracts.treasury.address };
    const signer = await recoverTypedDataAddress({ ...settlementForm.typedData(domain, settlement), signature });
    expect(signer).to.equal(validator);
    const digest = await contracts.settlementQuorum.read.settlementDigest([settlement]);
    expect(newsOf(validators[0]!)[0]).to.deep.include({ digest });
  });

  it("costs no further calls to the chain until there is a new block", async () => {
    let calls = 0;
    const counted = await open(0, { through: countCalls(connection, () => calls++) });
    await counted.look();
    expect(calls).to.be.above(0);
    const view = await viewChain(connection, world.people.validators[0]!);
    calls = 0;
    await counted.signing.look(view);
    expect([calls, counted.signing.isWorking]).to.deep.equal([0, false]);
  });

  it("is the same from two copies with one key and one chain, and from a copy on an emptied disk", async () => {
    const first = await settlementOf(validators[0]!, 0);
    const copies = [await open(0, { disk: "second copy" }), await open(0)];
    rmSync(join(world.node.dataDirectory, "second copy"), { recursive: true, force: true });
    await Promise.all(copies.map((copy) => copy.look()));
    expect(kindsOf(copies[0]!)).to.deep.equal(["signed"]);
    for (const copy of copies) expect(await settlementOf(copy, 0)).to.deep.equal(first);
  });

  it("is served, and not computed again, if the node was killed once the journal was written", async () => {
    const killed = await open(1, { disk: "killed" });
    await killed.look();
    const restarted = await open(1, { disk: "killed" });
    expect(await settlementOf(restarted, 0)).to.deep.equal(await settlementOf(killed, 0));
    await makeFinal();
    await restarted.look();
    expect(kindsOf(restarted)).to.deep.equal([]);
  });

  it("settles nothing without stake: if the floor can't be reached the keeper settles", async () => {
    for (const epoch of [0, 1]) {
      await goToDue(world, 1);
      await makeFinal();
      await validators[0]!.look();
      await settleAlone((await settlementOf(validators[0]!, epoch)).message);
    }
    await makeFinal();
  });

  it("settles together with two others, regardless of the sender", async () => {
    await liveThrough(world, 2);
    await makeFinal();
    await Promise.all(validators.map((one) => one.look()));
    const settlement = await settleSigned(2);
    expect(settlement.minerRewards > 0n).to.equal(true);
    await makeFinal();
    await Promise.all(validators.map((one) => one.look()));
    expect(
      validators.flatMap(({ events }) => events).filter(({ kind }) => kind === "settledDifferently"),
    ).to.deep.equal([]);
  });

  it("isn't given if an epoch burns unusually much, until a person has accepted it on this machine", async () => {
    const { deployment, transport } = connection;
    const keeper = { ...deployment.config.keeper, maxJumpFactor: 0 };
    const anxious = connectionOf(transport, { ...deployment, config: { ...deployment.config, keeper } });
    const careful = await open(2, { disk: "careful", through: anxious });
    await andForget(world, async () => {
      await liveThrough(world, 3, () => 20_000);
      await makeFinal();
      await careful.look();
      await careful.look();
      expect(newsOf(careful)).to.have.length(1);
      const refused = { kind: "signingRefused", what: "settlement", epoch: 3, mayBeAccepted: true };
      expect(newsOf(careful)[0]).to.deep.include(refused);
      expect(careful.signing.settlements.refusalOf(3)).to.match(
        / MDT would be burned, far more than the usual .* MDT$/,
      );
      await acceptEpoch(dataDirectory(deployment.id, join(world.node.dataDirectory, "careful")), 3);
      await careful.look();
      expect(kindsOf(careful)).to.deep.equal(["signingRefused", "signed"]);
    });
  });

  it("is reported but not given in a dry run", async () => {
    const dry = await open(3, { disk: "dry", dryRun: true });
    await andForget(world, async () => {
      await liveThrough(world, 3);
      await makeFinal();
      await dry.look();
      await dry.look();
    });
    expect(kindsOf(dry)).to.deep.equal(["wouldSign"]);
    expect(await dry.signing.settlements.served(3)).to.equal(undefined);
  });

  it("isn't given with a key that isn't the operator's, which the node reports", async () => {
    const { people } = world;
    const { staking } = world.connection.contracts;
    const call = { ...staking, functionName: "setOperator", args: [people.stranger] } as const;
    const owner = await open(3, { disk: "owner" });
    const key = zeroHash.replace(/0$/, "7") as `0x${string}`;
    const web3signer = await startWeb3Signer([key], connection.deployment.chainId);
    try {
      const remote = await openRemoteSigner(web3signer.url, undefined, 60_000);
      const operator = await open(3, { disk: "operator", signer: remote });
      await andForget(world, async () => {
        await liveThrough(world, 3);
        await transact(world.connection, people.validators[3]!, call);
        await makeFinal();
        await owner.look();
        await transact(world.connection, people.validators[3]!, { ...call, args: [remote.address] });
        await operator.look();
      });
      expect(owner.events).to.have.length(1);
      expect(owner.events[0]).to.deep.include({ kind: "signingRefused", epoch: 3, what: "settlement" });
      const refused = owner.signing.settlements.refusalOf(3);
      expect(refused).to.match(/^only its operator 0x\w+ can sign for the validator, but this node has/);
      const { message: settlement, signature } = await settlementOf(operator, 3);
      const domain = { chainId: connection.deployment.chainId, treasury: connection.contracts.treasury.address };
      const signer = await recoverTypedDataAddress({ ...settlementForm.typedData(domain, settlement), signature });
      expect(signer).to.equal(privateKeyToAccount(key).address);
    } finally {
      web3signer.close();
    }
  });

  it("changes only if the block for which it was computed is no longer in the chain, and the journal says so", async () => {
    const before = await andForget(world, async () => {
      await liveThrough(world, 3);
      await makeFinal();
      await Promise.all(validators.map((one) => one.look()));
      return settlementOf(validators[1]!, 3);
    });
    await liveThrough(world, 3, (miner, validator) => 40_000 - 1_000 * miner - 10_000 * validator);
    // Beyond the block that the first signatures rest on. Blocks that Hardhat mines in one go have no state to read.
    for (let i = 0; i < 7; i++) await makeFinal();
    await Promise.all(validators.map((one) => one.look()));
    const now = await settlementOf(validators[1]!, 3);
    expect(now.message.inputsHash).not.to.equal(before.message.inputsHash);
    const last = await validators[1]!.signing.settlements.lastSigned(3);
    expect(last!.because).to.match(/^block \d+ \(0x\w{64}\), for which it was computed, is no longer in the chain$/);
    const restarted = await open(1);
    await restarted.look();
    expect(await settlementOf(restarted, 3)).to.deep.equal(now);
    expect(kindsOf(restarted)).to.deep.equal([]);
    await settleSigned(3);
    await makeFinal();
  });

  it("isn't given while an earlier epoch's wrong root stands; the node reports the wrong field, and the block", async () => {
    await liveThrough(world, 4);
    await makeFinal();
    await Promise.all(validators.map((one) => one.look()));
    const { message: settlement } = await settlementOf(validators[1]!, 4);
    const { people } = world;
    const { emission } = settlement;
    const { root } = await treeOfRewards(connection, new Map<Address, bigint>([[people.stranger, emission]]));
    const wrong = { minerRewards: emission - 7n, validatorRewards: 7n, daoShare: 0n, returned: 0n };
    const burned = { burnedUnmetQuota: 0n, burnedQualityPenalty: 0n };
    await settleAlone({ ...settlement, ...wrong, ...burned, rewardsRoot: root });
    await goToDue(world, 5);
    await makeFinal();
    for (const one of validators.slice(1)) {
      const told = one.events.length;
      await one.look();
      const news = newsOf(one, told);
      expect(news.map(({ kind }) => kind)).to.deep.equal(["settledDifferently", "signingRefused"]);
      const { number } = await connection.reader.getBlock();
      expect(news[1]).to.deep.include({ what: "settlement", epoch: 5, block: number - 3n, mayBeAccepted: false });
      const field = /(burnedUnmetQuota|burnedQualityPenalty|minerRewards) is \d+ on chain, but should be \d+$/;
      expect((news[0] as { difference: string }).difference).to.match(field);
      expect((news[1] as { reason: string }).reason)
        .to.match(field)
        .and.match(/^Epoch 4 was settled incorrectly/);
    }
  });

  it("is given for a repost once the wrong root is vetoed, never for that root, and then for the next epoch", async () => {
    await asGuardian("pause");
    await veto(4n);
    await asGuardian("unpause");
    await makeFinal();
    await Promise.all(validators.map((one) => one.look()));
    const signers = validators.slice(1);
    const reposts = await Promise.all(
      signers.map(async ({ signing }) => repostForm.read(await signing.reposts.served(4))),
    );
    const { epoch, vetoedRoot, root, inputsHash, returned } = reposts[0]!.message;
    expect(root).not.to.equal(vetoedRoot);
    const { settlementQuorum, treasury } = world.connection.contracts;
    const args = [epoch, vetoedRoot, root, inputsHash, returned, ...(await quorumOf(epoch, reposts))] as const;
    await transact(world.connection, world.people.stranger, {
      ...settlementQuorum,
      functionName: "repostRootSigned",
      args,
    });
    expect((await treasury.read.vetoedSettlement())[0]).to.equal(false);
    await makeFinal();
    const told = validators.map(({ events }) => events.length);
    await Promise.all(validators.map((one) => one.look()));
    // After the repost, the state is as computed before it.
    expect(validators.flatMap((one, i) => newsOf(one, told[i]))).to.deep.equal([]);
    await settleSigned(5);
  });

  it("isn't given for a correct root that the guardian vetoed", async () => {
    await asGuardian("pause");
    await veto(5n);
    await makeFinal();
    const told = validators[1]!.events.length;
    await validators[1]!.look();
    const news = newsOf(validators[1]!, told);
    expect(news.map(({ kind }) => kind)).to.deep.equal(["signingRefused"]);
    expect(news[0]).to.deep.include({ what: "repost", epoch: 5 });
    expect((news[0] as { reason: string }).reason).to.match(
      /^the guardian vetoed the root that this node computes, 0x\w{64}/,
    );
    expect(await validators[1]!.signing.reposts.served(5)).to.equal(undefined);
  });
});
