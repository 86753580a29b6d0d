import { type Address, type Hex, keccak256, maxUint256, toBytes } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { canonicalJson } from "../../scripts/core/canonicalJson";
import { type PublishedPolicy } from "../../scripts/core/policy/history";
import { type Settlement } from "../../scripts/core/settlement";
import { halvedFeeWei } from "../../scripts/core/policy/bounds";
import { type Sending } from "./devChain";
import { mdt, type Offices, sending } from "./opening";
import { minersAtGenesis, type YearsPeople } from "./people";
import { type StoryEvent, type StoryTask } from "./story";

const movedMdt = 5;
const exitMdt = 2;
const addedMdt = 1;
const slashedBps = 100n;

/** Everything that happens besides scores and settlements, as transactions; and how it changes the set of people. */
export class Happenings {
  readonly #delegatorsOf: ReadonlyMap<Address, Set<Address>>;
  readonly #policies: PublishedPolicy[];
  #miners = minersAtGenesis;
  #tasks = 0;

  constructor(
    private readonly connection: Connection,
    private readonly people: YearsPeople,
    private readonly offices: Offices,
  ) {
    this.#delegatorsOf = new Map(
      people.validators.map(({ account, delegators }) => [
        account,
        new Set(delegators.map((delegator) => delegator.account)),
      ]),
    );
    const [first] = connection.deployment.config.policies;
    this.#policies = [{ fromEpoch: 0n, json: first!.json }];
  }

  /** Everyone who ever delegated to a validator, every policy, and the miners by id: as of what was sent so far. */
  get known() {
    return {
      delegatorsOf: this.#delegatorsOf,
      policies: this.#policies,
      miners: this.people.miners.slice(0, this.#miners),
    };
  }

  /** Clients pay for tasks that are due before the next epoch. */
  submitted(tasks: readonly StoryTask[], epoch: number, deadline: number): readonly Sending[] {
    const { config } = this.connection.deployment;
    return tasks.map(({ client, minerId, typeId }, index) => {
      const { minimumFeeWei } = config.tasks.types[typeId]!;
      const feeWei = halvedFeeWei(minimumFeeWei, epoch, config.emission.halvingIntervalEpochs);
      const args = [minerId, typeId, feeWei, BigInt(deadline), hashOf(`question ${epoch} ${index}`), "0x"];
      return sending(this.people.clients[client]!, this.connection.contracts.taskRegistry, "submitTask", args);
    });
  }

  /** The miners complete them, in the order in which they were submitted. */
  completed(tasks: readonly StoryTask[], epoch: number): readonly Sending[] {
    const { taskRegistry } = this.connection.contracts;
    return tasks.map(({ minerId }, index) => {
      const args = [BigInt(++this.#tasks), hashOf(`answer ${epoch} ${index}`), "0x"];
      return sending(this.people.miners[minerId - 1]!, taskRegistry, "completeTask", args);
    });
  }

  /** The guardian removes the newest root, by a pause where claims have no delay, and the keeper posts it again. */
  vetoedAndReposted({ epoch, rewardsRoot, inputsHash }: Settlement): readonly Sending[] {
    const { treasury, settlementQuorum } = this.connection.contracts;
    const { keeper } = this.offices;
    return [
      sending(keeper, treasury, "pause", []),
      sending(keeper, treasury, "vetoRoot", [epoch]),
      sending(keeper, treasury, "unpause", []),
      sending(keeper, settlementQuorum, "repostRoot", [epoch, rewardsRoot, inputsHash, 0n]),
    ];
  }

  happened(event: StoryEvent): Sending {
    const { staking, taskRegistry, policyRegistry } = this.connection.contracts;
    const { validators, miners } = this.people;
    const { keeper } = this.offices;
    switch (event.kind) {
      case "minerRegisters":
        this.#miners++;
        return sending(miners[event.miner]!, taskRegistry, "registerMiner", [maxUint256]);
      case "policy": {
        const [fromEpoch, json] = [BigInt(event.version.fromEpoch as number), canonicalJson(event.version)];
        this.#policies.push({ fromEpoch, json });
        return sending(keeper, policyRegistry, "publishPolicy", [fromEpoch, json]);
      }
      case "staked":
        return sending(validators[event.validator]!.account, staking, "stake", [mdt(addedMdt)]);
      case "unstaked": {
        const { account, delegators } = validators[event.validator]!;
        return sending(delegators[event.delegator]!.account, staking, "unstake", [account, mdt(exitMdt)]);
      }
      case "redelegated": {
        const [from, to] = [validators[event.validator]!, validators[event.to]!.account];
        const { account } = from.delegators[event.delegator]!;
        this.#delegatorsOf.get(to)!.add(account);
        return sending(account, staking, "redelegate", [from.account, to, mdt(movedMdt)]);
      }
      case "slashed": {
        const { account } = validators[event.validator]!;
        return sending(keeper, staking, "slash", [account, slashedBps, hashOf(`evidence against ${account}`)]);
      }
      case "unjailed":
        return sending(validators[event.validator]!.account, staking, "unjail", []);
    }
  }
}

function hashOf(text: string): Hex {
  return keccak256(toBytes(text));
}
