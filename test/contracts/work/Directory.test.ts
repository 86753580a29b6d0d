import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

const ENDPOINT = "https://miner.example:8090";

async function directory() {
  const [first, second] = await ethers.getSigners();
  return { directory: await ethers.deployContract("Directory"), first: first!, second: second! };
}

const nobody = ["", "", ""];

describe("Directory.setProfile", () => {
  it("stores an account's profile for everyone to read, and emits an event when it changes or is removed", async () => {
    const { directory: contract, first, second } = await loadFixture(directory);
    for (const [name, site, contact] of [
      ["Ada’s node", "https://ada.example", "ada@ada.example"],
      ["A", "", ""],
      nobody,
    ]) {
      const profile = { name: name!, site: site!, contact: contact! };
      await expect(contract.connect(first).setProfile(profile))
        .to.emit(contract, "ProfileSet")
        .withArgs(first.address, Object.values(profile));
      expect(await contract.profileOf(first)).to.deep.equal(Object.values(profile));
    }
    expect(await contract.profileOf(second)).to.deep.equal(nobody);
  });

  it("lets every account write only its own profile", async () => {
    const { directory: contract, first, second } = await loadFixture(directory);
    await contract.connect(first).setProfile({ name: "first", site: "", contact: "" });
    await contract.connect(second).setProfile({ name: "second", site: "", contact: "" });
    expect((await contract.profileOf(first)).name).to.equal("first");
  });

  it("accepts 512 bytes in all and refuses 513, counted in bytes, not characters", async () => {
    const { directory: contract, first } = await loadFixture(directory);
    expect(await contract.MAX_PROFILE_BYTES()).to.equal(512);
    const full = { name: "é".repeat(100), site: "s".repeat(200), contact: "c".repeat(112) };
    await contract.connect(first).setProfile(full);
    expect(await contract.profileOf(first)).to.deep.equal(Object.values(full));
    for (const field of ["name", "site", "contact"] as const) {
      await expect(contract.connect(first).setProfile({ ...full, [field]: `${full[field]}x` }))
        .to.be.revertedWithCustomError(contract, "ProfileTooLong")
        .withArgs(513, 512);
    }
  });
});

describe("Directory.setEndpoint", () => {
  it("stores an account's endpoint for everyone to read, and emits an event when it changes", async () => {
    const { directory: contract, first, second } = await loadFixture(directory);
    expect(await contract.endpointOf(first)).to.equal("");
    for (const endpoint of [ENDPOINT, "http://10.0.0.7", `https://${"long.".repeat(40)}example`]) {
      await expect(contract.connect(first).setEndpoint(endpoint))
        .to.emit(contract, "EndpointSet")
        .withArgs(first.address, endpoint);
      expect(await contract.endpointOf(first)).to.equal(endpoint);
    }
    expect(await contract.endpointOf(second)).to.equal("");
  });

  it("lets every account write only its own endpoint", async () => {
    const { directory: contract, first, second } = await loadFixture(directory);
    await contract.connect(first).setEndpoint(ENDPOINT);
    await contract.connect(second).setEndpoint("https://another.example");
    expect(await contract.endpointOf(first)).to.equal(ENDPOINT);
    expect(await contract.endpointOf(second)).to.equal("https://another.example");
  });

  it("removes an endpoint that is set to an empty text", async () => {
    const { directory: contract, first } = await loadFixture(directory);
    await contract.connect(first).setEndpoint(ENDPOINT);
    await expect(contract.connect(first).setEndpoint("")).to.emit(contract, "EndpointSet").withArgs(first.address, "");
    expect(await contract.endpointOf(first)).to.equal("");
  });

  it("accepts 256 bytes and refuses 257, counted in bytes, not characters", async () => {
    const { directory: contract, first } = await loadFixture(directory);
    expect(await contract.MAX_ENDPOINT_BYTES()).to.equal(256);
    await contract.connect(first).setEndpoint("é".repeat(128));
    expect(await contract.endpointOf(first)).to.equal("é".repeat(128));
    for (const [endpoint, bytes] of [
      ["x".repeat(257), 257],
      ["é".repeat(129), 258],
    ] as const) {
      await expect(contract.connect(first).setEndpoint(endpoint))
        .to.be.revertedWithCustomError(contract, "EndpointTooLong")
        .withArgs(bytes, 256);
    }
  });
});
