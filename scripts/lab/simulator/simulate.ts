import { type Address } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { type Adversary, adversariesOf, attackedDay, peacefulDay } from "./adversaries";
import { type Attack, AttackRecorder } from "./attackRecorder";
import { sum } from "../../core/fixedPoint";
import { type Day, dayOf, RandomNumbers } from "./days";
import { EpochConsensus } from "./epochConsensus";
import { bittensorMilestones, fixedMilestones, type Milestones, policyMilestones } from "./milestones";
import { type People, peopleOf } from "./people";
import { epochSecondsOf, PolicyRun, type Run } from "./policyRun";
import { type Group, YearRecorder, type SimulatedPoint, type SimulatedYear } from "./years";
import { bittensorSchedule, fixedSchedule, ReferenceRun, type ReferenceSchedule } from "./reference";
import { type Candidate, type Scenario } from "./scenario";

/** What a run is drawn by has at most about so many points. */
const POINTS = 400;

/** What became of one policy, or of one schedule to compare with. */
export interface SimulatedPolicy {
  readonly name: string;
  readonly kind: "policy" | "reference";
  readonly years: readonly SimulatedYear[];
  readonly milestones: Milestones;
  readonly points: readonly SimulatedPoint[];
  /** What the scenario's adversaries did to it; none under a schedule to compare with. */
  readonly attacks: readonly Attack[];
}

/** A scenario run to its end. */
export interface Simulation {
  readonly scenario: Scenario;
  readonly epochs: number;
  readonly epochSeconds: number;
  readonly policies: readonly SimulatedPolicy[];
  /** Completed tasks in the epochs of the points. */
  readonly tasks: readonly { readonly epoch: number; readonly completed: number }[];
}

interface Participant {
  readonly name: string;
  readonly kind: SimulatedPolicy["kind"];
  readonly run: Run;
  readonly recorder: YearRecorder;
  readonly milestones: () => Milestones;
  /** The same network with honest adversaries, which says what attacks cost whom. */
  readonly peaceful?: { readonly run: Run; readonly recorder: AttackRecorder };
}

/**
 * Runs a scenario under each policy and under the schedules to compare with, epoch by epoch, all of them through the same
 * days. Depends on its arguments alone.
 * @param base The scenario's network without any policy's changes: the schedules to compare with get its numbers. Clients
 * pay under them what they pay under the first policy.
 * @throws ScenarioError where the people of the scenario can't do what it has them do.
 */
export function simulate(
  scenario: Scenario,
  candidates: readonly Candidate[],
  base: NetworkConfig,
  epochs: number,
): Simulation {
  const people = peopleOf(scenario);
  const typeNames = candidates[0]!.config.tasks.types.map(({ name }) => name);
  const adversaries = adversariesOf(scenario, typeNames);
  const random = new RandomNumbers(scenario.seed);
  const pointEvery = Math.ceil(epochs / POINTS);
  const recorderFor = (startWei: bigint): YearRecorder =>
    recorderOf(scenario, people, epochSecondsOf(base), pointEvery, startWei);
  const participants = [
    ...candidates.map((candidate) =>
      policyParticipant(candidate, scenario, epochs, { people, adversaries }, recorderFor),
    ),
    ...referenceParticipants(base, (schedule) => new ReferenceRun(schedule, candidates[0]!, scenario), recorderFor),
  ];
  const tasks: { epoch: number; completed: number }[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const honest = dayOf(scenario, people, epoch, random);
    const day = attackedDay(honest, adversaries);
    const peacefully = peacefulDay(honest, adversaries);
    const consensus = new EpochConsensus(day);
    const peacefulConsensus = day === peacefully ? consensus : new EpochConsensus(peacefully);
    for (const { run, recorder, peaceful } of participants) {
      const step = run.step(day, consensus);
      recorder.add(epoch, step.flows, step.incomes);
      peaceful?.recorder.add(epoch, step, peaceful.run.step(peacefully, peacefulConsensus));
    }
    if (epoch % pointEvery === 0) tasks.push({ epoch, completed: completedIn(day) });
  }
  const policies = participants.map(({ name, kind, recorder, milestones, peaceful }) => ({
    name,
    kind,
    ...recorder.finish(),
    milestones: milestones(),
    attacks: peaceful?.recorder.attacks() ?? [],
  }));
  return { scenario, epochs, epochSeconds: epochSecondsOf(base), policies, tasks };
}

function completedIn({ tasks }: Day): number {
  return tasks.flat().reduce((total, count) => total + count, 0);
}

function policyParticipant(
  candidate: Candidate,
  scenario: Scenario,
  epochs: number,
  { people, adversaries }: { readonly people: People; readonly adversaries: readonly Adversary[] },
  recorderFor: (startWei: bigint) => YearRecorder,
): Participant {
  const stakes = adversaries.flatMap(({ validators }) => validators);
  const stakedWei = people.stakedWei + sum(stakes.map(({ totalWei }) => totalWei));
  const run = new PolicyRun(candidate, scenario, stakedWei);
  return {
    name: candidate.name,
    kind: "policy",
    run,
    recorder: recorderFor(run.ledger.supplyWei),
    milestones: () => policyMilestones(candidate.config, run.ledger, epochs),
    ...(adversaries.length > 0 && {
      peaceful: { run: new PolicyRun(candidate, scenario, stakedWei), recorder: new AttackRecorder(adversaries) },
    }),
  };
}

function referenceParticipants(
  base: NetworkConfig,
  runOf: (schedule: ReferenceSchedule) => Run,
  recorderFor: (startWei: bigint) => YearRecorder,
): readonly Participant[] {
  const schedules = [
    { schedule: bittensorSchedule(base), milestones: () => bittensorMilestones(base) },
    { schedule: fixedSchedule(base), milestones: () => fixedMilestones(base) },
  ];
  return schedules.map(({ schedule, milestones }) => ({
    name: schedule.name,
    kind: "reference",
    run: runOf(schedule),
    recorder: recorderFor(schedule.startWei),
    milestones,
  }));
}

function recorderOf(
  { miners, validators }: Scenario,
  people: People,
  epochSeconds: number,
  pointEvery: number,
  startWei: bigint,
): YearRecorder {
  const groupOf = (members: readonly { account: Address }[], peopleEach: number): Group => ({
    accounts: members.map(({ account }) => account),
    peopleEach,
  });
  const groups = {
    miners: groupOf(people.miners, miners.peopleEach),
    validators: groupOf(people.validators, validators.peopleEach),
    delegators: groupOf(
      people.validators.flatMap(({ delegations }) => delegations),
      1,
    ),
  };
  return new YearRecorder(epochSeconds, pointEvery, groups, startWei);
}
