/** Which addresses a node may be led to by a stranger: no machine of its own network is one. */
import { Resolver } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction } from "node:net";

const notPublic = new BlockList();
for (const subnet of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10", // shared by a provider's customers
  "127.0.0.0/8",
  "168.63.129.16/32", // metadata of Azure's machines
  "169.254.0.0/16", // link-local, and metadata of most clouds' machines
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3", // multicast, reserved, broadcast
  "2001::/23", // among them Teredo, which leads to any IPv4 address
  "2001:db8::/32",
  "2002::/16", // 6to4, likewise
  "3fff::/20",
]) {
  const [network, bits] = subnet.split("/") as [string, string];
  notPublic.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
}

/** All of IPv6 that is given to the public; local, mapped and translated addresses lie outside. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 6) return globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
  return isIP(address) === 4 && !notPublic.check(address, "ipv4");
}

/** The addresses of a host. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** By DNS alone. Unlike the system's way it takes no thread of those that read files: strangers choose the name servers. */
export const resolveByDns: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
};

/**
 * Looks a host up for a connection, which goes to the addresses that this gives and to no others: what the name means a
 * moment later does not matter.
 */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    void resolve(hostname)
      .catch(() => [])
      .then((found) => {
        const addresses = found.filter(isPublicAddress).map((address) => ({ address, family: isIP(address) }));
        const [first] = addresses;
        if (first === undefined) callback(new Error("has no public address"), "", 0);
        else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
  };
}
