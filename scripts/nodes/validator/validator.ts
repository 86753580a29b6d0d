/**
 * A validator: it scores miners, commits, reveals, signs settlements, draws leaders, produces its slots, and reports
 * missed reveals.
 */
import { Hono } from "hono";
import { type Address, isAddressEqual, zeroHash } from "viem";
import { validatorOf } from "../../actions/validators";
import { type Connection } from "../../chain/connection";
import { openServiceArchive } from "../../keeper/run/service";
import { revealWindowOf } from "../../views/epochTimes";
import { provenModels } from "../../views/taskTypes";
import { blobRoutes } from "../blobs/routes";
import { endpointsOf, validatorEndpoints } from "../../chain/participants";
import { openScorer } from "../protocol/questions";
import { type LiveTask, type NodeView } from "../run/nodeView";
import { type Decided, type Node, type NodeOptions, type Role, startNode } from "../run/node";
import { type Duty } from "../run/rehearsals";
import { Commitments, type ScoreMiners } from "./commitments";
import { scoreEpoch } from "./scoring";
import { signedRoutes } from "./signing/journal";
import { Signing } from "./signing/signing";
import { type ValidatorEvent } from "../run/nodeEvents";
import { findReport } from "../../actions/duties";

/** How to run a validator. */
export interface ValidatorOptions extends NodeOptions<ValidatorEvent> {
  /** The scorer's source, as `openScorer` takes it. */
  readonly scorer: string;
  /** Most miners that are judged at a time. */
  readonly concurrency: number;
}

/**
 * Runs a validator until it is stopped, with its owner's or its operator's key.
 * @throws as startNode; NotAValidatorError
 */
export function startValidator(options: ValidatorOptions): Promise<void> {
  return startNode<ValidatorEvent>(options, (node) => openValidator(node, options));
}

/** A validator at work. */
interface Validator {
  readonly node: Node<ValidatorEvent>;
  readonly address: Address;
  readonly commitments: Commitments;
  readonly reports: Reports;
  readonly signing: Signing;
  /** Epochs in which something was reported that need not be reported again. */
  readonly told: { notActiveIn: number | null; missesIn: number | null };
}

/**
 * Opens a validator's role.
 * @throws NotAValidatorError
 */
export async function openValidator(
  node: Node<ValidatorEvent>,
  options: Pick<ValidatorOptions, "scorer" | "concurrency" | "dataRoot" | "dryRun">,
): Promise<Role> {
  const { connection, signer, blobs, finder, tell, clock, onServingFailure } = node;
  const address = await validatorOf(connection, signer);
  const { slotSeconds, closingSlots } = connection.deployment.config.clock;
  const scorer = openScorer(options.scorer, {
    concurrency: options.concurrency,
    timeoutMilliseconds: slotSeconds * closingSlots * 1_000,
    onLog: (line) => process.stderr.write(`${line}\n`),
  });
  const scoreMiners: ScoreMiners = async (view, epoch, tasks, stopping) => {
    const proven = await provenModels(view.chain);
    const unproven = tasks.filter(({ typeId }) => !proven.has(typeId));
    const where = await servers(view, unproven);
    return scoreEpoch(
      { chain: view.chain, scorer, finder, endpointsOf: where, tell, clock, stopping },
      epoch,
      unproven,
    );
  };
  const commitments = new Commitments(node, address, scoreMiners);
  const archive = await openServiceArchive(node, options.dataRoot);
  const signing = new Signing(node, { validator: address, archive, dryRun: options.dryRun });
  const told = { notActiveIn: null, missesIn: null };
  const validator: Validator = { node, address, commitments, reports: new Reports(), signing, told };
  const routes = new Hono();
  for (const part of [
    blobRoutes(blobs, () => false, onServingFailure),
    signedRoutes(signing.settlements, signing.reposts, onServingFailure),
  ]) {
    routes.route("/", part);
  }
  return {
    name: "validator",
    id: address,
    routes,
    look: (view) => decide(validator, view),
    async close() {
      await Promise.all([scorer.close(), signing.close()]);
    },
  };
}

/** Where inputs and results may be served: by the task's miner, by its client, and by every active validator. */
async function servers(
  { chain, epoch }: NodeView,
  tasks: readonly LiveTask[],
): Promise<(task: LiveTask) => Promise<readonly string[]>> {
  const { staking, taskRegistry } = chain.contracts;
  const minerIds = [...new Set(tasks.map(({ minerId }) => minerId))];
  const [active] = await staking.read.activeStakes([BigInt(epoch ?? 0)]);
  const [validators, miners] = await Promise.all([
    validatorEndpoints(chain, active),
    Promise.all(minerIds.map((minerId) => taskRegistry.read.minerOf([minerId]))),
  ]);
  const accountOf = new Map(minerIds.map((minerId, i) => [minerId, miners[i]!.account]));
  const known = new Map<Address, Promise<readonly string[]>>();
  const endpointOf = (account: Address): Promise<readonly string[]> => {
    const endpoint = known.get(account) ?? endpointsOf(chain, [account]);
    known.set(account, endpoint);
    return endpoint;
  };
  return async ({ minerId, client }) => [
    ...(await endpointOf(accountOf.get(minerId)!)),
    ...(await endpointOf(client)),
    ...validators,
  ];
}

async function decide(
  { node, address, commitments, reports, signing, told }: Validator,
  view: NodeView,
): Promise<Decided> {
  const { chain, epoch } = view;
  if (epoch === null) return { duties: [], isWorking: false };
  const revealing = await commitments.revealing(view);
  const [active] = await chain.contracts.staking.read.activeStakes([BigInt(epoch)]);
  const index = active.findIndex((one) => one === address);
  const duties: Duty[] = [...revealing];
  if (index === -1) {
    if (told.notActiveIn !== epoch) node.tell(await absence(chain, address, epoch));
    told.notActiveIn = epoch;
  } else {
    // Another validator begins in each epoch.
    const place = (index + epoch) % active.length;
    duties.push(...(await commitments.committing(view)), ...(await slotDuties(view, address, place)));
    duties.push(...(await reports.duties(view, active, place)));
  }
  await warn(node, address, view, told);
  await signing.look(view);
  return { duties, isWorking: commitments.isScoring || signing.isWorking || revealing.length > 0 };
}

/** Why a validator has nothing to do in an epoch. New stake counts two epochs later at the latest. */
async function absence({ contracts }: Connection, address: Address, epoch: number): Promise<ValidatorEvent> {
  for (const activeFrom of [epoch + 1, epoch + 2]) {
    const isActive = await contracts.staking.read.isActive([address, BigInt(activeFrom)]);
    if (isActive) return { kind: "comesLater", epoch, activeFrom };
  }
  return { kind: "notActive", epoch };
}

/** Warns once per epoch if one more miss would be one too many. */
async function warn(
  { tell }: Node<ValidatorEvent>,
  address: Address,
  { chain, epoch, now }: NodeView,
  told: Validator["told"],
): Promise<void> {
  if (epoch === null || epoch === 0 || told.missesIn === epoch) return;
  if (now < revealWindowOf(chain, epoch - 1).closesAt) return;
  const { scoreBoard } = chain.contracts;
  const [misses, mostMisses] = await Promise.all([
    scoreBoard.read.openMisses([address, BigInt(epoch - 1)]),
    scoreBoard.read.MISSES_UNTIL_SLASH(),
  ]);
  told.missesIn = epoch;
  if (misses.length >= Number(mostMisses) - 1) tell({ kind: "jailNear", missedEpochs: misses.map(Number) });
}

/**
 * The duties of the running slot.
 * @param place The validator's place among the active ones in this epoch. The first draws at once, each further one
 * waits one slot longer, so that they don't all pay for the same call.
 */
async function slotDuties(
  { chain, epoch, slot, headBlock }: NodeView,
  validator: Address,
  place: number,
): Promise<readonly Duty[]> {
  if (epoch === null || slot === null) return [];
  const { blockRewards } = chain.contracts;
  const duty = (name: string, functionName: string): Duty => ({
    name,
    call: { ...blockRewards, functionName, args: [] },
  });
  const { openedInBlock, seed } = await blockRewards.read.rotationOf([BigInt(epoch)]);
  if (seed === zeroHash) {
    const slotInEpoch = slot - epoch * chain.deployment.config.clock.slotsPerEpoch;
    if (slotInEpoch < place) return [];
    if (openedInBlock === 0n) return [duty(`open epoch ${epoch}`, "openEpoch")];
    return headBlock < openedInBlock ? [] : [duty(`seal epoch ${epoch}`, "sealEpoch")];
  }
  const [leader, isProduced] = await Promise.all([
    blockRewards.read.leaderOf([BigInt(slot)]),
    blockRewards.read.hasProduced([BigInt(slot)]),
  ]);
  if (isProduced || !isAddressEqual(leader, validator)) return [];
  return [duty(`produce slot ${slot}`, "produce")];
}

/** Finds validators to report. All are checked once per epoch, when the previous epoch's reveals are over. */
class Reports {
  #lookedIn: number | undefined;
  #suspects: readonly Address[] = [];

  /**
   * The reports that the score board would accept now.
   * @param active Every active validator.
   * @param place As in `slotDuties`.
   */
  async duties({ chain, epoch, now }: NodeView, active: readonly Address[], place: number): Promise<readonly Duty[]> {
    if (epoch === null) return [];
    const { slotSeconds } = chain.deployment.config.clock;
    if (now < revealWindowOf(chain, epoch - 1).closesAt + place * slotSeconds) return [];
    const looked = this.#lookedIn === epoch ? this.#suspects : active;
    const found = await Promise.all(
      looked.map(async (validator) => ({ validator, ...(await findReport(chain, validator)) })),
    );
    const reportable = found.filter((one) => one.kind === "found");
    this.#lookedIn = epoch;
    this.#suspects = reportable.map(({ validator }) => validator);
    const { scoreBoard } = chain.contracts;
    return reportable.map(({ validator, epochs }) => ({
      name: `report ${validator} for missed reveals in epochs ${epochs.join(", ")}`,
      call: { ...scoreBoard, functionName: "reportMissedReveals", args: [validator, epochs] },
    }));
  }
}
