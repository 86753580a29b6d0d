import "./theme.css";
import "./page.css";
import { render } from "preact";
import { getDeployment } from "./api/answers";
import { readPageSettings } from "./context";
import { App } from "./layout/app";
import { Notice } from "./ui/blocks";
import { useReading } from "./state/useReading";

const settings = readPageSettings(document.documentElement);

/** Learns what the page is about, then shows it. */
function Start() {
  const deployment = useReading("deployment", 0, getDeployment);
  switch (deployment.kind) {
    case "loading":
      return <p class="page muted">Loading the network's details from the server …</p>;
    case "failed":
      return (
        <main class="page">
          <h1>ModernTensor</h1>
          <Notice tone="bad">{deployment.trouble} Then reload this page.</Notice>
        </main>
      );
    case "ready":
      return <App settings={settings} deployment={deployment.value} />;
  }
}

render(<Start />, document.body);
