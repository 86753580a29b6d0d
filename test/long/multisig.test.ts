import { expect } from "chai";
import { artifacts } from "hardhat";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, createWalletClient, getAddress, getContract, type Hex, parseEther } from "viem";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settlementForm, domainOf } from "../../scripts/keeper/quorum/statements";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { transact } from "../../scripts/chain/transact";
import { createWorld, goTo, goToDue, liveThrough, type World } from "../integration/world";
import { type DevelopmentNode, startNode } from "../shared/node";
import { accountOf } from "../shared/signingNodes";

const guide = readFileSync(join(__dirname, "..", "..", "docs", "multisig.md"), "utf8");
const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!.trim().split("\n"));

interface Batch {
  readonly version: string;
  readonly chainId: string;
  readonly transactions: readonly { readonly to: Address; readonly value: string; readonly data: Hex }[];
}

/** The stranger owns the wallet; the keeper holds every role. */
describe("A contract wallet that follows docs/multisig.md", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let node: DevelopmentNode;
  let world: World;
  let wallet: Address;
  let owner: Address;
  let abi: readonly unknown[];
  let names: Readonly<Record<string, string>>;

  before(async () => {
    node = await startNode();
    world = await createWorld(node);
    const { connection, people } = world;
    owner = people.stranger;
    wallet = await deployWallet();
    const args = [wallet, parseEther("5000")] as const;
    await transact(connection, people.keeper, { ...connection.contracts.token, functionName: "transfer", args });
    names = {
      $SAFE: wallet,
      $VALIDATOR: accountOf(1).address,
      $OTHER: accountOf(2).address,
      $OPERATOR: accountOf(13).address,
    };
  });

  after(() => {
    node.stop();
  });

  /** A wallet of the owner's. */
  async function deployWallet(): Promise<Address> {
    const { connection, people } = world;
    const artifact = await artifacts.readArtifact("SignatureWallet");
    ({ abi } = artifact);
    const client = createWalletClient({ account: people.keeper, transport: connection.transport });
    const bytecode = artifact.bytecode as Hex;
    const hash = await client.deployContract({ abi: artifact.abi, bytecode, args: [owner], chain: null });
    return getAddress((await connection.reader.waitForTransactionReceipt({ hash })).contractAddress!);
  }

  const pathOf = (file: string) => join(node.dataDirectory, file);
  const settle = async () => {
    const options = { signer: world.people.keeper, payRecipientsUpTo: 0 };
    return settleNextEpoch(world.connection, await openArchive(world.connection, node.dataDirectory), options);
  };

  async function run(...args: string[]) {
    const outcome = await node.command(...args);
    expect(outcome.exitCode, `${args.join(" ")}: ${outcome.stderr}`).to.equal(0);
    return outcome;
  }

  /** Runs the commands of the guide's block that has these words, one after the other. @returns What the last one said. */
  async function runBlock(words: string): Promise<string> {
    const lines = blocks.find((block) => block.some((line) => line.includes(words)))!;
    let said = "";
    for (const line of lines) {
      const args = line.split(" ").slice(2);
      const values = args.map((word) => names[word] ?? (/^[\w-]+\.(json|csv)$/.test(word) ? pathOf(word) : word));
      said = (await run(...values)).stdout;
    }
    return said;
  }

  /** Has the wallet make the calls of a file, as a Safe does when its owners have signed. */
  async function sign(file: string): Promise<Batch> {
    const batch = JSON.parse(readFileSync(pathOf(file), "utf8")) as Batch;
    const client = createWalletClient({ account: owner, transport: world.connection.transport });
    const contract = getContract({ address: wallet, abi: abi as never, client }) as unknown as {
      write: { execute(args: readonly unknown[], options: object): Promise<Hex> };
    };
    const { transactions } = batch;
    const hash = await contract.write.execute(
      [transactions.map(({ to }) => to), transactions.map(({ data }) => data)],
      {
        chain: null,
      },
    );
    const { status } = await world.connection.reader.waitForTransactionReceipt({ hash });
    expect(status).to.equal("success");
    return batch;
  }

  const stakeOn = async (validator: string) => {
    const { stdout } = await run("account", "show", "--account", wallet, "--json");
    const { stakes } = JSON.parse(stdout) as { stakes: { validator: string; willCountWei: string }[] };
    return BigInt(stakes.find((stake) => stake.validator === validator)?.willCountWei ?? 0);
  };

  it("learns what staking would change and cost, and stakes by an approval and a delegation in one batch", async () => {
    const said = await runBlock("--dry-run");
    expect(said).to.match(/^Nothing was sent\. Without --dry-run:\nYou stake 200 MDT on validator 0x/);
    expect(said).to.match(
      /\n1\. ModernTensorToken\.approve, \d+ gas\n2\. Staking\.delegate, \d+ gas\nGas costs about [\d.]+ ETH /,
    );
    expect(said).to.match(new RegExp(`\n${wallet} has only 0 ETH, too little for this gas\\.\n$`, "i"));
    await runBlock("--safe stake.json");
    const { version, chainId, transactions } = await sign("stake.json");
    const { token, staking } = world.connection.contracts;
    expect([version, chainId]).to.deep.equal(["1.0", "31337"]);
    expect(transactions.map(({ to, value }) => [to, value])).to.deep.equal([
      [token.address, "0"],
      [staking.address, "0"],
    ]);
    expect(await stakeOn(names.$VALIDATOR!)).to.equal(parseEther("200"));
  });

  it("writes and shows nothing if a contract would refuse, or if no Safe is named", async () => {
    const tooMuch = await node.command(
      "validator",
      "delegate",
      "--validator",
      names.$VALIDATOR!,
      "--amount",
      "9000",
      "--from",
      wallet,
      "--safe",
      pathOf("no.json"),
    );
    expect([tooMuch.exitCode, tooMuch.stdout]).to.deep.equal([1, ""]);
    expect(tooMuch.stderr).to.match(/ has 4,800\.0+ MDT, but this needs 9,000\.0+ MDT\.\n$/);
    const unnamed = await node.command("validator", "stake", "--amount", "1", "--safe", pathOf("no.json"));
    expect([unnamed.exitCode, unnamed.stderr]).to.deep.equal([
      1,
      "--safe needs --from with the address of the Safe.\n",
    ]);
    const both = await node.command("validator", "unjail", "--from", wallet, "--dry-run", "--safe", pathOf("no.json"));
    expect([both.exitCode, both.stderr]).to.deep.equal([1, "--dry-run and --safe are mutually exclusive.\n"]);
    const refused = await node.command("validator", "stake", "--amount", "1", "--from", wallet, "--dry-run");
    expect([refused.exitCode, refused.stdout]).to.deep.equal([1, ""]);
    expect(refused.stderr).to.match(/ has no validator seat now: /);
    expect(existsSync(pathOf("no.json"))).to.equal(false);
  });

  it("claims what it earned, and has its later rewards staked", async () => {
    await goToDue(world, 1);
    await settle();
    await settle();
    await liveThrough(world, 2);
    await goTo(world, 4);
    await settle();
    await runBlock("--safe claim.json");
    const { token, treasury } = world.connection.contracts;
    const before = await token.read.balanceOf([wallet]);
    await sign("claim.json");
    const earnedWei = await treasury.read.claimedOf([wallet]);
    expect(earnedWei > 0n).to.equal(true);
    expect((await token.read.balanceOf([wallet])) - before).to.equal(earnedWei);
    await sign("compound.json");
    expect(await treasury.read.autoStakeValidatorOf([wallet])).to.equal(names.$VALIDATOR);
  });

  it("moves its stake to another validator, leaves it, withdraws, and lists its income", async () => {
    await runBlock("--safe move.json");
    await sign("move.json");
    await goTo(world, 6);
    expect(await stakeOn(names.$OTHER!)).to.equal(parseEther("200"));
    await runBlock("--safe leave.json");
    await sign("leave.json");
    const exitEpochs = Number(await world.connection.contracts.staking.read.withdrawableFrom());
    await goTo(world, exitEpochs);
    const income = await runBlock("--safe withdraw.json");
    expect(income).to.match(/MDT claimed, /);
    await sign("withdraw.json");
    const { token, treasury } = world.connection.contracts;
    const earnedWei = await treasury.read.claimedOf([wallet]);
    expect(await token.read.balanceOf([wallet])).to.equal(parseEther("5000") + earnedWei);
  });

  it("becomes a validator with a separate operator key for the daily work", async () => {
    expect(await runBlock("--safe register.json")).to.match(
      /\nYou become a validator with 1,000 MDT of your own, and keep 5 % /,
    );
    await sign("register.json");
    const { stakingLens } = world.connection.contracts;
    const status = await stakingLens.read.statusOf([wallet]);
    expect([status.isSeated, status.operator]).to.deep.equal([true, names.$OPERATOR]);
  });

  it("governs: publishes a policy, grants a role, and pauses the Treasury", async () => {
    const handover = await run("roles", "handover", "--to", wallet, "--from", "0", "--dry-run", "--json");
    const { statements, transactions } = JSON.parse(handover.stdout) as {
      statements: string[];
      transactions: { name: string; gas: string | null }[];
    };
    expect(statements).to.include(`${wallet} becomes admin of treasury.`);
    // The last admin can't go before there is another.
    const unknown = transactions.filter(({ gas }) => gas === null).map(({ name }) => name);
    expect(unknown).to.include("Treasury.renounceRole").and.not.to.include("Treasury.grantRole");
    for (const role of ["policy", "admin", "guardian"])
      await run("roles", "grant", "--role", role, "--account", wallet, "--from", "0");
    const epoch = Number(await world.connection.contracts.staking.read.nextEpoch()) + 3;
    writeFileSync(
      pathOf("policy.json"),
      JSON.stringify({
        fromEpoch: epoch,
        policy: { weightsBps: [4000, 4000, 2000], maxExpectedTasks: 50, difficultyFloorTasks: 20 },
      }),
    );
    const { policyRegistry } = world.connection.contracts;
    const publishedBefore = await policyRegistry.read.policyCount();
    const said = await runBlock("--safe policy-batch.json");
    expect(said).to.include("\nSettling, reposting and claiming stop.");
    await sign("policy-batch.json");
    await sign("grant.json");
    await sign("pause.json");
    const { treasury } = world.connection.contracts;
    expect(await treasury.read.paused()).to.equal(true);
    expect((await run("treasury", "unpause", "--from", "0")).stdout).to.match(
      /^Settling, reposting and claiming resume\./,
    );
    expect(await treasury.read.paused()).to.equal(false);
    const vetoed = await treasury.read.nextEpochToSettle();
    const nothing = await node.command("treasury", "veto", "--epoch", String(vetoed), "--from", "0", "--dry-run");
    expect([nothing.exitCode, nothing.stdout]).to.deep.equal([1, ""]);
    expect(await policyRegistry.read.policyCount()).to.equal(publishedBefore + 1n);
    const { stdout } = await run("roles", "list");
    expect(stdout).to.match(new RegExp(`^guardian +treasury +.*${names.$OPERATOR!}`, "m"));
  });

  it("signs settlements as a validator's operator, by ERC-1271", async () => {
    const { connection, people } = world;
    const validator = accountOf(4).address;
    // A validator can't be another one's operator, so it is a wallet of its own.
    const args = [await deployWallet()] as const;
    await transact(connection, people.validators[3]!, {
      ...connection.contracts.staking,
      functionName: "setOperator",
      args,
    });
    const archive = await openArchive(connection, node.dataDirectory);
    const ready = await settleNextEpoch(connection, archive, { payRecipientsUpTo: 0 });
    if (ready.kind !== "ready") return expect.fail(ready.kind);
    const { settlement } = ready.computed;
    const typedData = settlementForm.typedData(domainOf(connection), settlement);
    const files = await Promise.all(
      // Without the fourth they have too little stake.
      [2, 3, 4].map(async (index) => {
        // The fourth validator's operator is the wallet, for which the owner signs.
        const key = index === 4 ? accountOf(12) : accountOf(index);
        const signature = await key.signTypedData(typedData);
        const path = pathOf(`signed-${index}.json`);
        writeFileSync(
          path,
          JSON.stringify(settlementForm.write({ message: settlement, validator: accountOf(index).address, signature })),
        );
        return path;
      }),
    );
    const submit = ["settlement", "submit", "--from", "12", "--files", files.join(",")];
    expect((await run(...submit, "--dry-run")).stdout).to.match(
      new RegExp(`^Nothing was sent\\. .*\nThis settles epoch ${ready.epoch} and pays \\d+ accounts\\.\n`),
    );
    const { stdout } = await run(...submit);
    expect(stdout).to.match(new RegExp(`Settled epoch ${ready.epoch} with 0x`));
    const shown = await run("settlement", "show", "--epoch", String(ready.epoch));
    expect(shown.stdout).to.include(validator);
  });
});
