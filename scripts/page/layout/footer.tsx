import { useApp } from "../context";
import { shortHex } from "../../show/addresses";

/** What the page is about, to the letter, and how much of an amount is shown. */
export function Footer() {
  const { deployment, chain, everyDigit, showEveryDigit, settings } = useApp();
  return (
    <footer class="foot">
      <label>
        <input
          type="checkbox"
          checked={everyDigit}
          onChange={(event) => {
            showEveryDigit(event.currentTarget.checked);
          }}
        />{" "}
        Show every digit of amounts
      </label>
      <p class="muted">
        Chain {deployment.chainId}
        {chain === null ? "" : `, block ${chain.head.blockNumber}`} · <a href="/openapi.json">API</a>
      </p>
      <details>
        <summary>Contracts</summary>
        <ul class="contracts">
          {Object.entries(deployment.contracts).map(([name, address]) => (
            <li key={name}>
              {name} <code title={address}>{settings.explorerUrl === null ? address : shortHex(address)}</code>{" "}
              {settings.explorerUrl === null ? null : (
                <a href={`${settings.explorerUrl}/address/${address}`}>explorer</a>
              )}
            </li>
          ))}
        </ul>
      </details>
    </footer>
  );
}
