import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { goTo, MDT, nextBlockAt } from "../../shared/deployRegistries";
import {
  DIGIT,
  FEE_WEI,
  IMAGE,
  MODEL,
  networkWith,
  proofOf,
  PROVEN,
  provenNetwork,
  publicInputsOf,
  type Statement,
} from "../../shared/provenTasks";
import { COMPLETED, EASY, INPUT, LATE_MINER, MINER, OPEN, RESULT } from "../../shared/taskNetwork";

/** The order of BN254's scalar field, as EIP-197 states it. */
const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const VERIFIER = ethers.getAddress(`0x${"5e".repeat(20)}`);

function hash32(value: bigint): string {
  return ethers.toBeHex(value, 32);
}

function bytesOf(count: number): string {
  return ethers.hexlify(Uint8Array.from({ length: count }, (_, i) => 255 - (i % 251)));
}

describe("Task types that need a proof", () => {
  it("have a verifier and a model, which `setTaskType` doesn't change", async () => {
    const { taskRegistry, governor, verifier } = await loadFixture(provenNetwork);
    expect((await taskRegistry.taskTypes())[PROVEN]).to.deep.equal([10_000, true, FEE_WEI, verifier, MODEL]);
    await expect(taskRegistry.connect(governor).setTaskType(PROVEN, 1, MDT, false))
      .to.emit(taskRegistry, "TaskTypeSet")
      .withArgs(PROVEN, 1, MDT, false, verifier, MODEL);
    expect((await taskRegistry.taskTypes())[PROVEN]).to.deep.equal([1, false, MDT, verifier, MODEL]);
  });

  it("still need a proof after a change of their difficulty and fee", async () => {
    const { taskRegistry, governor, asMiner, submit } = await loadFixture(provenNetwork);
    await taskRegistry.connect(governor).setTaskType(PROVEN, 1, MDT, true);
    await submit();
    await expect(asMiner.completeTask(2, RESULT, "0x"))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRequired")
      .withArgs(2, PROVEN);
  });

  it("can only have a model hash below the order of the field", async () => {
    const { taskRegistry, governor } = await loadFixture(provenNetwork);
    const asGovernor = taskRegistry.connect(governor);
    await expect(asGovernor.addTaskType(1, MDT, VERIFIER, hash32(FIELD_ORDER)))
      .to.be.revertedWithCustomError(taskRegistry, "ModelHashOutOfRange")
      .withArgs(hash32(FIELD_ORDER), FIELD_ORDER);
    await expect(asGovernor.addTaskType(1, MDT, VERIFIER, hash32(FIELD_ORDER - 1n)))
      .to.emit(taskRegistry, "TaskTypeSet")
      .withArgs(4, 1, MDT, true, VERIFIER, hash32(FIELD_ORDER - 1n));
  });

  for (const [name, verifier, model] of [
    ["a verifier without a model", VERIFIER, ethers.ZeroHash],
    ["a model without a verifier", ethers.ZeroAddress, MODEL],
  ] as const) {
    it(`can't have ${name}`, async () => {
      const { taskRegistry, governor } = await loadFixture(provenNetwork);
      await expect(taskRegistry.connect(governor).addTaskType(1, MDT, verifier, model))
        .to.be.revertedWithCustomError(taskRegistry, "IncompleteProofRule")
        .withArgs(verifier, model);
    });
  }
});

describe("TaskRegistry: a task that needs a proof", () => {
  it("is completed by its miner with the result, which the event contains", async () => {
    const { taskRegistry, asMiner, statement, token } = await loadFixture(provenNetwork);
    const proof = proofOf(publicInputsOf(statement));
    const completing = asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proof);
    await expect(completing)
      .to.emit(taskRegistry, "TaskCompleted")
      .withArgs(1, MINER, 0, ethers.keccak256(DIGIT), FEE_WEI / 2n, FEE_WEI / 2n, DIGIT);
    await expect(completing).to.changeTokenBalance(token, taskRegistry, -FEE_WEI);
    expect((await taskRegistry.taskOf(1)).status).to.equal(COMPLETED);
  });

  it("adds its fee to all the miner's fees, and also to the proven ones", async () => {
    const { taskRegistry, asMiner, statement, submit } = await loadFixture(provenNetwork);
    await submit(IMAGE, { typeId: EASY, feeWei: 3n * MDT });
    await asMiner.completeTask(2, RESULT, "0x");
    expect(await taskRegistry.minerWork(0, MINER, 1)).to.deep.equal([[1, 3n * MDT, 0]]);
    await asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proofOf(publicInputsOf(statement)));
    expect(await taskRegistry.minerWork(0, MINER, 1)).to.deep.equal([[2, 3n * MDT + FEE_WEI, FEE_WEI]]);
    expect(await taskRegistry.epochTasks(0)).to.deep.equal([2, 11_000]);
  });

  it("counts for the next epoch if it is completed in the closing slots, in both sums of fees", async () => {
    const registries = await loadFixture(provenNetwork);
    const { taskRegistry, asMiner, statement } = registries;
    await nextBlockAt(registries, 0, 8);
    await asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proofOf(publicInputsOf(statement)));
    expect(await taskRegistry.minerWork(0, MINER, 1)).to.deep.equal([[0, 0, 0]]);
    expect(await taskRegistry.minerWork(1, MINER, 1)).to.deep.equal([[1, FEE_WEI, FEE_WEI]]);
  });

  it("can't be completed without a proof, and other tasks can't be completed with one", async () => {
    const { taskRegistry, asMiner, submit } = await loadFixture(provenNetwork);
    await submit(IMAGE, { typeId: EASY });
    await expect(asMiner.completeTask(1, ethers.keccak256(DIGIT), DIGIT))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRequired")
      .withArgs(1, PROVEN);
    await expect(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x"))
      .to.be.revertedWithCustomError(taskRegistry, "ProofNotAskedFor")
      .withArgs(2, EASY);
  });

  it("is subject to the same checks as in `completeTask`", async () => {
    const registries = await loadFixture(provenNetwork);
    const { taskRegistry, asMiner, lateMiner, miner, stranger, statement, submit } = registries;
    const proof = proofOf(publicInputsOf(statement));
    const complete = (by: typeof miner, taskId: number) =>
      expect(taskRegistry.connect(by).completeTaskWithProof(taskId, IMAGE, DIGIT, proof)).to.be;
    await complete(miner, 9).revertedWithCustomError(taskRegistry, "UnknownTask").withArgs(9);
    await complete(stranger, 1)
      .revertedWithCustomError(taskRegistry, "NotTaskMiner")
      .withArgs(1, stranger.address, miner.address);
    await submit(IMAGE, { minerId: LATE_MINER });
    await complete(lateMiner, 2).revertedWithCustomError(taskRegistry, "MinerNotActive").withArgs(LATE_MINER, 1, 0);
    await asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proof);
    await complete(miner, 1).revertedWithCustomError(taskRegistry, "TaskNotOpen").withArgs(1, COMPLETED);
    const deadline = await nextBlockAt(registries, 2);
    await complete(lateMiner, 2)
      .revertedWithCustomError(taskRegistry, "DeadlinePassed")
      .withArgs(2, deadline, deadline);
  });

  it("has its input hash stored until it is completed or refunded, unlike other tasks", async () => {
    const registries = await loadFixture(provenNetwork);
    const { taskRegistry, asMiner, statement, submit } = registries;
    await submit(IMAGE, { typeId: EASY });
    await submit(DIGIT, { carried: DIGIT });
    const hashes = () => Promise.all([1, 2, 3].map((taskId) => taskRegistry.inputHashOf(taskId)));
    expect(await hashes()).to.deep.equal([ethers.keccak256(IMAGE), ethers.ZeroHash, ethers.keccak256(DIGIT)]);
    await asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proofOf(publicInputsOf(statement)));
    await goTo(registries, 2);
    await taskRegistry.refundTask(3);
    expect(await hashes()).to.deep.equal([ethers.ZeroHash, ethers.ZeroHash, ethers.ZeroHash]);
  });

  it("can be completed with others in one transaction, all or none", async () => {
    const { taskRegistry, asMiner, statement, submit } = await loadFixture(provenNetwork);
    await submit(DIGIT);
    await submit(INPUT, { typeId: EASY });
    const { interface: abi } = taskRegistry;
    const completion = (taskId: number, input: string, proven: Statement) =>
      abi.encodeFunctionData("completeTaskWithProof", [taskId, input, DIGIT, proofOf(publicInputsOf(proven))]);
    const calls = [
      completion(1, IMAGE, statement),
      abi.encodeFunctionData("completeTask", [3, RESULT, "0x"]),
      completion(2, DIGIT, { ...statement, taskId: 2, input: DIGIT }),
    ];
    await expect(asMiner.multicall([...calls.slice(0, 2), completion(2, DIGIT, statement)]))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
      .withArgs(2);
    await asMiner.multicall(calls);
    expect(await taskRegistry.minerWork(0, MINER, 1)).to.deep.equal([[3, 3n * FEE_WEI, 2n * FEE_WEI]]);
  });
});

describe("TaskRegistry: the public inputs of a proof", () => {
  for (const [inputBytes, resultBytes] of [
    [1, 0],
    [0, 1],
    [30, 31],
    [31, 32],
    [32, 30],
    [62, 63],
    [4_030, 0],
    [3_999, 31],
    [1, 3_999],
  ] as const) {
    it(`are words of 31 bytes, for ${inputBytes} bytes of input and ${resultBytes} of result`, async () => {
      const { asMiner, taskRegistry, statement, submit } = await loadFixture(provenNetwork);
      const [input, result] = [bytesOf(inputBytes), bytesOf(resultBytes)];
      await submit(input);
      const values = publicInputsOf({ ...statement, taskId: 2, input, result });
      await asMiner.completeTaskWithProof(2, input, result, proofOf(values));
      expect((await taskRegistry.taskOf(2)).status).to.equal(COMPLETED);
    });
  }

  it("are at most 132", async () => {
    const { asMiner, taskRegistry, submit } = await loadFixture(provenNetwork);
    expect(await taskRegistry.MAX_PUBLIC_INPUTS()).to.equal(132);
    for (const [taskId, inputBytes, resultBytes] of [
      [2, 4_031, 0],
      [3, 4_000, 31],
      [4, 0, 4_031],
    ] as const) {
      const input = bytesOf(inputBytes);
      await submit(input);
      await expect(asMiner.completeTaskWithProof(taskId, input, bytesOf(resultBytes), "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "TooManyPublicInputs")
        .withArgs(133, 132);
    }
  });

  it("don't distinguish a result from one with zeros appended in its last word", async () => {
    const { asMiner, taskRegistry, statement } = await loadFixture(provenNetwork);
    const padded = `${DIGIT}${"00".repeat(30)}`;
    const proof = proofOf(publicInputsOf(statement));
    await expect(asMiner.completeTaskWithProof(1, IMAGE, `${padded}00`, proof))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
      .withArgs(1);
    await asMiner.completeTaskWithProof(1, IMAGE, padded, proof);
  });

  const others: readonly (readonly [name: string, other: Partial<Statement>])[] = [
    ["another chain", { chainId: 1n }],
    ["another registry", { registry: VERIFIER }],
    ["another task", { taskId: 2 }],
    ["another miner", { minerId: LATE_MINER }],
    ["another model", { model: `0x00${"5a".repeat(30)}5b` }],
    ["another input", { input: `0x${"a5".repeat(48)}a4` }],
    ["another result", { result: "0x06" }],
  ];
  for (const [name, other] of others) {
    it(`bind the proof: one for ${name} is refused`, async () => {
      const { asMiner, taskRegistry, statement } = await loadFixture(provenNetwork);
      const proof = proofOf(publicInputsOf({ ...statement, ...other }));
      await expect(asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proof))
        .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
        .withArgs(1);
      expect((await taskRegistry.taskOf(1)).status).to.equal(OPEN);
    });
  }

  it("bind a proof to one task: it is refused for another with the same input, and from a miner that copies it", async () => {
    const registries = await loadFixture(provenNetwork);
    const { asMiner, taskRegistry, statement, submit, lateMiner } = registries;
    const proof = proofOf(publicInputsOf(statement));
    await submit();
    await submit(IMAGE, { minerId: LATE_MINER });
    await goTo(registries, 1);
    const refused = (completing: Promise<unknown>, taskId: number) =>
      expect(completing).to.be.revertedWithCustomError(taskRegistry, "ProofRefused").withArgs(taskId);
    await refused(taskRegistry.connect(lateMiner).completeTaskWithProof(3, IMAGE, DIGIT, proof), 3);
    await asMiner.completeTaskWithProof(1, IMAGE, DIGIT, proof);
    await refused(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, proof), 2);
  });

  it("must include the input that the client submitted", async () => {
    const { asMiner, taskRegistry, statement } = await loadFixture(provenNetwork);
    const input = `0x${"a5".repeat(48)}a4`;
    await expect(asMiner.completeTaskWithProof(1, input, DIGIT, proofOf(publicInputsOf({ ...statement, input }))))
      .to.be.revertedWithCustomError(taskRegistry, "HashMismatch")
      .withArgs(ethers.keccak256(IMAGE), ethers.keccak256(input));
  });

  it("don't match a proof with a changed bit, an added byte, a missing byte, or no bytes", async () => {
    const { asMiner, taskRegistry, statement } = await loadFixture(provenNetwork);
    const proof = proofOf(publicInputsOf(statement));
    const flipped = (bit: bigint) => hash32(BigInt(proof) ^ (1n << bit));
    for (const wrong of [flipped(0n), flipped(128n), flipped(255n), `${proof}00`, proof.slice(0, -2), "0x"]) {
      await expect(asMiner.completeTaskWithProof(1, IMAGE, DIGIT, wrong))
        .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
        .withArgs(1);
    }
  });
});

describe("TaskRegistry: a verifier that", () => {
  /** What the verifier does, in the order of `HostileVerifier.Way`, and whether it is believed. */
  const ways = [
    ["accepts anything", true],
    ["accepts after 1,500,000 gas", true],
    ["returns false", false],
    ["reverts", false],
    ["reverts with the word for true", false],
    ["reverts with 700,000 bytes", false],
    ["burns all its gas", false],
    ["returns nothing", false],
    ["returns 2", false],
    ["returns 31 bytes", false],
    ["returns 64 bytes", false],
    ["returns 700,000 bytes", false],
    ["writes to its storage", false],
  ] as const;

  async function withHostile(way: number) {
    return networkWith(() => ethers.deployContract("HostileVerifier", [way]));
  }

  for (const [way, [name, accepts]] of ways.entries()) {
    it(`${name} ${accepts ? "is believed" : "refuses the proof"}, and costs its caller at most 2,200,000 gas`, async () => {
      const { asMiner, taskRegistry } = await withHostile(way);
      const completing = () => asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x", { gasLimit: 2_200_000 });
      if (accepts) await completing();
      else await expect(completing()).to.be.revertedWithCustomError(taskRegistry, "ProofRefused").withArgs(2);
      expect((await taskRegistry.taskOf(2)).status).to.equal(accepts ? COMPLETED : OPEN);
    });
  }

  for (const [name, address] of [
    ["has no code", VERIFIER],
    ["is a precompile that hashes", "0x0000000000000000000000000000000000000002"],
    ["is a precompile that returns its input", "0x0000000000000000000000000000000000000004"],
  ] as const) {
    it(`${name} refuses the proof`, async () => {
      const { asMiner, taskRegistry } = await networkWith(() => Promise.resolve(address));
      await expect(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
        .withArgs(2);
    });
  }

  it("tries to destroy itself refuses the proof", async () => {
    const [deployer] = await ethers.getSigners();
    // Its code is 0x5fff, SELFDESTRUCT to address 0, written by hand because Solidity warns about it.
    const { asMiner, taskRegistry } = await networkWith(async () => {
      const deployed = await deployer!.sendTransaction({ data: "0x615fff5f526002601ef3" });
      return (await deployed.wait())!.contractAddress!;
    });
    await expect(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x"))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
      .withArgs(2);
  });

  it("is the registry itself refuses the proof", async () => {
    const { asMiner, taskRegistry } = await networkWith(({ taskRegistry: itself }) => Promise.resolve(itself));
    await expect(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x"))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
      .withArgs(2);
  });

  it("gets too little gas refuses the proof, which the next transaction can still use", async () => {
    const { asMiner, taskRegistry } = await withHostile(1);
    expect(await taskRegistry.MAX_PROOF_GAS()).to.equal(2_000_000);
    await expect(asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x", { gasLimit: 1_000_000 }))
      .to.be.revertedWithCustomError(taskRegistry, "ProofRefused")
      .withArgs(2);
    await asMiner.completeTaskWithProof(2, IMAGE, DIGIT, "0x");
    expect((await taskRegistry.taskOf(2)).status).to.equal(COMPLETED);
  });
});
