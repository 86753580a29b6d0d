import { type NetworkConfig } from "../../config/networkConfig";
import { dayOf, RandomNumbers } from "./days";
import { EpochConsensus } from "./epochConsensus";
import { bittensorMilestones, fixedMilestones, type Milestones, policyMilestones } from "./milestones";
import { type People, peopleOf } from "./people";
import { epochSecondsOf, PolicyRun, type Run } from "./policyRun";
import { YearRecorder, type SimulatedPoint, type SimulatedYear } from "./years";
import { bittensorSchedule, fixedSchedule, ReferenceRun } from "./reference";
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
}

/**
 * Runs a scenario under each policy and under the schedules to compare with, epoch by epoch, all of them through the same
 * days. Depends on its arguments alone.
 * @param base The scenario's network without any policy's changes: the schedules to compare with get its numbers.
 * @throws ScenarioError where the people of the scenario can't do what it has them do.
 */
export function simulate(
  scenario: Scenario,
  candidates: readonly Candidate[],
  base: NetworkConfig,
  epochs: number,
): Simulation {
  const people = peopleOf(scenario);
  const random = new RandomNumbers(scenario.seed);
  const pointEvery = Math.ceil(epochs / POINTS);
  const recorderFor = (startWei: bigint): YearRecorder =>
    recorderOf(scenario, people, epochSecondsOf(base), pointEvery, startWei);
  const participants = [
    ...candidates.map((candidate) => policyParticipant(candidate, scenario, people, epochs, recorderFor)),
    ...referenceParticipants(base, recorderFor),
  ];
  const tasks: { epoch: number; completed: number }[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const day = dayOf(scenario, people, epoch, random);
    const consensus = new EpochConsensus(day, people);
    for (const { run, recorder } of participants) {
      const { flows, incomes } = run.step(day, consensus);
      recorder.add(epoch, flows, incomes);
    }
    if (epoch % pointEvery === 0)
      tasks.push({ epoch, completed: day.tasksByType.reduce((sum, count) => sum + count, 0) });
  }
  const policies = participants.map(({ name, kind, recorder, milestones }) => ({
    name,
    kind,
    ...recorder.finish(),
    milestones: milestones(),
  }));
  return { scenario, epochs, epochSeconds: epochSecondsOf(base), policies, tasks };
}

function policyParticipant(
  candidate: Candidate,
  scenario: Scenario,
  people: People,
  epochs: number,
  recorderFor: (startWei: bigint) => YearRecorder,
): Participant {
  const run = new PolicyRun(candidate, scenario, people);
  return {
    name: candidate.name,
    kind: "policy",
    run,
    recorder: recorderFor(run.ledger.supplyWei),
    milestones: () => policyMilestones(candidate.config, run.ledger, epochs),
  };
}

function referenceParticipants(
  base: NetworkConfig,
  recorderFor: (startWei: bigint) => YearRecorder,
): readonly Participant[] {
  const schedules = [
    { schedule: bittensorSchedule(base), milestones: () => bittensorMilestones(base) },
    { schedule: fixedSchedule(base), milestones: () => fixedMilestones(base) },
  ];
  return schedules.map(({ schedule, milestones }) => ({
    name: schedule.name,
    kind: "reference",
    run: new ReferenceRun(schedule),
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
  const groupOf = (members: readonly { account: `0x${string}` }[], peopleEach: number) => ({
    accounts: members.map(({ account }) => account),
    peopleEach,
  });
  return new YearRecorder(
    epochSeconds,
    pointEvery,
    groupOf(people.miners, miners.peopleEach),
    groupOf(people.validators, validators.peopleEach),
    startWei,
  );
}
