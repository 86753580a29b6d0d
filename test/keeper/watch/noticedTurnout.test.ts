import { expect } from "chai";
import { type Address, maxUint256, pad } from "viem";
import { type Settlement } from "../../../scripts/core/settlement";
import { type SettledEpoch } from "../../../scripts/keeper/facts/settledEpochs";
import { EndpointQuorum } from "../../../scripts/keeper/watch/endpointQuorum";
import { type Watcher, WatchMemory } from "../../../scripts/keeper/watch/memory";
import { noticeTurnout, tellIfAlone } from "../../../scripts/keeper/watch/notices";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { type Connection } from "../../../scripts/chain/connection";
import { accountOf, openSigningNode, show, signedAnswer, type SigningNode } from "../../shared/signingNodes";
import { answeringChain } from "../../shared/answeringChain";

const [heavy, light] = [accountOf(1), accountOf(2)];

const settlement = (epoch: number): Settlement => ({
  ...{ epoch: BigInt(epoch), emission: 10n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, minerRewards: 6n },
  ...{ validatorRewards: 4n, daoShare: 0n, returned: 0n, utilityWad: 1n, qualityWad: 1n },
  ...{ rewardsRoot: pad("0x1"), policyHash: pad("0x2"), inputsHash: pad("0x3") },
});

/** An epoch that was settled in block 10; its other values don't matter. */
const settled = (epoch: number, signed: SettledEpoch["signed"] = null) =>
  ({ settlement: settlement(epoch), signed, blockNumber: 10n }) as SettledEpoch;

describe("A watcher of how much stake signs", () => {
  let events: WatchEvent[];
  let questions: string[];
  let neededWei: bigint;
  let stakesWei: readonly bigint[];
  let soloAfterSeconds: number;
  let nodes: readonly SigningNode[];
  const opened = new Set<SigningNode>();
  let memory: WatchMemory;

  beforeEach(() => {
    [events, questions, nodes] = [[], [], []];
    [neededWei, stakesWei, soloAfterSeconds] = [67n, [67n, 33n], 60];
    memory = new WatchMemory(0);
    memory.settled = [settled(0)];
  });

  afterEach(() => {
    for (const node of opened) node.close();
    opened.clear();
  });

  function watcher(): Watcher {
    const views = {
      "settlementQuorum.signersOf": () => [[heavy.address, light.address], stakesWei, neededWei],
      "settlementQuorum.soloAllowedFrom": () => 0n,
      "staking.operatorOf": (validator: Address) => validator,
      "directory.endpointOf": (account: Address) => nodes.find((node) => node.account.address === account)?.url ?? "",
    };
    const chain = answeringChain({ views }, { keeper: { confirmations: 2 } }, (question) => questions.push(question));
    const { deployment } = chain;
    const config = { ...deployment.config, quorum: { ...deployment.config.quorum, soloAfterSeconds } };
    const connection: Connection = { ...chain, deployment: { ...deployment, config } };
    const stopping = new AbortController().signal;
    return { connection, memory, tell: (event: WatchEvent) => events.push(event), stopping } as unknown as Watcher;
  }

  /** Looks at the signatures as of a block. */
  const notice = (headBlock = 12n) =>
    noticeTurnout(watcher(), new EndpointQuorum(headBlock, 1, [], new Set(), () => undefined));

  describe("that looks at a settled epoch", () => {
    const alone = { kind: "settledAlone", epoch: 4, neededWei: 67n };

    it("reports that a keeper settled it alone although there was enough stake for a quorum", async () => {
      await tellIfAlone(watcher(), settled(4));
      expect(events).to.deep.equal([alone]);
    });

    it("reports nothing if it was signed, without reading the chain", async () => {
      await tellIfAlone(watcher(), settled(4, { validators: [], signedWei: 67n, neededWei: 67n }));
      expect([events, questions]).to.deep.equal([[], []]);
    });

    it("reports nothing if a keeper may settle alone at any time, without reading the chain", async () => {
      soloAfterSeconds = 0;
      await tellIfAlone(watcher(), settled(4));
      expect([events, questions]).to.deep.equal([[], []]);
    });

    it("reports nothing if it was settled alone because no stake was enough for a quorum", async () => {
      neededWei = maxUint256;
      await tellIfAlone(watcher(), settled(4));
      expect(events).to.deep.equal([]);
    });
  });

  /** Opens the nodes of accounts that sign every settlement. */
  async function sign(...accounts: readonly (typeof heavy)[]): Promise<void> {
    const { connection } = watcher();
    nodes = await Promise.all(
      accounts.map((account) =>
        openSigningNode(account, async (epoch, response) => {
          show(response, await signedAnswer(connection, account, settlement(epoch)));
        }),
      ),
    );
    for (const node of nodes) opened.add(node);
  }

  it("reads nothing before the first settlement, or if no signatures are required", async () => {
    memory.settled = [];
    await notice();
    memory.settled = [settled(0)];
    soloAfterSeconds = 0;
    await notice();
    expect([events, questions, memory.turnoutOf]).to.deep.equal([[], [], -1]);
  });

  it("asks the validators as soon as the settlement is final, and only once", async () => {
    await sign(heavy, light);
    await notice(11n);
    expect([events, memory.turnoutOf]).to.deep.equal([[], -1]);
    await notice(12n);
    await notice(13n);
    expect(nodes.map(({ asked }) => asked)).to.deep.equal([["/v1/settlements/0"], ["/v1/settlements/0"]]);
    const figures = { signedWei: 100n, neededWei: 67n, totalWei: 100n, missing: [], silent: 0 };
    expect(events).to.deep.equal([{ kind: "signatures", epoch: 0, ...figures }]);
  });

  it("reports nothing if no stake is enough for a quorum", async () => {
    neededWei = maxUint256;
    await notice();
    expect([events, memory.turnoutOf]).to.deep.equal([[], 0]);
  });

  for (const [heavyWei, kind] of [
    [71n, "quorumAtRisk"],
    [72n, "signatures"],
  ] as const) {
    it(`reports "${kind}" if ${heavyWei} of 100 signed and 67 are needed`, async () => {
      stakesWei = [heavyWei, 100n - heavyWei];
      await sign(heavy);
      await notice();
      expect(events).to.have.lengthOf(1);
      expect(events[0]).to.include({ kind, signedWei: heavyWei, totalWei: 100n, silent: 0 });
      const { missing } = events[0] as Extract<WatchEvent, { kind: "signatures" }>;
      expect(missing.map(({ validator, reason }) => [validator, reason])).to.deep.equal([
        [light.address, "has published no endpoint"],
      ]);
    });
  }

  it("reports a validator as silent once it hasn't signed for three epochs in a row", async () => {
    await sign(heavy);
    const silentIn: number[] = [];
    for (const epoch of [0, 1, 2, 3, 4]) {
      if (epoch === 3) await sign(heavy, light);
      if (epoch === 4) nodes = nodes.slice(0, 1);
      memory.settled = Array.from({ length: epoch + 1 }, (_, i) => settled(i));
      await notice();
      silentIn.push((events.at(-1) as Extract<WatchEvent, { kind: "signatures" }>).silent);
    }
    expect(silentIn).to.deep.equal([0, 0, 1, 0, 0]);
    expect(memory.unsignedEpochs.get(light.address)).to.equal(1);
    expect(memory.unsignedEpochs.has(heavy.address)).to.equal(false);
  });
});
