import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type PublicClient } from "viem";
import { type Contracts } from "../chain/contracts";
import { type DeploymentFacts, type PageSettings, type StatusAnswer } from "./api";
import { type Head } from "./state/chainLink";
import { type Session, type SessionEvent } from "./wallet/session";

/** Reads the settings from `document.documentElement`. */
export function readPageSettings({ dataset }: HTMLElement): PageSettings {
  return { rpcUrl: dataset.rpcUrl ?? null, explorerUrl: dataset.explorerUrl ?? null };
}

/** The chain, ready to be read: through the page's endpoint, otherwise through the connected wallet. */
export interface Chain {
  readonly reader: PublicClient;
  readonly contracts: Contracts;
  /** The newest block. */
  readonly head: Head;
}

/** What every view can rely on: the network, a way to read it, and who is looking. */
interface AppContext {
  readonly settings: PageSettings;
  readonly deployment: DeploymentFacts;
  /** Null while the chain can't be read. */
  readonly chain: Chain | null;
  /** The network's status, as the page's server last reported it; null until it has. */
  readonly status: StatusAnswer | null;
  /** What is wrong with the connection to the chain or to the server; the layout says it once. Null if nothing is. */
  readonly trouble: string | null;
  /** Changes with each block, each `refresh` and every few seconds: the version of all that is read at "latest". */
  readonly version: string;
  /** Reads everything again now, for instance after a transaction was mined. */
  readonly refresh: () => void;
  /** Whether amounts are shown with all their 18 digits. */
  readonly everyDigit: boolean;
  readonly showEveryDigit: (wanted: boolean) => void;
  readonly session: Session;
  /** An account's self-declared name, unverified; empty if it is not known. */
  readonly nameOf: (address: string) => string;
  readonly report: (event: SessionEvent) => void;
  /** Makes screen readers say a sentence. */
  readonly announce: (sentence: string) => void;
}

const Context = createContext<AppContext | null>(null);

export const AppContextProvider = Context.Provider;

/** The app's context, for components inside the app. */
export function useApp(): AppContext {
  const context = useContext(Context);
  if (context === null) throw new Error("useApp is for components inside the app.");
  return context;
}
