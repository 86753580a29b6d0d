/** How loud an event is. */
export type Level = "debug" | "info" | "warn" | "error";

/** How events of one union are reported. */
export interface Wording<E extends { readonly kind: string }> {
  /** How loud an event is; what is missing is information. */
  readonly levels: Partial<Record<E["kind"], Level>>;
  /** An event as one sentence for people. */
  readonly describe: (event: E) => string;
}
