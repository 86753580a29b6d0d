import { expect } from "chai";
import { type Hex, hashTypedData, keccak256, recoverTypedDataAddress, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { RefusedInputError } from "../../../scripts/core/strictJson";
import { type Settlement } from "../../../scripts/core/settlement";
import {
  domainOf,
  repostForm,
  settlementForm,
  type RepostMessage,
  statementOf,
} from "../../../scripts/keeper/quorum/statements";

const hash = (text: string): Hex => keccak256(stringToHex(text));

const settlement: Settlement = {
  epoch: 7n,
  emission: 2n ** 128n - 1n,
  burnedUnmetQuota: 1n,
  burnedQualityPenalty: 2n,
  minerRewards: 3n,
  validatorRewards: 4n,
  daoShare: 5n,
  returned: 0n,
  utilityWad: 2n ** 64n - 1n,
  qualityWad: 6n,
  rewardsRoot: hash("root"),
  policyHash: hash("policy"),
  inputsHash: hash("inputs"),
};

const repost: RepostMessage = {
  epoch: 7n,
  vetoedRoot: hash("vetoed"),
  root: hash("root"),
  inputsHash: hash("inputs"),
  returned: 8n,
};

const operator = privateKeyToAccount(hash("operator"));
const domain = { chainId: 31_337, treasury: operator.address };
const signature: Hex = `0x${"11".repeat(65)}`;
const ofSettlement = { message: settlement, validator: operator.address, signature };
const ofRepost = { message: repost, validator: operator.address, signature };

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).to.be.instanceOf(RefusedInputError);
    return (error as RefusedInputError).message;
  }
  throw new Error("It was taken.");
};

describe("A signed settlement", () => {
  it("covers every field of the struct, the chain and the Treasury", async () => {
    const data = settlementForm.typedData(domain, settlement);
    const own = await operator.signTypedData(data);
    expect(await recoverTypedDataAddress({ ...data, signature: own })).to.equal(operator.address);
    const digests = new Set([hashTypedData(data), hashTypedData(repostForm.typedData(domain, repost))]);
    for (const field of Object.keys(settlement) as (keyof Settlement)[]) {
      const other = typeof settlement[field] === "bigint" ? 9n : hash("other");
      digests.add(hashTypedData(settlementForm.typedData(domain, { ...settlement, [field]: other })));
    }
    for (const field of Object.keys(repost) as (keyof RepostMessage)[]) {
      const other = typeof repost[field] === "bigint" ? 9n : hash("other");
      digests.add(hashTypedData(repostForm.typedData(domain, { ...repost, [field]: other })));
    }
    digests.add(hashTypedData(settlementForm.typedData({ ...domain, chainId: 1 }, settlement)));
    digests.add(hashTypedData(settlementForm.typedData({ ...domain, treasury: `0x${"22".repeat(20)}` }, settlement)));
    expect(digests.size).to.equal(2 + 13 + 5 + 2);
  });

  it("is signed for one chain and its Treasury", () => {
    const deployment = { chainId: domain.chainId };
    const contracts = { treasury: { address: domain.treasury } };
    expect(domainOf({ deployment, contracts } as Parameters<typeof domainOf>[0])).to.deep.equal(domain);
  });

  it("is the same after being written as JSON and read back", () => {
    const written = JSON.stringify(settlementForm.write(ofSettlement));
    expect(JSON.parse(written)).to.deep.include({ validator: operator.address, signature });
    expect(settlementForm.read(JSON.parse(written))).to.deep.equal(ofSettlement);
    expect(repostForm.read(JSON.parse(JSON.stringify(repostForm.write(ofRepost))))).to.deep.equal(ofRepost);
  });

  it("has its validator's address in checksummed form, even if it was written in lower case", () => {
    const json = { ...settlementForm.write(ofSettlement), validator: operator.address.toLowerCase() };
    expect(settlementForm.read(json).validator).to.equal(operator.address);
  });

  it("is refused with the name of the first field that is missing, unknown, out of range or malformed", () => {
    const json = settlementForm.write(ofSettlement);
    const withSettlement = (fields: object) => ({ ...json, settlement: { ...(json.settlement as object), ...fields } });
    const refusals = [
      [],
      { ...json, extra: 1 },
      { ...json, settlement: 7 },
      withSettlement({ epoch: 7 }),
      withSettlement({ epoch: "18446744073709551616" }),
      withSettlement({ emission: "0340282366920938463463374607431768211455" }),
      withSettlement({ emission: "340282366920938463463374607431768211456" }),
      withSettlement({ inputsHash: hash("inputs").toUpperCase() }),
      withSettlement({ inputsHash: `${hash("inputs")}00` }),
      withSettlement({ inputsHash: undefined }),
      { ...json, validator: "0x01" },
      { ...json, signature: "0x" },
      { ...json, signature: `0x${"11".repeat(4_097)}` },
    ].map((bad) => refusal(() => settlementForm.read(bad)).replace(/ (must|is) .*/, ""));
    expect(refusals).to.deep.equal([
      "The input",
      "The field extra",
      "The field settlement",
      "The field settlement.epoch",
      "The field settlement.epoch",
      "The field settlement.emission",
      "The field settlement.emission",
      "The field settlement.inputsHash",
      "The field settlement.inputsHash",
      "The field settlement.inputsHash",
      "The field validator",
      "The field signature",
      "The field signature",
    ]);
    expect(refusal(() => repostForm.read(json, "file"))).to.equal("The field file.settlement is unknown.");
  });

  it("shows which field of someone else's statement differs, its validator, and the digest that it signs", () => {
    const { path, digest, read } = statementOf(settlementForm, domain, settlement);
    expect([path, digest]).to.deep.equal([
      "/v1/settlements/7",
      hashTypedData(settlementForm.typedData(domain, settlement)),
    ]);
    const same = { validator: operator.address, signature, digest, difference: undefined };
    expect(read(settlementForm.write(ofSettlement))).to.deep.equal(same);
    const message = { ...settlement, daoShare: 6n };
    const other = read(settlementForm.write({ ...ofSettlement, message }));
    expect(other.digest).to.equal(hashTypedData(settlementForm.typedData(domain, message)));
    expect(other.difference).to.equal("its daoShare is 6 instead of 5");
    expect(statementOf(repostForm, domain, repost).path).to.equal("/v1/reposts/7");
  });
});
