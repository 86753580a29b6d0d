import { type Address } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { sum } from "../../core/fixedPoint";
import { adversariesOf, type Attack, attackedDay, AttackRecorder, peacefulDay } from "./adversaries";
import { type Day, dayOf, type People, peopleOf, RandomNumbers } from "./days";
import { EpochConsensus } from "./epochConsensus";
import { epochSecondsOf, type Milestones, PolicyRun, type Run } from "./policyRun";
import { bittensorSchedule, fixedSchedule, ReferenceRun } from "./reference";
import { type Candidate, type Scenario } from "./scenario";
import { type Group, type Groups, type SimulatedPoint, type SimulatedYear, YearRecorder } from "./years";

/** Most points that a run is drawn with. */
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

/**
 * Runs a scenario under each policy and under the schedules to compare with, epoch by epoch, all of them through the
 * same days. Depends on its arguments alone.
 * @param base The scenario's network without any policy's changes: the schedules to compare with get its numbers. Under
 * them, clients pay what they pay under the first policy.
 * @throws ScenarioError if the scenario's people can't do what it asks of them.
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
  const stakes = adversaries.flatMap(({ validators }) => validators);
  const stakedWei = people.stakedWei + sum(stakes.map(({ totalWei }) => totalWei));
  const random = new RandomNumbers(scenario.seed);
  const pointEvery = Math.ceil(epochs / POINTS);
  const policyRuns = candidates.map((candidate) => ({
    run: new PolicyRun(candidate, scenario, stakedWei),
    // The same network with honest adversaries shows whom attacks cost how much.
    peaceful:
      adversaries.length === 0
        ? null
        : { run: new PolicyRun(candidate, scenario, stakedWei), recorder: new AttackRecorder(adversaries) },
  }));
  const references = [bittensorSchedule(base), fixedSchedule(base)].map((schedule) => ({
    run: new ReferenceRun(schedule, candidates[0]!, scenario),
    peaceful: null,
  }));
  const participants = [...policyRuns, ...references].map(({ run, peaceful }: Participant) => ({
    run,
    peaceful,
    recorder: new YearRecorder(epochSecondsOf(base), pointEvery, groupsOf(scenario, people), run.startWei),
  }));
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
  const policies = participants.map(({ run, recorder, peaceful }) => ({
    name: run.name,
    kind: run.kind,
    ...recorder.finish(),
    milestones: run.milestones(epochs),
    attacks: peaceful?.recorder.attacks() ?? [],
  }));
  return { scenario, epochs, epochSeconds: epochSecondsOf(base), policies, tasks };
}

interface Participant {
  readonly run: Run;
  readonly peaceful: { readonly run: Run; readonly recorder: AttackRecorder } | null;
}

function completedIn({ tasks }: Day): number {
  return tasks.flat().reduce((total, count) => total + count, 0);
}

/** The groups whose median incomes are computed. */
function groupsOf({ miners, validators }: Scenario, people: People): Groups {
  const groupOf = (members: readonly { account: Address }[], peopleEach: number): Group => ({
    accounts: members.map(({ account }) => account),
    peopleEach,
  });
  return {
    miners: groupOf(people.miners, miners.peopleEach),
    validators: groupOf(people.validators, validators.peopleEach),
    delegators: groupOf(
      people.validators.flatMap(({ delegations }) => delegations),
      1,
    ),
  };
}
