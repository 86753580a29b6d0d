import { expect } from "chai";
import { artifacts } from "hardhat";
import { type Address, createWalletClient, type Hex, maxUint256, parseAbi } from "viem";
import { transact } from "../../scripts/chain/transact";
import { type RunningKeeper } from "../keeper/run/runningKeeper";
import { accountOf, type Behaviour } from "../shared/signingNodes";
import { type Stage } from "../shared/signingStage";

/**
 * Settlements with a validator that signs by a contract that withdraws its approval, on a chain whose next epochs are long due.
 * @param refuse How a node behaves that signs nothing.
 */
export function standsFickleSigners(staged: () => Stage, refuse: Behaviour): void {
  let stage: Stage;
  before(() => {
    stage = staged();
  });

  /** Has the lightest validator sign by a fickle contract, and the second one sign nothing. */
  async function withFickle(mostGas: bigint): Promise<Address> {
    const { connection } = stage.world;
    const { abi, bytecode } = await artifacts.readArtifact("FickleWallet");
    const account = accountOf(1).address;
    const wallet = createWalletClient({ account, transport: connection.transport });
    const hash = await wallet.deployContract({ abi, bytecode: bytecode as Hex, args: [mostGas], chain: null });
    const { contractAddress } = await connection.reader.waitForTransactionReceipt({ hash });
    const { staking } = connection.contracts;
    await transact(connection, account, { ...staking, functionName: "setOperator", args: [contractAddress!] });
    stage.behaveHonestly();
    stage.nodes[1]!.behave(refuse);
    return contractAddress!;
  }

  /** Expects the relay to report that it omits the contract's validator, to wait for the second one, and to settle with it. */
  async function expectWithoutFickle(relay: RunningKeeper, epoch: number): Promise<void> {
    await relay.until("quorumMissing");
    const fickle = accountOf(1).address;
    const sentences = relay.told("failed").map(({ reason }) => reason);
    expect(sentences).to.include(
      `The operator contract of ${fickle} withdrew its approval: the keeper settles the epoch without its signature`,
    );
    const { missing } = relay.told("quorumMissing").at(-1)!;
    expect(missing.find(({ validator }) => validator === fickle)?.reason).to.equal(
      "has an operator contract that withdrew its approval when the settlement was sent",
    );
    stage.behaveHonestly();
    await relay.until("mined");
    expect(await stage.signersOf(epoch)).to.deep.equal([2, 3, 4].map((i) => accountOf(i).address).toSorted(byNumber));
  }

  it("are made without a contract's signature that was valid at the rehearsal, but not when it was mined", async () => {
    const { connection, node } = stage.world;
    const epoch = await stage.nextEpoch();
    const contract = await withFickle(maxUint256);
    await node.control.setAutomine(false);
    const relay = await stage.startRelay(12);
    await relay.until("sent");
    const wallet = createWalletClient({ account: accountOf(15).address, transport: connection.transport });
    // It pays more than the relay, so that it comes first.
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 12n };
    const call = {
      address: contract,
      abi: parseAbi(["function flip()"]),
      functionName: "flip",
      gas: 100_000n,
    } as const;
    await wallet.writeContract({ ...call, ...fees, chain: null });
    await node.control.mine({ blocks: 1 });
    await node.control.setAutomine(true);
    await expectWithoutFickle(relay, epoch);
    expect(relay.told("failed").map(({ reason }) => reason)).to.include(
      "another transaction used the nonce of the settlement, and the epoch is not settled",
    );
  });

  it("are made without a contract's signature that is valid when it is gathered, but not at the rehearsal", async () => {
    const epoch = await stage.nextEpoch();
    await withFickle(2_000_000n);
    const relay = await stage.startRelay(12);
    await expectWithoutFickle(relay, epoch);
    expect(relay.told("sent").filter((sent) => sent.epoch === epoch)).to.have.length(1);
  });
}

const byNumber = (a: Address, b: Address): number => (BigInt(a) < BigInt(b) ? -1 : 1);
