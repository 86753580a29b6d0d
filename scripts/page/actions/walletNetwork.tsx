import { type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { FactList, Notice } from "../ui/blocks";
import { addChain, switchChain, type WalletChain, walletChainOf, watchToken } from "../wallet/requests";
import { explainRefusal } from "./refusals";

function useWalletChain(): WalletChain {
  const { settings, deployment } = useApp();
  return walletChainOf(settings, deployment);
}

/** Asks the wallet for something; `answer` shows the outcome. */
function useQuestion() {
  const [answer, setAnswer] = useState<ComponentChildren>(null);
  const ask = (question: Promise<string | null>): void => {
    setAnswer(null);
    question.then(
      (sentence) => {
        setAnswer(sentence === null ? null : <Notice tone="good">{sentence}</Notice>);
      },
      (error: unknown) => {
        setAnswer(<Notice tone="bad">{explainRefusal(error).sentence}</Notice>);
      },
    );
  };
  return { answer, ask };
}

/** What a wallet has to know about this network, to be added by a click or by hand. */
export function NetworkCard() {
  const { session, deployment } = useApp();
  const chain = useWalletChain();
  const facts = [
    ["Network", chain.name],
    ["Chain id", String(chain.chainId)],
    ["Endpoint", chain.rpcUrl ?? "your wallet's own"],
    ["Token", deployment.contracts.ModernTensorToken],
    ["Symbol", "MDT, 18 decimals"],
  ] as const;
  return (
    <section class="card action" aria-labelledby="network-card-title">
      <h2 id="network-card-title">Your wallet and this network</h2>
      <FactList facts={facts} look="facts" />
      {session.kind === "connected" ? <AddButtons provider={session.wallet.provider} /> : null}
    </section>
  );
}

function AddButtons({ provider }: { readonly provider: EIP1193Provider }) {
  const { deployment } = useApp();
  const chain = useWalletChain();
  const { answer, ask } = useQuestion();
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
            ask(
              watchToken(provider, deployment.contracts.ModernTensorToken).then((isWatched) =>
                isWatched ? "Your wallet now shows MDT." : "You declined to show MDT in your wallet.",
              ),
            );
          }}
        >
          Add MDT
        </button>
      </div>
      {answer}
    </>
  );
}

/** Says that the wallet is on another chain, and offers to switch it. */
export function SwitchChain() {
  const { name, chainId } = useWalletChain();
  return (
    <>
      <Notice tone="warn">
        Your wallet is on another network. What you do here happens on {name} (chain id {chainId}).
      </Notice>
      <SwitchButton />
    </>
  );
}

/** Offers to switch the connected wallet to the page's chain. */
export function SwitchButton() {
  const { session } = useApp();
  const chain = useWalletChain();
  const { answer, ask } = useQuestion();
  if (session.kind !== "connected") return null;
  const { provider } = session.wallet;
  return (
    <>
      {answer}
      <button
        type="button"
        class="primary"
        onClick={() => {
          ask(switchChain(provider, chain).then(() => null));
        }}
      >
        Switch to {chain.name}
      </button>
    </>
  );
}
