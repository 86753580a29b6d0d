/** The nodes of a campaign: each is killed now and then, started again, and sometimes runs twice. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Hex } from "viem";
import { count, type Tally } from "../campaign/lineFaults";
import { type BlobLine } from "./blobLine";
import { type NodeFactory, type NodeProcess } from "./nodeProcesses";
import { type NodeOrders, type Told } from "./nodeProcess";

/** The node's owner. */
export interface Person {
  readonly name: string;
  readonly role: "miner" | "validator";
  readonly privateKey: Hex;
}

/** One process of a node, from its start to its end. */
interface Life {
  readonly process: NodeProcess;
  readonly disk: string;
  readonly startedAt: number;
  hasStarted: boolean;
  /** Where it serves its blobs. */
  url: string | undefined;
  /** Whether it has told since the last block that it looked at the chain, or failed to. */
  hasLooked: boolean;
}

/** What nodes are started with, and what happens to them. */
export interface SeatOptions {
  readonly factory: NodeFactory;
  readonly endpoints: readonly string[];
  readonly source: (role: Person["role"]) => string;
  readonly dataDirectory: string;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly tally: Tally;
  readonly onTold: (seat: Seat, told: Told) => void;
}

/** A node that does not start within this time never will. */
const longestStartMilliseconds = 60_000;

/** One node. */
export class Seat {
  #lives: Life[] = [];
  #disk = 0;
  /** No process runs for so many blocks. */
  #downFor = 0;
  /** The second process has so many blocks to live. */
  #copyFor = 0;
  /** Why the campaign has to end. */
  #failure: string | undefined;
  #lastWords = "";

  /** @param lineTo Opens the line by which others reach it. */
  static async open(
    person: Person,
    lineTo: (target: () => string | undefined) => Promise<BlobLine>,
    options: SeatOptions,
  ): Promise<Seat> {
    const line = await lineTo(() => seat.url);
    const seat: Seat = new Seat(person, line, options);
    return seat;
  }

  private constructor(
    readonly person: Person,
    private readonly line: BlobLine,
    private readonly options: SeatOptions,
  ) {}

  /** Where one of its processes serves blobs. */
  get url(): string | undefined {
    return this.#lives.findLast(({ url }) => url !== undefined)?.url;
  }

  /** The disks on which it runs, and has begun. */
  get running(): ReadonlySet<string> {
    return new Set(this.#lives.filter(({ hasStarted }) => hasStarted).map(({ disk }) => disk));
  }

  get isUpToDate(): boolean {
    return this.#lives.every(({ hasStarted, hasLooked }) => !hasStarted || hasLooked);
  }

  /** A block was mined. */
  onBlock(): void {
    for (const life of this.#lives) life.hasLooked = false;
    if (this.#downFor > 0) this.#downFor--;
    if (this.#copyFor > 0 && --this.#copyFor === 0) this.#kill(0);
    if (this.#lives.length === 0 && this.#downFor === 0) this.#start();
  }

  /** Kills it, for a moment mostly; one of two copies goes on. */
  kill(): void {
    const { random, tally } = this.options;
    count(tally, `${this.person.role} killed`);
    this.#kill(Math.floor(random() * this.#lives.length));
    this.#copyFor = 0;
    if (this.#lives.length > 0) return;
    this.#downFor = random() < 0.1 ? Math.floor(random() * 60) : Math.floor(random() * 6);
    if (random() >= 0.25) return;
    count(tally, `${this.person.role} lost its disk`);
    if (random() < 0.5) rmSync(this.#directory, { recursive: true, force: true });
    this.#disk++;
  }

  /** Starts it a second time, on the same disk mostly. */
  copy(): void {
    const { random, tally } = this.options;
    if (this.#lives.length !== 1) return;
    count(tally, `two copies of a ${this.person.role}`);
    if (random() < 0.3) this.#disk++;
    this.#copyFor = 5 + Math.floor(random() * 40);
    this.#start();
  }

  /** Goes on as one node until it is dismissed. */
  settle(): void {
    while (this.#lives.length > 1) this.#kill(0);
    this.#downFor = 0;
    this.line.calm();
  }

  dismiss(): void {
    while (this.#lives.length > 0) this.#kill(0);
    this.line.close();
  }

  /** The disk on which it is started. */
  get #directory(): string {
    return join(this.options.dataDirectory, `${this.person.name} ${this.#disk}`);
  }

  #kill(index: number): void {
    this.#lives[index]?.process.kill();
    this.#lives = this.#lives.filter((_, i) => i !== index);
  }

  #start(): void {
    const { factory, endpoints, source, tally, onTold } = this.options;
    const { role, privateKey, name } = this.person;
    const dataRoot = this.#directory;
    const orders: NodeOrders = {
      role,
      endpoints,
      privateKey,
      dataRoot,
      publicUrl: this.line.url,
      source: source(role),
    };
    const process = factory.start(orders, {
      onTold: (told) => {
        if (told.kind === "serving") life.url = told.url;
        if (told.kind === "started") life.hasStarted = true;
        if (told.kind === "looked" || told.kind === "failed") life.hasLooked = true;
        onTold(this, told);
      },
      onEnded: (words) => {
        this.#lives = this.#lives.filter((one) => one !== life);
        if (life.hasStarted) this.#failure = `${name} ended by itself: ${words}`;
        else count(tally, "ended before it began");
        this.#lastWords = words;
      },
    });
    const startedAt = performance.now();
    const life: Life = { process, disk: dataRoot, startedAt, hasStarted: false, url: undefined, hasLooked: false };
    this.#lives.push(life);
  }

  /** @throws where a process ended by itself after it had begun, or does not begin. */
  requireAlive(): void {
    const slow = this.#lives.find(
      ({ hasStarted, startedAt }) => !hasStarted && performance.now() - startedAt > longestStartMilliseconds,
    );
    if (slow !== undefined) this.#failure ??= `${this.person.name} does not begin. ${this.#lastWords}`;
    if (this.#failure !== undefined) throw new Error(this.#failure);
  }
}
