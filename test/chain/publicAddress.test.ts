import { expect } from "chai";
import { isPublicAddress, publicLookup } from "../../scripts/chain/askEndpoint";

describe("Addresses that strangers may name", () => {
  it("are those of the public internet", () => {
    for (const address of [
      "8.8.8.8",
      "1.1.1.1",
      "172.32.0.1",
      "100.128.0.1",
      "223.255.255.255",
      "2606:4700::1111",
      "2a00:1450::1",
    ]) {
      expect(isPublicAddress(address), address).to.equal(true);
    }
  });

  it("are never those of this machine, its network, its provider or its cloud's metadata, in any notation", () => {
    for (const address of [
      ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254"],
      ...["172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
      ...["168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1"],
      ...["64:ff9b::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2002:7f00:1::"],
      ...["2001:0:7f00:1::", "2001:db8::1", "127.1", "localhost", ""],
    ]) {
      expect(isPublicAddress(address), address).to.equal(false);
    }
  });

  const look = (found: readonly string[], all: boolean) =>
    new Promise((resolve) => {
      publicLookup(() => Promise.resolve(found))("a.example", { all }, (error, ...answer) => {
        resolve(error?.message ?? answer);
      });
    });

  it("are the only addresses of a host that a connection goes to", async () => {
    const found = ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"];
    const six = { address: "2606:4700::1111", family: 6 };
    expect(await look(found, true)).to.deep.equal([[{ address: "8.8.8.8", family: 4 }, six]]);
    expect(await look(found, false)).to.deep.equal(["8.8.8.8", 4]);
    expect(await look(["127.0.0.1"], true)).to.equal("has no public address");
    expect(await look([], false)).to.equal("has no public address");
  });
});
