import { useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { Notice } from "../layout/notice";
import { FactList } from "../ui/factList";
import { addChain, watchToken } from "../wallet/askWallet";
import { walletChainOf } from "../wallet/chainRequests";
import { explainRefusal } from "./refusals";

/** What became of a question to the wallet. */
type Answer = { readonly tone: "good" | "bad"; readonly sentence: string } | null;

/** What a wallet has to know of this network, to be added by a click or by hand. */
export function NetworkCard() {
  const { session, settings, deployment } = useApp();
  const chain = walletChainOf(settings, deployment);
  const token = deployment.contracts.ModernTensorToken;
  const facts = [
    ["Network", chain.name],
    ["Chain id", String(chain.chainId)],
    ["Endpoint", chain.rpcUrl ?? "your wallet's own"],
    ["Token", token],
    ["Symbol", "MDT, 18 decimals"],
  ] as const;
  return (
    <section class="card action" aria-labelledby="network-card-title">
      <h2 id="network-card-title">Your wallet and this network</h2>
      <FactList facts={facts} look="facts" />
      {session.kind === "connected" ? <Buttons provider={session.wallet.provider} /> : null}
    </section>
  );
}

function Buttons({ provider }: { readonly provider: EIP1193Provider }) {
  const { settings, deployment } = useApp();
  const [answer, setAnswer] = useState<Answer>(null);
  const ask = (question: Promise<string>): void => {
    setAnswer(null);
    question.then(
      (sentence) => {
        setAnswer({ tone: "good", sentence });
      },
      (error: unknown) => {
        setAnswer({ tone: "bad", sentence: explainRefusal(error).sentence });
      },
    );
  };
  const chain = walletChainOf(settings, deployment);
  return (
    <>
      <div class="buttons">
        {chain.rpcUrl === null ? null : (
          <button
            type="button"
            onClick={() => {
              ask(addChain(provider, chain).then(() => `Your wallet knows ${chain.name} now.`));
            }}
          >
            Add the network
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            ask(watchToken(provider, deployment.contracts.ModernTensorToken).then(describeWatch));
          }}
        >
          Add MDT
        </button>
      </div>
      {answer === null ? null : <Notice tone={answer.tone}>{answer.sentence}</Notice>}
    </>
  );
}

function describeWatch(isWatched: boolean): string {
  return isWatched ? "Your wallet shows MDT now." : "Your wallet was not told to show MDT.";
}
