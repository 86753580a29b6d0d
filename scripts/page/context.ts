import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type PublicClient } from "viem";
import { type Contracts } from "../chain/contracts";
import { type DeploymentFacts } from "./api/deployment";
import { type PageSettings } from "./boot/pageSettings";
import { type Head } from "./state/chainTime";
import { type Session, type SessionEvent } from "./wallet/session";

/** The chain, ready to be read: through the page's endpoint, else through the connected wallet. */
export interface Chain {
  readonly reader: PublicClient;
  readonly contracts: Contracts;
  /** The newest block. */
  readonly head: Head;
}

/** What every view can rely on: the network, a way to read it, and who is looking. */
export interface AppContext {
  readonly settings: PageSettings;
  readonly deployment: DeploymentFacts;
  /** Null while the chain can't be read; the layout says why. */
  readonly chain: Chain | null;
  /** Changes with each block, each `refresh` and every few seconds: the version of everything that is read at "latest". */
  readonly version: string;
  /** Reads everything again now, for instance after a transaction was mined. */
  readonly refresh: () => void;
  /** Whether amounts are shown with all their 18 digits. */
  readonly everyDigit: boolean;
  readonly showEveryDigit: (wanted: boolean) => void;
  readonly session: Session;
  readonly report: (event: SessionEvent) => void;
  /** Says a sentence to whoever listens to a screen reader. */
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

/** The chain, for components that are shown only while there is one: those inside `WithChain`. */
export function useChain(): Chain {
  const { chain } = useApp();
  if (chain === null) throw new Error("useChain is for components inside WithChain.");
  return chain;
}
