import { expect } from "chai";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashTypedData, type Hex, keccak256, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type Settlement } from "../../../scripts/core/settlement";
import { settlementForm } from "../../../scripts/keeper/quorum/statements";
import { signedRoutes, Journal, type JournalEntry } from "../../../scripts/nodes/validator/signing/journal";

const hash = (text: string): Hex => keccak256(stringToHex(text));
const operator = privateKeyToAccount(hash("operator"));
const validator = privateKeyToAccount(hash("owner")).address;
const domain = { chainId: 1, treasury: privateKeyToAccount(hash("treasury")).address };

const settlement = (epoch: bigint, root = "root"): Settlement => ({
  ...{ epoch, emission: 10n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, minerRewards: 6n, validatorRewards: 4n },
  ...{ daoShare: 0n, returned: 0n, utilityWad: 1n, qualityWad: 1n },
  ...{ rewardsRoot: hash(root), policyHash: hash("policy"), inputsHash: hash("inputs") },
});

async function entryOf(message: Settlement, because: string | null = null): Promise<JournalEntry<Settlement>> {
  const data = settlementForm.typedData(domain, message);
  const signature = await operator.signTypedData(data);
  const foundation = { block: 90n, blockHash: hash("block"), before: "nothing is settled" };
  const signed = { message, validator, signature, signer: operator.address, digest: hashTypedData(data) };
  return { ...signed, ...foundation, because };
}

describe("A settlement that a validator signed", () => {
  let directory: string;
  let told: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    told = [];
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** The journal as a node finds it when it starts. */
  const open = (): Journal<Settlement> =>
    new Journal(settlementForm, directory, validator, domain, (sentence) => told.push(sentence));

  const fileOf = (epoch: number): string =>
    join(directory, "signed", validator.toLowerCase(), `settlement-${epoch}.json`);

  it("is on disk before anyone gets it, with all signatures of its epoch in their order", async () => {
    const [first, second] = [await entryOf(settlement(7n)), await entryOf(settlement(7n, "other"), "block 90 is gone")];
    const journal = open();
    expect(await journal.served(7)).to.equal(undefined);
    await journal.add(first);
    expect(await open().entries(7)).to.deep.equal([first]);
    await journal.add(second);
    expect(await open().entries(7)).to.deep.equal([first, second]);
    expect(await open().entries(8)).to.deep.equal([]);
    const served = settlementForm.read(await open().served(7));
    expect(served).to.deep.equal({ message: settlement(7n, "other"), validator, signature: second.signature });
    expect(told).to.deep.equal([]);
  });

  it("isn't served to anyone if it can't be written", async () => {
    writeFileSync(join(directory, "signed"), "in the way");
    const journal = open();
    const failed = await journal.add(await entryOf(settlement(7n))).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await journal.served(7)).to.equal(undefined);
  });

  for (const [what, change] of [
    ["cut off", (text: string) => text.slice(0, -9)],
    ["changed in an amount", (text: string) => text.replace('"emission": "10"', '"emission": "11"')],
    ["of another epoch", (text: string) => text.replace('"epoch": "7"', '"epoch": "8"')],
    ["attributed to another key", (text: string) => text.replace(operator.address, validator)],
  ] as const) {
    it(`is set aside if its file is ${what}`, async () => {
      await open().add(await entryOf(settlement(7n)));
      const text = readFileSync(fileOf(7), "utf8");
      expect(change(text)).not.to.equal(text);
      writeFileSync(fileOf(7), change(text));
      expect(await open().entries(7)).to.deep.equal([]);
      expect(told).to.have.length(1);
      expect(told[0]).to.match(
        /settlement-7\.json .*; it is set aside as settlement-7\.json\.set-aside and created again\.$/,
      );
      expect(readdirSync(join(directory, "signed", validator.toLowerCase()))).to.deep.equal([
        "settlement-7.json.set-aside",
      ]);
    });
  }

  it("is served to anyone by its epoch; if there is none, the answer says why", async () => {
    const journal = open();
    await journal.add(await entryOf(settlement(7n)));
    const settlements = {
      served: (epoch: number) => journal.served(epoch),
      refusalOf: (epoch: number) => (epoch === 9 ? "emission is 2 on chain, but should be 1" : undefined),
    };
    const reposts = { served: () => Promise.resolve(undefined), refusalOf: () => undefined };
    const routes = signedRoutes(settlements, reposts, (error) => expect.fail(String(error)));
    const answers = await Promise.all(
      ["settlements/7", "settlements/8", "settlements/9", "reposts/7", "settlements/07", "settlements/x"].map(
        async (path) => {
          const response = await routes.request(`/v1/${path}`);
          return [response.status, await response.json()];
        },
      ),
    );
    expect(answers).to.deep.equal([
      [200, await journal.served(7)],
      [404, { error: "This validator has signed no settlement of epoch 8." }],
      [
        404,
        {
          error: "This validator does not sign the settlement of epoch 9.",
          reason: "emission is 2 on chain, but should be 1",
        },
      ],
      [404, { error: "This validator has signed no repost of epoch 7." }],
      [400, { error: "An epoch must be a whole number." }],
      [400, { error: "An epoch must be a whole number." }],
    ]);
  });

  it("can't be served if its file can't be read: strangers get a 503, and the node learns why", async () => {
    const broken = { served: () => Promise.reject(new Error("The disk is gone.")), refusalOf: () => undefined };
    const failures: unknown[] = [];
    const response = await signedRoutes(broken, broken, (error) => failures.push(error)).request("/v1/settlements/7");
    expect([response.status, await response.json()]).to.deep.equal([
      503,
      { error: "This node can't answer now: try again later." },
    ]);
    expect(failures.map(String)).to.deep.equal(["Error: The disk is gone."]);
  });
});
