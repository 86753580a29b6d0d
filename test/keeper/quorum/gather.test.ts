import { expect } from "chai";
import { type Address, concat, type Hex, keccak256, maxUint256, numberToHex, slice, stringToHex } from "viem";
import { type EpochSigner } from "../../../scripts/keeper/quorum/electorate";
import { collectQuorum, seekLeave } from "../../../scripts/keeper/quorum/gather";
import { domainOf, settlementForm, statementOf } from "../../../scripts/keeper/quorum/statements";
import { answeringChain } from "../../shared/answeringChain";
import {
  accountOf,
  type Behaviour,
  openSigningNode,
  show,
  signedAnswer,
  type SigningNode,
} from "../../shared/signingNodes";

const hash = (text: string) => keccak256(stringToHex(text));
const settlement = {
  ...{
    epoch: 7n,
    emission: 9n,
    burnedUnmetQuota: 0n,
    burnedQualityPenalty: 0n,
    minerRewards: 4n,
    validatorRewards: 4n,
  },
  ...{ daoShare: 1n, returned: 0n, utilityWad: 5n, qualityWad: 6n },
  ...{ rewardsRoot: hash("root"), policyHash: hash("policy"), inputsHash: hash("inputs") },
};
const keeper = accountOf(9).address;

/** Stakes in wei, by the validator's position. */
const stakesWei = [10n, 40n, 20n, 30n];

describe("Signatures for an epoch", () => {
  let nodes: readonly SigningNode[];
  const signers: readonly EpochSigner[] = stakesWei.map((stakeWei, position) => ({
    ...{ validator: accountOf(position).address, stakeWei, position },
  }));
  let needed = 70n;
  const connection = answeringChain({
    views: {
      "staking.operatorOf": (validator: Address) => validator,
      "directory.endpointOf": (account: Address) => nodes.find((node) => node.account.address === account)!.url,
      "settlementQuorum.signersOf": () => [signers.map(({ validator }) => validator), stakesWei, needed],
      "settlementQuorum.soloAllowedFrom": () => 5_000n,
      "settlementQuorum.hasRole": (_: unknown, account: Address) => account === keeper,
    },
    methods: { eth_getCode: () => "0x" },
  });
  const statement = statementOf(settlementForm, domainOf(connection), settlement);
  const honest =
    (position: number): Behaviour =>
    async (_, response) => {
      show(response, await signedAnswer(connection, accountOf(position), settlement));
    };
  const refuse: Behaviour = (_, response) => {
    show(response, { error: "Not yet.", reason: "epoch 6 is open" }, 404);
  };

  before(async () => {
    nodes = await Promise.all(stakesWei.map((_, position) => openSigningNode(accountOf(position), refuse)));
  });

  beforeEach(() => {
    nodes.forEach((node, position) => {
      node.behave(honest(position));
      node.asked.length = 0;
    });
  });

  after(() => {
    for (const node of nodes) node.close();
  });

  const collect = (neededWei: bigint | null, options = {}) =>
    collectQuorum(connection, { epoch: 7, signers, neededWei, soloFrom: 5_000 }, statement, options);
  const gapOf = async (...given: Parameters<typeof collect>) => {
    const collected = await collect(...given);
    if (collected.kind !== "gap") throw new Error("There is a quorum.");
    return collected;
  };

  it("are requested below the published endpoint, from everyone at once", async () => {
    await collect(100n);
    expect(nodes.map(({ asked }) => asked)).to.deep.equal(Array(4).fill(["/v1/settlements/7"]));
  });

  it("are a quorum as soon as they suffice, in less than 4 s even if a node hangs", async () => {
    nodes[0]!.behave(() => undefined);
    const began = performance.now();
    const collected = await collect(70n);
    expect(performance.now() - began).to.be.below(4_000);
    expect(collected.kind === "quorum" && [...collected.quorum.positions].sort()).to.deep.equal([1n, 3n]);
  });

  it("count if they arrive 0.1 s after a quorum and make it cheaper", async () => {
    nodes[1]!.behave((...all) => void setTimeout(() => void honest(1)(...all), 100));
    const collected = await collect(60n);
    expect(collected.kind === "quorum" && [...collected.quorum.positions].sort()).to.deep.equal([1n, 3n]);
  });

  it("are kept if they don't suffice, and the missing signers are named, the heaviest first", async () => {
    for (const position of [0, 2, 3]) nodes[position]!.behave(refuse);
    const { gap, known } = await gapOf(70n);
    expect(gap.missing.map(({ stakeWei, differs, reason }) => [stakeWei, differs, reason])).to.deep.equal(
      [30n, 20n, 10n].map((stakeWei) => [stakeWei, false, "answers 404: epoch 6 is open"]),
    );
    expect([gap.signedWei, gap.neededWei, gap.soloFrom]).to.deep.equal([40n, 70n, 5_000]);
    expect([...known.keys()]).to.deep.equal([accountOf(1).address]);

    nodes.forEach(({ asked }) => (asked.length = 0));
    nodes[3]!.behave(honest(3));
    expect(await collect(70n, { known })).to.have.property("kind", "quorum");
    expect(nodes[1]!.asked).to.deep.equal([]);
  });

  it("aren't requested if the total stake is below the floor", async () => {
    const { gap } = await gapOf(null);
    expect(gap).to.deep.equal({ signedWei: 0n, neededWei: null, missing: [], soloFrom: 5_000 });
    expect(nodes.every(({ asked }) => asked.length === 0)).to.equal(true);
  });

  it("aren't requested from a validator whose contract withdrew its approval, and that reason is given", async () => {
    const { gap } = await gapOf(70n, { leftOut: new Set([accountOf(1).address]) });
    expect(gap.missing.map(({ position, reason }) => [position, reason])).to.deep.equal([
      [1, "has an operator contract that withdrew its approval when the settlement was sent"],
    ]);
    expect([gap.signedWei, nodes[1]!.asked]).to.deep.equal([60n, []]);
  });

  it("that are refused come with the node's reason, without control characters, cut to 200 characters", async () => {
    nodes[1]!.behave((_, response) => {
      show(response, { error: `No.\n\u001b[2J ${"x".repeat(300)}` }, 503);
    });
    nodes[3]!.behave((_, response) => {
      show(response, { reason: "no error" }, 500);
    });
    const { gap } = await gapOf(70n);
    expect(gap.missing.map(({ reason }) => reason)).to.deep.equal([
      `answers 503: ${`No. [2J ${"x".repeat(300)}`.slice(0, 200)}`,
      "answers 500",
    ]);
  });

  it("count only in the form that the contract accepts: the lower s, and v 27 or 28", async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const forms: Readonly<Record<string, (r: Hex, s: bigint, isOdd: boolean) => Hex>> = {
      "v 0 or 1": (r, s, isOdd) => concat([r, numberToHex(s, { size: 32 }), isOdd ? "0x01" : "0x00"]),
      "the upper s": (r, s, isOdd) => concat([r, numberToHex(order - s, { size: 32 }), isOdd ? "0x1b" : "0x1c"]),
    };
    for (const [what, formOf] of Object.entries(forms)) {
      nodes[1]!.behave(async (_, response) => {
        const answer = await signedAnswer(connection, accountOf(1), settlement);
        const { signature } = answer as { readonly signature: Hex };
        const [r, s] = [slice(signature, 0, 32), BigInt(slice(signature, 32, 64))];
        show(response, { ...answer, signature: formOf(r, s, signature.endsWith("1c")) });
      });
      const { gap, known } = await gapOf(90n);
      expect([gap.signedWei, gap.missing.map(({ position }) => position)], what).to.deep.equal([60n, [1]]);
      expect(known.size, what).to.equal(3);
    }
  });

  describe("are needed by a sender", () => {
    const seek = async (account: Address, now: number) =>
      (await seekLeave(connection, { account, epoch: 7, now }, statement)).kind;

    it("that isn't a keeper at any time, and by a keeper until it may settle alone", async () => {
      expect(await seek(accountOf(8).address, 5_000)).to.equal("quorum");
      expect(await seek(keeper, 4_999)).to.equal("quorum");
      expect(await seek(keeper, 5_000)).to.equal("alone");
    });

    it("that may not settle alone yet, even if no quorum is possible", async () => {
      needed = maxUint256;
      expect(await seek(keeper, 4_999)).to.equal("gap");
      needed = 70n;
    });
  });
});
