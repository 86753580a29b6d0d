/** What it costs that a quorum of the stake signs a settlement. */
import { type Address, type Hex, keccak256, toBytes } from "viem";
import { privateKeyToAddress, serializeSignature, sign } from "viem/accounts";
import { type Settlement } from "../../../core/settlement";
import { gasOf, type GasStage, note, undone } from "./gasNetwork";
import { registerValidator } from "./peopleGas";
import { nextSettlement, prepareSettling, settle, settleAlone, SETTLEMENTS_TO_STEADY } from "./settlementGas";

interface Validator {
  readonly key: Hex;
  readonly address: Address;
}

const validators: readonly Validator[] = Array.from({ length: 100 }, (_, i) => {
  const key = keccak256(toBytes(`validator ${i}`));
  return { key, address: privateKeyToAddress(key) };
});

/** How many validators are active, and how many of them sign: just two thirds. */
const SIZES = [
  [10, 7],
  [32, 22],
  [100, 67],
] as const;

const LARGEST_TARGET = 1_200_000;
const SIGNATURE_TARGET = 10_000;
const ACTIVE_TARGET = 4_000;

/** Signed settlements by active validators, and one alone, each in the steady state; the keeper waits for a quorum first. */
export async function measureQuorum(stage: GasStage): Promise<void> {
  await prepareSettling(stage);
  for (let settled = 1; settled < SETTLEMENTS_TO_STEADY; settled++) await settle(stage);
  const gas = new Map<number, number>();
  for (const [active, signing] of SIZES) {
    await becomeActive(stage, active);
    gas.set(active, await undone(stage, () => settleSigned(stage, signing)));
    const target = active === 100 ? LARGEST_TARGET : undefined;
    note(
      stage,
      { name: "settle signed: just two thirds, by active validators", size: active, target },
      gas.get(active)!,
    );
  }
  const all = await undone(stage, () => settleSigned(stage, 100));
  const each = (all - gas.get(100)!) / (100 - 67);
  const unit = "gas each";
  note(
    stage,
    { name: "settle signed: a further signature", size: 100, unit, target: SIGNATURE_TARGET },
    Math.ceil(each),
  );
  const ofActive = (gas.get(100)! - gas.get(32)! - (67 - 22) * each) / (100 - 32);
  note(
    stage,
    { name: "settle signed: an active validator", size: 100, unit, target: ACTIVE_TARGET },
    Math.ceil(ofActive),
  );
  note(
    stage,
    { name: "settle alone, after the wait for a quorum", size: 100 },
    await undone(stage, () => settleAlone(stage)),
  );
  await settle(stage);
  const unopened = await undone(stage, () => settleSigned(stage, 67));
  note(stage, { name: "settle signed: just two thirds, nobody opened the epoch", size: 100 }, unopened);
}

/** How many validators are active in the next epoch to settle, which has begun and is open. */
async function becomeActive(stage: GasStage, count: number): Promise<void> {
  const { connection, accounts } = stage;
  const { staking, blockRewards } = connection.contracts;
  const seated = await staking.read.seatedAt([await staking.read.nextEpoch()]);
  for (const [i, { address }] of validators.slice(seated.length, count).entries()) {
    await registerValidator(stage, address, accounts[10 + (i % 10)]!);
  }
  for (let epoch = 0; epoch < 2; epoch++) await settle(stage);
  await gasOf(connection, accounts[1]!, { ...blockRewards, functionName: "openEpoch", args: [] });
}

/** Settles the next epoch with the signatures of this many validators; anybody sends it. */
async function settleSigned(stage: GasStage, signing: number): Promise<number> {
  const { connection, accounts } = stage;
  const { settlementQuorum } = connection.contracts;
  const settlement = await nextSettlement(stage);
  const args = [settlement, ...(await signedBy(stage, settlement, validators.slice(0, signing)))] as const;
  return gasOf(connection, accounts[1]!, { ...settlementQuorum, functionName: "settleEpochSigned", args });
}

async function signedBy(
  { connection }: GasStage,
  settlement: Settlement,
  signing: readonly Validator[],
): Promise<readonly [validators: readonly Address[], positions: readonly bigint[], signatures: readonly Hex[]]> {
  const { settlementQuorum } = connection.contracts;
  const hash = await settlementQuorum.read.settlementDigest([settlement]);
  const [line] = await settlementQuorum.read.signersOf([settlement.epoch]);
  const ascending = [...signing].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signatures = ascending.map(async ({ key: privateKey }) => serializeSignature(await sign({ hash, privateKey })));
  return [
    ascending.map(({ address }) => address),
    ascending.map(({ address }) => BigInt(line.indexOf(address))),
    await Promise.all(signatures),
  ];
}
