/** Where this machine keeps epochs' reports and reward trees. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Address, type Hex } from "viem";
import { type Carried, type ComputedEpoch } from "../compute/computeSettlement";
import {
  readBonds,
  readReport,
  readReportInputs,
  readStanding,
  type Report,
  type Standing,
  writeReport,
} from "./epochReport";
import { readOwnJson, requireFile, setAside, fileProblem, UnreadableFileError } from "./jsonFile";
import { fileBytes, findText, readPart, removeAbandoned, writeWhole } from "./textFile";
import { type EpochInputs } from "../../core/computeEpoch";
import { inputsHash } from "../../core/epochInput/writeEpoch";
import { type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { type RewardDomain } from "../../core/rewardTree/hashing";
import { type RewardProof } from "../../core/rewardTree/proofs";
import { accountAt, amountAt } from "../../core/rewardTree/rewardList";
import { DamagedTreeError, loadRewardTree, proofFromFile, savedRoot, saveRewardTree } from "./treeFile";
import { type Connection } from "../../chain/connection";
import { dataDirectory } from "../../chain/deployment";

/** The end of a complete report's file. */
const reportEnd = "\n}\n";

/** What an epoch handed to the next, if its files could not be written. */
interface Unwritten {
  readonly epoch: number;
  readonly root: Hex;
  readonly carried: Carried;
}

/**
 * Epoch reports and reward trees in files. They are a cache: each can be computed again from the chain, and none is
 * believed unless it has the root that the chain has. Files are written whole or not at all, so a killed keeper leaves
 * nothing half done; a file that still can't be used, because a disk failed or someone wrote there, is set aside and
 * created again. If files can't be written (a full disk, a directory without write permission), nothing stops: this
 * object then keeps what the two newest epochs hand on, the newest because the next epoch starts with it, and the one
 * before it because the newest may be lost.
 */
export class EpochArchive {
  private unwritten: readonly Unwritten[] = [];
  private readonly toldOf = new Set<number>();
  private isSwept = false;

  /**
   * @param onUnwritten Called once, with the reason, for each epoch whose files could not be written.
   * @param onSetAside Called with one sentence about each file that can't be used and was set aside.
   */
  constructor(
    private readonly directory: string,
    private readonly domain: RewardDomain,
    private readonly onUnwritten: (epoch: number, reason: string) => void = () => undefined,
    private readonly onSetAside: (sentence: string) => void = () => undefined,
  ) {}

  reportFile(epoch: number): string {
    return join(this.directory, "epochs", `${epoch}.json`);
  }

  /** In the form of OpenZeppelin's `StandardMerkleTree.dump`. */
  treeFile(epoch: number): string {
    return join(this.directory, "epochs", `${epoch}.tree.json`);
  }

  /** The report is written last: if it exists, the tree does too. */
  async save(computed: ComputedEpoch): Promise<void> {
    const { epoch } = computed.collected;
    const report = JSON.stringify(writeReport(computed), null, 2);
    // Before anything is written, because a disk may be full of files that killed processes left; once, as it sweeps
    // every epoch's files.
    if (!this.isSwept) await removeAbandoned(join(this.directory, "epochs"), Date.now());
    this.isSwept = true;
    for (const path of [this.treeFile(epoch), this.reportFile(epoch)]) this.#makeRoom(path);
    try {
      await saveRewardTree(computed.tree, this.treeFile(epoch));
      await writeWhole(this.reportFile(epoch), [`${report}\n`]);
    } catch (error) {
      this.keep({ epoch, root: computed.tree.root, carried: computed.carried });
      if (!this.toldOf.has(epoch)) this.onUnwritten(epoch, (error as Error).message);
      this.toldOf.add(epoch);
    }
  }

  private keep(unwritten: Unwritten): void {
    const others = this.unwritten.filter(({ epoch }) => epoch !== unwritten.epoch);
    this.unwritten = [...others, unwritten].slice(-2);
  }

  /** Sets aside anything at this path that isn't a file. */
  #makeRoom(path: string): void {
    if (existsSync(path) && !statSync(path).isFile()) this.onSetAside(setAside(path, "is not a file"));
  }

  /** The tree of an epoch, if it is here, whole, and has this root. */
  async tree(epoch: number, root: Hex): Promise<RewardTree | undefined> {
    const path = this.treeFile(epoch);
    if (!existsSync(path)) return undefined;
    try {
      requireFile(path);
      return savedRoot(path) === root ? await loadRewardTree(path, this.domain) : undefined;
    } catch (error) {
      this.#setAside(path, error);
      return undefined;
    }
  }

  /** Sets the file aside if the error is about the file, not about this machine. */
  #setAside(path: string, error: unknown): void {
    const problem =
      error instanceof UnreadableFileError || error instanceof DamagedTreeError ? error.problem : fileProblem(error);
    if (problem !== undefined) this.onSetAside(setAside(path, problem));
  }

  /** What an epoch handed to the next, if it is here and has this root. */
  async carried(epoch: number, root: Hex): Promise<Carried | undefined> {
    const unwritten = this.unwritten.find((kept) => kept.epoch === epoch && kept.root === root);
    if (unwritten !== undefined) return unwritten.carried;
    const tree = await this.tree(epoch, root);
    const bonds = readBonds(this.report(epoch), epoch, root);
    if (tree === undefined || bonds === undefined) return undefined;
    const { list } = tree;
    const positions = Array.from({ length: list.count }, (_, position) => position);
    return {
      cumulative: new Map(positions.map((position) => [accountAt(list, position), amountAt(list, position)])),
      bonds,
    };
  }

  /** Whether the tree and the complete report of an epoch are here, with this root; nothing else in them is checked. */
  holds(epoch: number, root: Hex): boolean {
    const path = this.reportFile(epoch);
    try {
      if (!this.holdsTree(epoch, root) || findText(path, `"${root}"`) === undefined) return false;
      return readPart(path, fileBytes(path) - reportEnd.length, reportEnd.length) === reportEnd;
    } catch {
      return false;
    }
  }

  /** Whether the tree of an epoch is here and states this root; nothing else in it is checked. */
  holdsTree(epoch: number, root: Hex): boolean {
    try {
      return savedRoot(this.treeFile(epoch)) === root;
    } catch {
      return false;
    }
  }

  /** The proof of one account from the tree of an epoch, without loading it; see proofFromFile. */
  proof(epoch: number, account: Address): RewardProof {
    return proofFromFile(this.treeFile(epoch), this.domain, account);
  }

  /** What an epoch was computed from, if its report is here and its inputs have this hash. */
  async inputs(epoch: number, hash: Hex): Promise<EpochInputs | undefined> {
    const report = this.report(epoch);
    const inputs = readReportInputs(report);
    if (inputs !== undefined && (await inputsHash(inputs)) === hash) return inputs;
    if (report?.settlement.inputsHash === hash) {
      this.onSetAside(setAside(this.reportFile(epoch), "was changed after it was written"));
    }
    return undefined;
  }

  /** What consensus said about everyone in an epoch, if its report is here. */
  standing(epoch: number): Standing | undefined {
    return readStanding(this.report(epoch));
  }

  /** What the report's file holds; undefined if it is missing or can't be used. */
  report(epoch: number): Report | undefined {
    const path = this.reportFile(epoch);
    try {
      const json = readOwnJson(path);
      if (json === undefined) return undefined;
      const report = readReport(json, epoch);
      if (report === undefined) throw new UnreadableFileError(path, `is not the report of epoch ${epoch}`);
      return report;
    } catch (error) {
      this.#setAside(path, error);
      return undefined;
    }
  }
}

/**
 * The epoch reports and reward trees that this machine keeps for a deployment.
 * @param root Where data is kept. Missing: MDT_DATA, or else the project's folder `data`.
 * @param onUnwritten Called for each epoch whose files could not be written. Missing: writes to stderr.
 * @param onSetAside Called with one sentence about each file that can't be used. Missing: writes to stderr.
 */
export async function openArchive(
  { reader, deployment, contracts }: Connection,
  root: string | undefined = process.env.MDT_DATA,
  onUnwritten = (epoch: number, reason: string): void => {
    process.stderr.write(`can't write the files of epoch ${epoch}: ${reason}\n`);
  },
  onSetAside = (sentence: string): void => {
    process.stderr.write(`${sentence}\n`);
  },
): Promise<EpochArchive> {
  const domain = { chainId: BigInt(await reader.getChainId()), treasury: contracts.treasury.address };
  return new EpochArchive(dataDirectory(deployment.id, root), domain, onUnwritten, onSetAside);
}
