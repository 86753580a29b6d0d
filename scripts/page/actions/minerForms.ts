import { maxEndpointBytes, planSetEndpoint, readEndpoint } from "../../actions/profile";
import { planRegisterMiner, readMinerFacts } from "../../actions/miners";
import { formatExactMdt } from "../../show/amounts";
import { questionTo } from "../models/nodeQuestion";
import { type Action } from "./action";
import { aboveBalance, type Field, FormReader } from "./fields";

/** Takes an id as a miner. */
export const registerMinerAction: Action = {
  id: "register-miner",
  title: "Become a miner",
  purpose: "Do tasks for clients and earn rewards, depending on how validators score your answers.",
  next: {
    sentence: 'Start your node with "npx mdt miner start" and publish its endpoint.',
    hash: "#/do/endpoint",
  },
  open: async (site) => {
    const facts = await readMinerFacts(site);
    const { minerId, balanceWei, priceWei } = facts;
    if (minerId !== 0) return { nothing: [`You are already miner ${minerId}.`] };
    const price = `Registering now costs ${formatExactMdt(priceWei)} MDT.`;
    return {
      terms: [price],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => [],
      plan: () =>
        balanceWei < priceWei
          ? { kind: "nothing", sentence: `${price} ${aboveBalance(balanceWei)}` }
          : planRegisterMiner(site, facts),
    };
  },
};

const endpointField = {
  kind: "text",
  name: "endpoint",
  label: "Endpoint",
  hint: "The URL at which others reach it, such as https://miner.example:8090. Leave it empty to remove it.",
} as const satisfies Field;

/** Publishes where one's node is reached. */
export const endpointAction: Action = {
  id: "endpoint",
  title: "Publish an endpoint",
  purpose: "Publish your node's URL, as a miner, a validator or its operator.",
  next: { sentence: "Check under Mine whether it answers from this browser.", hash: "#/mine" },
  open: async (site) => {
    const current = await readEndpoint(site);
    return {
      standing: [current === "" ? "You have published no endpoint." : `Your endpoint is currently ${current}.`],
      fields: () => [{ ...endpointField, preset: current }],
      plan: (values) => {
        if ((values.endpoint ?? "").trim() === "") return planSetEndpoint(site, current, "");
        const form = new FormReader(values);
        const endpoint = form.text("endpoint", maxEndpointBytes);
        if (form.hasProblems) return { kind: "problems", problems: form.problems };
        if (questionTo(endpoint) !== undefined) return planSetEndpoint(site, current, endpoint);
        const sentence = "Enter a URL that begins with http:// or https://, without a password.";
        return { kind: "problems", problems: { endpoint: sentence } };
      },
    };
  },
};
