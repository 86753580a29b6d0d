import { expect } from "chai";
import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, getAddress, numberToHex, type PublicClient } from "viem";
import { minerIdOf, UnknownMinerError } from "../../scripts/actions/miners";
import { parseScores } from "../../scripts/actions/scoreFiles";
import { accountParam } from "../../scripts/api/questions";
import { type Connection } from "../../scripts/chain/connection";
import { SignerError, signerOf } from "../../scripts/chain/signer";
import { parseAddress } from "../../scripts/commands/parameters";
import { configDirectory } from "../../scripts/config/folders";
import { parseNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { addressProblem, hasBothCases } from "../../scripts/core/address";
import { readEpochInput } from "../../scripts/core/epochInput/readEpochInput";
import { writeEpochInput } from "../../scripts/core/epochInput/writeEpoch";
import { openChecksums, parseDomain } from "../../scripts/core/rewardTree/rewardJson";
import { readRewards } from "../../scripts/keeper/archive/treeFile";
import { readAddress } from "../../scripts/page/actions/form";
import { epochInputs, miner } from "../shared/epochInputs";
import { rejection } from "../shared/rejection";

const localJson = JSON.parse(readFileSync(join(configDirectory, "local.json"), "utf8")) as object;

const right = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const upper = `0x${right.slice(2).toUpperCase()}`;
/** The same address with its last C typed as a d. */
const wrong = "0x70997970C51812dc3A010C7d01b50e0d17dc79d8";
const sentence = "the case of its letters doesn't match its checksum (EIP-55), so at least one character is wrong";

const addresses = fc.bigInt(0n, 2n ** 160n - 1n).map((number) => getAddress(numberToHex(number, { size: 20 })));

describe("An address that someone enters", () => {
  let folder: string;
  /** A reader that isn't used if an option is refused. */
  const nobody = undefined as unknown as PublicClient;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "addresses-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const listOf = (account: string): string => {
    const path = join(folder, "rewards.json");
    writeFileSync(path, JSON.stringify([[account, "1"]]));
    return path;
  };
  const listed = { account: right as Address, minerId: 1, activeFromEpoch: 0n };

  const places: Readonly<Record<string, (address: string) => unknown>> = {
    "an option": (address) => parseAddress("keeper", address),
    "a Treasury": (address) => parseDomain("1", address),
    "a list of rewards": async (address) => [...(await readRewards(listOf(address)))],
    "a file of scores": (address) => parseScores({ [address]: 1 }, [listed]),
    "a network's configuration": (address) => parseNetworkConfig("local", { ...localJson, dao: address }),
    "an epoch's inputs": (address) => {
      return readEpochInput(writeEpochInput(epochInputs({ miners: [miner(address as Address, 1n)] })));
    },
    "a path of the API": (address) => accountParam.parse({ address }),
    "a form of the page": readAddress,
  };
  for (const [place, read] of Object.entries(places)) {
    it(`may have no checksum or a right one in ${place}; a wrong one is refused`, async () => {
      for (const address of [right, right.toLowerCase(), upper]) await read(address);
      const error = await Promise.resolve(wrong)
        .then(read)
        .then(
          () => undefined,
          (refused: unknown) => refused as Error,
        );
      expect(error?.message).to.include(sentence);
    });
  }

  it("is refused with a wrong checksum as the sender and as a miner, before the chain is read", async () => {
    const sender = await rejection<Error>(signerOf(nobody, wrong, {}), SignerError);
    expect(sender.message).to.equal(`--from must be a valid address, not "${wrong}": ${sentence}.`);
    const named = await rejection<Error>(minerIdOf({ contracts: {} } as Connection, wrong), UnknownMinerError);
    expect(named.message).to.equal(`The miner must be a valid address, not "${wrong}": ${sentence}.`);
  });

  it("is quoted only in part if it is long", () => {
    const quoted = `${"0x".padEnd(60, "1")}…`;
    expect(addressProblem("0x".padEnd(1_000, "1"))).to.equal(
      `must be an address: 0x and 40 hexadecimal digits, not "${quoted}"`,
    );
  });

  it("is refused if any letter has the wrong case, alone or in a list", async () => {
    const judge = await openChecksums();
    const passes = (account: string): boolean => {
      try {
        return [...judge([{ account: account as Address, cumulativeWei: 1n }])].length === 1;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(addresses, fc.nat(39), (address, at) => {
        const i = at + 2;
        const letter = address[i]!;
        const flipped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        const typed = address.slice(0, i) + flipped + address.slice(i + 1);
        const isRight = typed === address || !hasBothCases(typed);
        expect([passes(address), passes(typed)]).to.deep.equal([true, isRight]);
        expect([addressProblem(address), addressProblem(typed) === undefined]).to.deep.equal([undefined, isRight]);
      }),
    );
  });

  it("is reported with its position in a list of rewards", async () => {
    const path = join(folder, "list.json");
    writeFileSync(
      path,
      JSON.stringify([
        [right, "1"],
        [wrong, "2"],
      ]),
    );
    const list = await readRewards(path);
    expect(() => [...list]).to.throw(`Reward 2 of the list, account ${wrong}: ${sentence}.`);
  });
});
