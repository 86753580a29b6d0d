import { type ChainLink } from "../state/chainLink";

/**
 * What is wrong with the link, what still works, and what to do; null where nothing is.
 * @param chainId Of the network that the page is about.
 */
export function describeLink(link: ChainLink, chainId: number): string | null {
  switch (link.kind) {
    case "asking":
    case "following":
      return null;
    case "noEndpoint":
      return "This page reads the chain through your wallet: connect one to see what holds now. Settled epochs are shown without it.";
    case "unreachable":
      return "No chain answers: start the node, or check its address. Settled epochs are shown as far as the server knows them; the page goes on trying.";
    case "lost":
      return `The chain has stopped answering. What you see is of block ${link.head.blockNumber}; the page goes on trying.`;
    case "wrongChain":
      return `The chain that answers has id ${link.chainId}, but this network is on ${chainId}: switch your wallet to it, or start the page with the right --rpc-url.`;
    case "empty":
      return 'The contracts are not on the chain that answers: it was started anew. Run "npx hardhat deploy --network localhost", then reload this page.';
  }
}
