import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection } from "../../scripts/chain/connection";
import { nodeAccounts, type Signer } from "../../scripts/chain/signer";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import {
  comparePolicies,
  unpublishedPolicies,
  PolicyRefusedError,
  publishPolicy,
} from "../../scripts/actions/policies";
import { readPolicyHistory } from "../../scripts/keeper/facts/registries";
import { canonicalJson, type Json } from "../../scripts/core/canonicalJson";
import { DEFAULT_POLICY, type Policy, policyHash } from "../../scripts/core/policy/policy";
import { judgePolicies, type PolicyHistory } from "../../scripts/core/policy/history";
import { PolicyTimeline } from "../../scripts/core/policy/timeline";
import { RefusedInputError } from "../../scripts/core/strictJson";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { type DevelopmentNode, startNode } from "../shared/node";
import { refusal, rejection } from "../shared/rejection";
import { referencePolicyConstants } from "../shared/policies";

type Weights = Policy["weightsBps"];

const updated: Weights = [4_000, 4_000, 2_000];
const gradual: Weights = [3_330, 3_337, 3_333];
const firstOfRamp = 4;
const rolledBackIn = 16;

/** The weights in the story below: .5/.3/.2, from epoch 2 .4/.4/.2, then ten steps, from epoch 16 the first again. */
function weightsOf(epoch: number): Weights {
  if (epoch < 2 || epoch >= rolledBackIn) return DEFAULT_POLICY.weightsBps;
  if (epoch < firstOfRamp) return updated;
  const step = Math.min(epoch - firstOfRamp + 1, 10);
  const volume = 4_000 - Math.floor((670 * step) / 10);
  const difficulty = 4_000 - Math.floor((663 * step) / 10);
  return [volume, difficulty, 10_000 - volume - difficulty];
}

describe("A policy on a running network", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let node: DevelopmentNode;
  let chain: Connection;
  let governor: Signer;

  before(async () => {
    node = await startNode();
    chain = await node.deploy();
    [governor] = (await nodeAccounts(chain.reader)) as [Signer];
  });

  after(() => {
    node.stop();
  });

  function fileWith(content: Json): string {
    const file = join(node.dataDirectory, "policy.json");
    writeFileSync(file, JSON.stringify(content, null, 2));
    return file;
  }

  function version(fromEpoch: number, weightsBps: Weights, more: Record<string, number> = {}) {
    return fileWith({ policy: { weightsBps, maxExpectedTasks: 50, difficultyFloorTasks: 20 }, fromEpoch, ...more });
  }

  function timeOf(epoch: number, slot = 0): bigint {
    const { slotSeconds, slotsPerEpoch } = chain.deployment.config.clock;
    return BigInt(chain.deployment.choices.genesisTimestamp + (epoch * slotsPerEpoch + slot) * slotSeconds);
  }

  it("is published by a command, which says what will change and when", async () => {
    const { exitCode, stdout, stderr } = await node.command("policy", "publish", "--input", version(2, updated));
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.equal(
      "Published a policy, effective in epoch 2.\nepoch 2: weightsBps [5000,3000,2000] → [4000,4000,2000]\n",
    );
  });

  it("isn't published a second time", async () => {
    expect(await publishPolicy(chain, governor, version(2, updated))).to.deep.equal({
      kind: "nothingToDo",
      reason: "the version published last is the same",
    });
    expect(await publishPolicy(chain, governor)).to.deep.equal({
      kind: "nothingToDo",
      reason: "every version of the network's configuration is already published",
    });
    expect((await readPolicyHistory(chain)).judged).to.have.length(2);
  });

  it("changes over ten epochs, with every step stated beforehand", async () => {
    await node.advanceTo(timeOf(3));
    const outcome = await publishPolicy(chain, governor, version(firstOfRamp, gradual, { rampEpochs: 10 }));
    expect(outcome.kind === "published" && outcome.steps).to.deep.equal(
      Array.from({ length: 10 }, (_, step) => firstOfRamp + step).map((epoch) => ({
        epoch,
        changes: [{ field: "weightsBps", from: weightsOf(epoch - 1), to: weightsOf(epoch) }],
      })),
    );
  });

  const refused: [what: string, file: () => string, field: string, problem: string][] = [
    [
      "burns above the bound at a step of its ramp",
      () =>
        fileWith({
          fromEpoch: 9,
          rampEpochs: 2,
          policy: { minerShareBps: 9_000, validatorShareBps: 0, daoShareBps: 1_000, qualityThresholdBps: 5_000 },
        }),
      "",
      "is a policy that could burn more than 7000 basis points of the emission in epoch 9",
    ],
    [
      "makes buying tasks profitable at the last step of its ramp",
      () => fileWith({ fromEpoch: 9, rampEpochs: 3, policy: { maxExpectedTasks: 20 } }),
      "",
      "is a policy that pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 11",
    ],
    [
      "has an unknown field",
      () => fileWith({ fromEpoch: 9, policy: { minerShare: 1 } }),
      "policy.minerShare",
      "is unknown",
    ],
  ];
  for (const [what, file, field, problem] of refused) {
    it(`is refused if it ${what}`, async () => {
      const error = await rejection(publishPolicy(chain, governor, file()), RefusedInputError);
      expect(error).to.include({ field, problem });
    });
  }

  it("never starts in an epoch that has begun: the command refuses, and so does the contract", async () => {
    const error = await rejection(publishPolicy(chain, governor, version(3, gradual)), PolicyRefusedError);
    expect(error.message).to.equal(
      "fromEpoch must be at least 4, not 3: a policy must start after the running epoch, so that nobody can choose it knowing the epoch's facts.",
    );
    const { policyRegistry } = chain.contracts;
    const args = [3n, canonicalJson({ fromEpoch: 3, policy: {} })] as const;
    const attempt = transact(chain, governor, { ...policyRegistry, functionName: "publishPolicy", args });
    expect(await refusal(attempt)).to.deep.equal({ errorName: "PolicyStartsTooEarly", values: [3n, 4n] });
  });

  it("is shown for the running epoch and those after it, with an invalid version and why it is ignored", async () => {
    const { policyRegistry } = chain.contracts;
    const args = [5n, "{}"] as const;
    await transact(chain, governor, { ...policyRegistry, functionName: "publishPolicy", args });
    const { exitCode, stdout, stderr } = await node.command("policy", "show", "--epochs", "3", "--json");
    expect(exitCode, stderr).to.equal(0);
    const shown = JSON.parse(stdout) as {
      epoch: number;
      inForce: { epoch: number; policy: Policy }[];
      published: { problem: string | null }[];
    };
    expect(shown.epoch).to.equal(3);
    expect(shown.inForce.map(({ epoch, policy }) => [epoch, policy.weightsBps])).to.deep.equal(
      [3, 4, 5].map((epoch) => [epoch, weightsOf(epoch)]),
    );
    expect(shown.published.map(({ problem }) => problem)).to.deep.equal([
      null,
      null,
      null,
      "The field fromEpoch is missing, and so is policy.",
    ]);
  });

  it("is compared with the network's file: versions that only the chain has, and the fields that differ", async () => {
    const configured = chain.deployment.config.policies;
    const history = await readPolicyHistory(chain);
    expect(unpublishedPolicies(configured, history.judged)).to.deep.equal([]);
    const diff = comparePolicies(configured, history, 1, 3);
    expect(diff.isSame).to.equal(false);
    expect(diff.versions.map(({ state }) => state)).to.deep.equal([
      "published",
      "notConfigured",
      "notConfigured",
      "notConfigured",
    ]);
    const changes = [{ field: "weightsBps", from: updated, to: DEFAULT_POLICY.weightsBps }];
    expect(diff.epochs).to.deep.equal([
      { epoch: 2, changes },
      { epoch: 3, changes },
    ]);
  });

  it("is judged by the chain's fees and base reward, even if the network's file now has others", async () => {
    const { config } = chain.deployment;
    const edited = {
      ...config,
      emission: { ...config.emission, baseRewardWei: 1_000n * config.emission.baseRewardWei },
      tasks: { ...config.tasks, volumeFeeWei: 1n, difficultyFeeWei: 1n },
    };
    const elsewhere: Connection = { ...chain, deployment: { ...chain.deployment, config: edited } };
    expect((await readPolicyHistory(elsewhere)).judged).to.deep.equal((await readPolicyHistory(chain)).judged);
    const file = fileWith({ fromEpoch: 9, policy: { maxExpectedTasks: 20 } });
    const error = await rejection(publishPolicy(elsewhere, governor, file), RefusedInputError);
    expect(error.problem).to.match(/^is a policy that pays more for a task's volume than its volume fee/);
  });

  it("is rolled back by publishing the old version again", async () => {
    await node.advanceTo(timeOf(rolledBackIn - 1, 31));
    const outcome = await publishPolicy(chain, governor, version(rolledBackIn, DEFAULT_POLICY.weightsBps));
    expect(outcome.kind === "published" && outcome.steps).to.deep.equal([
      {
        epoch: rolledBackIn,
        changes: [{ field: "weightsBps", from: gradual, to: DEFAULT_POLICY.weightsBps }],
      },
    ]);
  });

  it("was in force in exactly these epochs, as the hash in every settlement says", async () => {
    await node.advanceTo(timeOf(rolledBackIn + 1, 8));
    const archive = await openArchive(chain, node.dataDirectory);
    for (let epoch = 0; epoch <= rolledBackIn; epoch++) {
      await settleNextEpoch(chain, archive, { signer: governor, payRecipientsUpTo: 0 });
    }
    const settled = await readSettledEpochs(chain);
    expect(settled.map(({ settlement }) => settlement.policyHash)).to.deep.equal(
      Array.from({ length: rolledBackIn + 1 }, (_, epoch) =>
        policyHash({ ...DEFAULT_POLICY, maxExpectedTasks: 50, difficultyFloorTasks: 20, weightsBps: weightsOf(epoch) }),
      ),
    );
  });
});

describe("A network's file and the published versions", () => {
  const one = (fromEpoch: number) => {
    const policy = { ...DEFAULT_POLICY, qualityThresholdBps: 3_000 + fromEpoch };
    const version = new PolicyTimeline().following({ fromEpoch, rampEpochs: 0, policy });
    const json = canonicalJson({ fromEpoch, policy: { qualityThresholdBps: policy.qualityThresholdBps } });
    return { ...version, json };
  };
  const file = [one(0), one(5), one(0)];
  const chain = (...epochs: number[]) =>
    judgePolicies(
      epochs.map((epoch) => ({ fromEpoch: BigInt(epoch), json: one(epoch).json })),
      referencePolicyConstants,
    );

  const cases: [what: string, published: PolicyHistory, unpublished: readonly number[]][] = [
    ["nothing is published", chain(), [0, 5, 0]],
    ["the first version is published", chain(0), [5, 0]],
    ["another version was published in between", chain(0, 7, 5), [0]],
    ["only the repetition of an earlier version is missing", chain(0, 5), [0]],
    ["all are published", chain(0, 5, 0), []],
  ];
  for (const [what, published, unpublished] of cases) {
    it(`leave versions to publish if ${what}: ${unpublished.join(", ") || "none"}`, () => {
      expect(unpublishedPolicies(file, published.judged).map(({ fromEpoch }) => fromEpoch)).to.deep.equal(unpublished);
    });
  }

  it("are compared field by field in the epochs to come", () => {
    expect(comparePolicies(file.slice(0, 2), chain(0), 4, 2)).to.deep.equal({
      isSame: false,
      versions: [
        { state: "published", fromEpoch: 0, json: file[0]!.json },
        { state: "notPublished", fromEpoch: 5, json: file[1]!.json },
      ],
      epochs: [{ epoch: 5, changes: [{ field: "qualityThresholdBps", from: 3_000, to: 3_005 }] }],
    });
  });
});
