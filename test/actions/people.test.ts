import { reset, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre from "hardhat";
import { type Address, getAddress, parseEther, zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { autoStake, setRecipient } from "../../scripts/actions/claim";
import {
  planGrant,
  heldByOthers,
  type NewHolders,
  planHandover,
  changeRoles,
  describeChange,
  RolesError,
  planRevoke,
} from "../../scripts/actions/roleChanges";
import { registerMiner } from "../../scripts/actions/miners";
import { setProfile } from "../../scripts/actions/profile";
import { stakedOn } from "../../scripts/actions/unstakes";
import { registerValidator } from "../../scripts/actions/validators";
import { type Connection } from "../../scripts/chain/connection";
import { listRoles, personalRoles } from "../../scripts/chain/participants";
import { MissingCoinError, transact } from "../../scripts/chain/transact";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { listMinersAtWork } from "../../scripts/views/minerRanking";
import { listValidators } from "../../scripts/views/validators";
import { type InProcessNetwork, startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { rejection } from "../shared/rejection";

/** One network, on which each test continues where the previous one ended. */
describe("An account on a real chain", () => {
  let network: InProcessNetwork;
  let chain: Connection;
  let deployer: Address;
  let other: Address;
  let keeper: Address;
  /** Has code, and stands for a multisig. */
  let multisig: Address;

  before(async () => {
    await reset();
    network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
    chain = network.connection;
    [deployer, other, keeper] = network.accounts as [Address, Address, Address];
    multisig = "0x5AFE000000000000000000000000000000000000";
    await setCode(multisig, "0x00");
  });

  after(async () => {
    await network.close();
    await reset();
  });

  const toAll = (holder: Address, differences: Partial<NewHolders> = {}): NewHolders => ({
    ...(Object.fromEntries(personalRoles.map((name) => [name, holder])) as NewHolders),
    ...differences,
  });
  const holdersOf = async (role: string) =>
    (await listRoles(chain)).filter((on) => on.role === role).map(({ holders }) => holders);

  it("learns when its registration takes effect: a miner's in the next epoch, a validator's in the one after", async () => {
    const clock = chain.deployment.config.clock;
    const [genesis, seconds] = [chain.deployment.choices.genesisTimestamp, clock.slotSeconds * clock.slotsPerEpoch];
    await network.clock.moveTo(genesis + 3 * seconds + 1);
    const miner = await registerMiner(chain, other);
    expect([miner.activeFromEpoch, (await registerMiner(chain, other)).activeFromEpoch]).to.deep.equal([4, 4]);
    const registration = { stakeWei: parseEther("100"), commissionBps: 0 };
    const registered = await registerValidator(chain, keeper, registration);
    expect(registered.kind === "registered" && registered.outcome.countsFrom).to.equal(5);
    expect(await registerValidator(chain, keeper, registration)).to.deep.equal({
      kind: "alreadyRegistered",
      ownWei: parseEther("100"),
      commissionBps: 0,
      countsFrom: 5,
    });
  });

  it("has stake only with the validators that it staked with", async () => {
    expect(await stakedOn(chain, other, keeper)).to.equal(0n);
    expect(await stakedOn(chain, keeper, keeper)).to.equal(parseEther("100"));
  });

  it("has its rewards staked with a validator, and nobody else, at every claim until it ends that", async () => {
    const { treasury, staking } = chain.contracts;
    const states = async () =>
      Promise.all([treasury.read.autoStakeValidatorOf([other]), treasury.read.claimRecipientOf([other])]);
    expect((await autoStake(chain, other, deployer)).sentence).to.equal(`${deployer} is not a validator: choose one.`);
    expect((await autoStake(chain, other, null)).transactionHash).to.equal(null);
    const set = await autoStake(chain, other, keeper);
    expect(set.sentence).to.equal(`Your rewards are now added to your stake on ${keeper} with every claim.`);
    expect(await states()).to.deep.equal([keeper, staking.address]);
    expect(await autoStake(chain, other, keeper)).to.deep.equal({
      sentence: "Your rewards are already staked there.",
      transactionHash: null,
    });
    expect((await autoStake(chain, other, null)).sentence).to.equal(
      "Your rewards are now paid to you with every claim.",
    );
    expect(await states()).to.deep.equal([zeroAddress, other]);
  });

  it("has its rewards paid to another address, which ends automatic staking, until it takes them itself again", async () => {
    const { treasury } = chain.contracts;
    const state = () =>
      Promise.all([treasury.read.claimRecipientOf([other]), treasury.read.autoStakeValidatorOf([other])]);
    expect(await setRecipient(chain, other, null)).to.deep.equal({
      ...{ recipient: other, transactionHash: null },
      sentence: "Your rewards are already paid to this address.",
    });
    await autoStake(chain, other, keeper);
    const set = await setRecipient(chain, other, deployer);
    expect(set.sentence).to.equal(`Your rewards are now paid to ${deployer}.`);
    expect(await state()).to.deep.equal([deployer, zeroAddress]);
    expect((await setRecipient(chain, other, deployer)).transactionHash).to.equal(null);
    expect((await setRecipient(chain, other, null)).sentence).to.equal(
      "Your rewards are now paid to your own address.",
    );
    expect(await state()).to.deep.equal([other, zeroAddress]);
  });

  it("publishes a profile, text by text, and is listed with it without invisible characters", async () => {
    const none = { name: undefined, site: undefined, contact: undefined };
    const first = await setProfile(chain, keeper, { ...none, name: "Ada\u202e node", site: "http://ada.example" });
    expect(first.sentence).to.equal("Your profile is: Name: Ada node · Site: http://ada.example");
    const { profile } = await setProfile(chain, keeper, { ...none, site: "https://ada.example" });
    expect(profile).to.deep.equal({ name: "Ada\u202e node", site: "https://ada.example", contact: "" });
    expect((await setProfile(chain, keeper, none)).transactionHash).to.equal(null);
    const long = await setProfile(chain, keeper, { ...none, contact: "c".repeat(512) });
    expect(long.sentence).to.equal("A profile can have at most 512 bytes, but this one has 542: shorten it.");
    const [listed] = await listValidators(chain);
    expect(listed!.profile).to.deep.equal({ name: "Ada node", site: "https://ada.example", contact: "" });
    const removed = await setProfile(chain, keeper, { name: "", site: "", contact: "" });
    expect(removed.sentence).to.equal("Your profile is removed.");
    expect((await listValidators(chain))[0]!.profile).to.equal(null);
  });

  it("is listed as a miner with the same profile, which belongs to the account", async () => {
    await setProfile(chain, other, { name: "Mine\u200bworks", site: "", contact: "" });
    const [miner] = await listMinersAtWork(chain);
    expect(miner!.account).to.equal(getAddress(other));
    expect(miner!.profile).to.deep.equal({ name: "Mineworks", site: "", contact: "" });
    await setProfile(chain, other, { name: "", site: "", contact: "" });
    expect((await listMinersAtWork(chain))[0]!.profile).to.equal(null);
  });

  it("gets one sentence in the project's own words if it lacks coin for gas", async () => {
    const poor = privateKeyToAccount(generatePrivateKey());
    const { token } = chain.contracts;
    const approving = transact(chain, poor, { ...token, functionName: "approve", args: [other, 1n] });
    expect((await rejection<Error>(approving, MissingCoinError)).message).to.equal(
      `${poor.address} has only 0 of the chain's own coin, too little to pay for gas: send some to it.`,
    );
  });

  describe("that changes roles", () => {
    it("is refused if a role for a multisig would go to an address without code, unless told otherwise", async () => {
      const plan = { newHolderOf: toAll(other), allowKey: false };
      const error = await rejection<Error>(planHandover(chain, deployer, plan), RolesError);
      expect(error.message).to.equal(
        `${other} has no code on this chain, and policy should be a multisig or governor contract: check the address, or add --allow-key to give the role to an ordinary key.`,
      );
      const granted = planGrant(chain, deployer, { role: "admin", account: other, allowKey: false });
      expect((await rejection<Error>(granted, RolesError)).message).to.include("and admin should be a multisig");
      expect(await planHandover(chain, deployer, { ...plan, allowKey: true })).to.have.lengthOf(20);
    });

    it("is refused if a role would go to one of the system's own contracts, except those that slash and settle", async () => {
      for (const [name, account] of Object.entries(chain.deployment.addresses)) {
        const newHolderOf = toAll(multisig, { keeper: account });
        const handed = planHandover(chain, deployer, { newHolderOf, allowKey: true });
        const { message } = await rejection<Error>(handed, RolesError);
        expect(message).to.equal(
          `${account} is the system's own contract ${name}, which can't act as keeper: name an account that can.`,
        );
      }
      const { ScoreBoard: scoreBoard, SettlementQuorum: quorum } = chain.deployment.addresses;
      for (const [role, account] of [
        ["slasher", scoreBoard],
        ["settler", quorum],
      ] as const) {
        expect(await planGrant(chain, deployer, { role, account, allowKey: false })).to.deep.equal([]);
      }
    });

    it("sees the changes before it signs; then every role is transferred, and the deployer keeps none", async () => {
      const newHolderOf = toAll(multisig, { keeper: other, admin: keeper });
      const plan = await planHandover(chain, deployer, { newHolderOf, allowKey: true });
      expect(plan.slice(0, 2).map(describeChange)).to.deep.equal([
        `${other} becomes keeper of settlementQuorum`,
        `${deployer} is no longer keeper of settlementQuorum`,
      ]);
      expect((await holdersOf("keeper"))[0]).to.deep.equal([deployer]);
      await changeRoles(chain, deployer, plan);
      const { SettlementQuorum: quorum } = chain.deployment.addresses;
      for (const { role, holders } of await listRoles(chain)) {
        if (role === "settler") expect(holders).to.deep.equal([quorum]);
        else expect(holders, role).to.include(newHolderOf[role]);
        expect(holders, role).not.to.include(deployer);
      }
      expect(await planHandover(chain, deployer, { newHolderOf, allowKey: true })).to.deep.equal([]);
      expect(await heldByOthers(chain, newHolderOf)).to.deep.equal([]);
    });

    it("learns the other holders of roles to be transferred, whom only an admin can change", async () => {
      const meant = toAll(multisig, { admin: keeper, keeper });
      expect(await heldByOthers(chain, meant)).to.deep.equal([
        { role: "keeper", contract: "settlementQuorum", holders: [other] },
      ]);
      const granted = planGrant(chain, deployer, { role: "keeper", account: keeper, allowKey: false });
      expect((await rejection<Error>(granted, RolesError)).message).to.equal(
        `${deployer} is not an admin of settlementQuorum, and only an admin can change its roles. Admins: ${keeper}.`,
      );
    });

    it("can repair them as the admin: grant names the correct holder, revoke removes the wrong one, each once", async () => {
      const right = { role: "keeper", account: keeper, allowKey: false } as const;
      const wrong = { role: "keeper", account: other } as const;
      for (const plan of [() => planGrant(chain, keeper, right), () => planRevoke(chain, keeper, wrong)]) {
        const changes = await plan();
        expect(changes).to.have.lengthOf(1);
        await changeRoles(chain, keeper, changes);
        expect(await plan()).to.deep.equal([]);
      }
      expect(await holdersOf("keeper")).to.deep.equal([[keeper]]);
    });

    it("can't leave a contract without an admin, but can revoke an admin if there is another", async () => {
      const alone = { role: "admin", account: keeper } as const;
      expect((await rejection<Error>(planRevoke(chain, keeper, alone), RolesError)).message).to.equal(
        `${keeper} is the only admin of settlementQuorum: grant the role to another account first, because without an admin nobody could grant it.`,
      );
      await changeRoles(
        chain,
        keeper,
        await planGrant(chain, keeper, { role: "admin", account: other, allowKey: true }),
      );
      await changeRoles(chain, other, await planRevoke(chain, other, alone));
      expect(await holdersOf("admin")).to.deep.equal(Array(5).fill([other]));
    });
  });
});
