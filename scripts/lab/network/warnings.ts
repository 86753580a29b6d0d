/** What a person should know of a running network, each kind of trouble once. */
export class Warnings {
  readonly #said = new Map<string, { readonly sentence: string; times: number }>();

  /** @param onNew Told each warning the first time. */
  constructor(private readonly onNew: (sentence: string) => void) {}

  /** @param kind What makes two of somebody's warnings the same. */
  add(who: string, kind: string, sentence: string): void {
    const known = this.#said.get(`${who} ${kind}`);
    if (known !== undefined) {
      known.times++;
      return;
    }
    this.#said.set(`${who} ${kind}`, { sentence: `${who}: ${sentence}`, times: 1 });
    this.onNew(`${who}: ${sentence}`);
  }

  /** Every warning as a sentence, with how often it came. */
  list(): readonly string[] {
    return [...this.#said.values()].map(({ sentence, times }) =>
      times === 1 ? sentence : `${sentence} (${times} times)`,
    );
  }
}
