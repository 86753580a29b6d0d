import { useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { Notice } from "../layout/notice";
import { switchChain } from "../wallet/askWallet";
import { walletChainOf } from "../wallet/chainRequests";
import { explainRefusal } from "./refusals";

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
