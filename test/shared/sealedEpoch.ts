import { deployRegistries, goTo, joinAsValidator, type Registries } from "./deployRegistries";

/** Stakes from smallest to largest; the smallest expects a 32nd of the slots. */
export const STAKES_MDT = [32n, 33n, 64n, 100n, 150n, 200n, 444n];

/** A network in epoch 0, with leaders drawn by these stakes. */
export async function openAndSeal(stakesMdt: readonly bigint[], slotsPerEpoch: number): Promise<Registries> {
  const registries = await deployRegistries({ slotsPerEpoch, maximumSeats: 100 });
  for (const [i, stakeMdt] of stakesMdt.entries()) await joinAsValidator(registries, registries.people[i]!, stakeMdt);
  await goTo(registries, 0);
  await registries.blockRewards.openEpoch();
  await registries.blockRewards.sealEpoch();
  return registries;
}
