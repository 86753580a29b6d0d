import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  decodeFunctionData,
  type Hex,
  maxUint256,
  numberToHex,
  padHex,
  parseTransaction,
  type TransactionSerialized,
  zeroHash,
} from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { openArchive } from "../../../scripts/keeper/archive/epochArchive";
import { computeSettlement, nothingCarried } from "../../../scripts/keeper/compute/computeSettlement";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type Observation } from "../../../scripts/keeper/run/look";
import { KeeperMemory } from "../../../scripts/keeper/run/decide";
import { type Keeper } from "../../../scripts/keeper/run/settleDue";
import { Sender } from "../../../scripts/keeper/run/transactions";
import { answeringChain, blockAt, logsAmong } from "../../shared/answeringChain";
import { quietSettlementLog, quietViews } from "../../shared/quietNetwork";
import { accountOf, openSigningNode, show, signedAnswer, type SigningNode } from "../../shared/signingNodes";

/** The keeper's account, and the only validator there may be. */
export const account = accountOf(0);
export const validator = accountOf(1);

/** A keeper of a quiet network whose next epoch is due, with its node's answers and a record of what it did. */
export class DueStage {
  private readonly directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
  readonly events: KeeperEvent[] = [];
  /** The keeper's clock. */
  now = 1_000;
  /** The rehearsals of calls to the SettlementQuorum, and the block of each. */
  readonly rehearsals: (readonly [question: string, block: unknown])[] = [];
  readonly sent: Hex[] = [];
  nonce = 4;
  priorityFeeWei = 2n;
  /** Whether the account is a keeper, which may settle alone from the time `soloFrom` on. */
  isKeeper = true;
  soloFrom = 500n;
  /** The validator's stake; if undefined, there can be no quorum. */
  stakeWei: bigint | undefined;
  /** The time at which the reveals of every epoch end, and whether the newest root is vetoed. */
  revealEnd = 0;
  isVetoed = false;
  /** The roots of the settled epochs. */
  roots: readonly Hex[] = [];
  /** Throws if the contract refuses the settlement. */
  refuse: () => void = () => undefined;
  /** Throws if the node refuses a transaction. */
  onSending: () => void = () => undefined;
  acceptedEpoch: number | undefined;
  /** Whether the validator's operator is a contract, which accepts any signature. */
  isContract = false;
  connection = this.chain();
  readonly memory = new KeeperMemory();
  readonly sender = new Sender(this.connection, account);
  private node: SigningNode | undefined;

  /** Another connection to the same node, which has read nothing yet. */
  chain(): Connection {
    const settle = () => {
      this.refuse();
      return undefined;
    };
    return answeringChain(
      {
        views: {
          ...quietViews,
          "treasury.nextEpochToSettle": () => BigInt(this.roots.length),
          "treasury.revealEnd": () => BigInt(this.revealEnd),
          "treasury.paused": () => false,
          "treasury.pauseEndsAt": () => 0n,
          "treasury.vetoedSettlement": () => [this.isVetoed, BigInt(Math.max(0, this.roots.length - 1)), 0n],
          "treasury.currentRoot": () => [this.roots[0] ?? zeroHash, 0n],
          "settlementQuorum.hasRole": (_: Hex, holder: Address) => this.isKeeper && holder === account.address,
          "settlementQuorum.soloAllowedFrom": () => this.soloFrom,
          "settlementQuorum.signersOf": () =>
            this.stakeWei === undefined ? [[], [], maxUint256] : [[validator.address], [this.stakeWei], 67n],
          "settlementQuorum.settleEpoch": settle,
          "settlementQuorum.settleEpochSigned": settle,
          "staking.operatorOf": (owner: Address) => owner,
          "directory.endpointOf": () => this.node?.url ?? "",
        },
        methods: {
          eth_blockNumber: () => "0x32",
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : 50, this.now),
          eth_getLogs: (filter: Record<string, unknown>) => logsAmong(this.logs())(filter),
          eth_getTransactionCount: () => numberToHex(this.nonce),
          eth_estimateGas: () => "0x186a0",
          eth_maxPriorityFeePerGas: () => numberToHex(this.priorityFeeWei),
          eth_getCode: () => (this.isContract ? "0x01" : "0x"),
          eth_call: () => padHex("0x1626ba7e", { dir: "right" }),
          eth_sendRawTransaction: (raw: Hex) => {
            this.sent.push(raw);
            this.onSending();
            return `0x${"ab".repeat(32)}`;
          },
        },
      },
      { keeper: { confirmations: 0, maxFeePerGasWei: 1_000n, pollSeconds: 4, replaceAfterSeconds: 30 } },
      (question, block) => {
        if (/settleEpoch|estimateGas/.test(question)) this.rehearsals.push([question, block]);
      },
    );
  }

  /** Settlements without rewards, with these roots. */
  private logs() {
    return this.roots.map((rewardsRoot, i) => quietSettlementLog(i, { block: 10 + i }, rewardsRoot));
  }

  async keeper(): Promise<Keeper> {
    const keeper = {
      connection: this.connection,
      sender: this.sender,
      memory: this.memory,
      archive: await openArchive(this.connection, this.directory),
      acceptedEpoch: () => this.acceptedEpoch,
      tell: (event: KeeperEvent) => this.events.push(event),
      clock: () => this.now,
      stopping: new AbortController().signal,
    };
    return keeper as unknown as Keeper;
  }

  /** What the keeper sees at the time 1,000: an epoch that has been due for 100 seconds. */
  seen(changes: Partial<Observation> = {}): Observation {
    return {
      ...{ headBlock: 50n, headTimestamp: 1_000, baseFeePerGasWei: 100n, finalBlock: 50n, now: 1_000 },
      ...{ nextEpochToSettle: this.roots.length, dueAt: 900, paused: false, vetoedEpoch: null, settled: [] },
      ...{ finalEpochs: 0, minedTransactions: this.nonce, keeperBalanceWei: 1n },
      ...changes,
    };
  }

  /** Has the validator's node sign the due settlement. */
  async sign(): Promise<void> {
    const { settlement } = await computeSettlement(this.chain(), 0, nothingCarried);
    this.node = await openSigningNode(validator, async (_, response) => {
      const signer = this.isContract ? accountOf(5) : validator;
      show(response, await signedAnswer(this.connection, signer, settlement, validator.address));
    });
  }

  /** The paths that were requested from the validator's node. */
  get asked(): readonly string[] {
    return this.node?.asked ?? [];
  }

  transactions() {
    return this.sent.map((raw) => parseTransaction(raw as TransactionSerialized<"eip1559">));
  }

  functionsSent(): readonly string[] {
    const { abi } = this.connection.contracts.settlementQuorum;
    return this.transactions().map(({ data }) => decodeFunctionData({ abi, data: data! }).functionName);
  }

  close(): void {
    this.node?.close();
    rmSync(this.directory, { recursive: true });
  }
}

/** The error with which a node refuses a transaction, to be thrown. */
export const nodeRefusal = (message: string): Error => Object.assign(new Error(message), { code: -32_000 });
