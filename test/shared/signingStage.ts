import { join } from "node:path";
import { type Address, getAddress } from "viem";
import { type Settlement } from "../../scripts/core/settlement";
import { type EpochArchive, openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { goToDue } from "../integration/world";
import { type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";
import { type DelayedWorld, startDelayedWorld } from "./delayedNetwork";
import {
  accountOf,
  type Behaviour,
  honest,
  openSigningNode,
  publish,
  settlementsOf,
  show,
  signedAnswer,
  type SigningNode,
} from "./signingNodes";

const soloAfterSeconds = 600;

/** A network with epochs 0 and 1, in which nobody had stake, settled; its validators' nodes sign what is due. */
export class Stage {
  readonly running: RunningKeeper[] = [];

  private constructor(
    readonly world: DelayedWorld,
    readonly archive: EpochArchive,
    readonly nodes: readonly SigningNode[],
    readonly settlementOf: (epoch: number) => Promise<Settlement>,
  ) {}

  static async open(claimDelaySeconds: number): Promise<Stage> {
    const world = await startDelayedWorld(claimDelaySeconds, soloAfterSeconds);
    const { connection, node, people } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    await goToDue(world, 1);
    for (const signer of [people.keeper, people.keeper]) {
      await settleNextEpoch(connection, archive, { signer, payRecipientsUpTo: 0 });
    }
    const settlementOf = settlementsOf(connection, archive);
    const nodes = await Promise.all(
      people.validators.map((_, i) => {
        const account = accountOf(i + 1);
        return openSigningNode(account, honest(connection, account, settlementOf));
      }),
    );
    for (const { account, url } of nodes) await publish(connection, account.address, url);
    return new Stage(world, archive, nodes, settlementOf);
  }

  /** A keeper with one of the accounts; 0 has the role, no other has. */
  async startRelay(index: number): Promise<RunningKeeper> {
    const { connection, accounts, node } = this.world;
    const dataDirectory = join(node.dataDirectory, `${index}-${this.running.length}`);
    const keeper = await startTestKeeper(connection, { signer: getAddress(accounts[index]!), dataDirectory });
    this.running.push(keeper);
    return keeper;
  }

  async endRelays(): Promise<void> {
    await Promise.all(this.running.splice(0).map((keeper) => keeper.stop()));
  }

  /** Lets time pass after the epoch was due. */
  async waitSeconds(seconds: number): Promise<void> {
    const { connection, node } = this.world;
    await node.advanceTo((await connection.reader.getBlock()).timestamp + BigInt(seconds));
  }

  async nextEpoch(): Promise<number> {
    return Number(await this.world.connection.contracts.treasury.read.nextEpochToSettle());
  }

  behaveHonestly(): void {
    for (const node of this.nodes) node.behave(honest(this.world.connection, node.account, this.settlementOf));
  }

  /** Who settled an epoch, as its event says; undefined if a keeper did alone. */
  async signersOf(epoch: number): Promise<readonly Address[] | undefined> {
    const [signed] = await this.world.connection.events.select(["SettlementSigned"], { epoch });
    return signed?.args.validators;
  }

  /** Signs something else than what is due. */
  lie(change: Partial<Settlement>): Behaviour {
    const [, second] = this.nodes;
    return async (epoch, response) => {
      const lie = { ...(await this.settlementOf(epoch)), ...change };
      show(response, await signedAnswer(this.world.connection, second!.account, lie));
    };
  }

  async close(): Promise<void> {
    await this.endRelays();
    for (const node of this.nodes) node.close();
    await this.world.node.stop();
  }
}
