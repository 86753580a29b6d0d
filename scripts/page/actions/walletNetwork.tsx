import { useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { FactList, Notice } from "../ui/blocks";
import { addChain, switchChain, walletChainOf, watchToken } from "../wallet/chainRequests";
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
              ask(addChain(provider, chain).then(() => `Your wallet now knows ${chain.name}.`));
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
  return isWatched ? "Your wallet now shows MDT." : "You declined to show MDT in your wallet.";
}

/** Says that the wallet is on another chain, and offers to bring it over. */
export function SwitchChain({ provider }: { readonly provider: EIP1193Provider }) {
  const { settings, deployment } = useApp();
  const { name, chainId } = walletChainOf(settings, deployment);
  return (
    <>
      <Notice tone="warn">
        Your wallet is on another network. What you do here happens on {name} (chain id {chainId}).
      </Notice>
      <SwitchButton provider={provider} />
    </>
  );
}

/** Offers to bring the connected wallet to the page's chain. */
export function SwitchHere() {
  const { session } = useApp();
  return session.kind === "connected" ? <SwitchButton provider={session.wallet.provider} /> : null;
}

function SwitchButton({ provider }: { readonly provider: EIP1193Provider }) {
  const { settings, deployment } = useApp();
  const [trouble, setTrouble] = useState<string | null>(null);
  const chain = walletChainOf(settings, deployment);
  const ask = (): void => {
    setTrouble(null);
    switchChain(provider, chain).catch((error: unknown) => {
      setTrouble(explainRefusal(error).sentence);
    });
  };
  return (
    <>
      {trouble === null ? null : <Notice tone="bad">{trouble}</Notice>}
      <button type="button" class="primary" onClick={ask}>
        Switch to {chain.name}
      </button>
    </>
  );
}
