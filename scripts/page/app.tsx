import "./theme.css";
import "./page.css";
import { render } from "preact";
import { type DeploymentFacts, getDeployment } from "./api/answers";
import { readPageSettings } from "./context";
import { App } from "./layout/app";
import { Notice } from "./ui/blocks";
import { useTick } from "./state/hooks";
import { useReading } from "./state/useReading";

const settings = readPageSettings(document.documentElement);

/** It never changes, so that it is asked for until it is there, and then no more. */
let known: Promise<DeploymentFacts> | undefined;

function knownDeployment(): Promise<DeploymentFacts> {
  known ??= getDeployment().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

/** Learns what the page is about, then shows it. */
function Start() {
  const deployment = useReading("deployment", useTick(5_000), knownDeployment);
  switch (deployment.kind) {
    case "loading":
      return <p class="page muted">Loading the network's details from the server …</p>;
    case "failed":
      return (
        <main class="page">
          <h1>ModernTensor</h1>
          <Notice tone="bad">{deployment.trouble} The page asks again every few seconds.</Notice>
        </main>
      );
    case "ready":
      return <App settings={settings} deployment={deployment.value} />;
  }
}

render(<Start />, document.body);
