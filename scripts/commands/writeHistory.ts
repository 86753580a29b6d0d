import { getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { openArchive } from "../keeper/archive/openArchive";
import { explainEpochs } from "../keeper/settle/explainedEpochs";
import { epochsReport } from "../show/report/epochsReport";
import { writeReport } from "../page/serve/writeReport";
import { provenWork } from "../views/provenWork";

/** Writes the report on every epoch that a network has settled to a file. */
export async function writeHistory(connection: Connection, path: string): Promise<void> {
  const { choices, addresses } = connection.deployment;
  const chainId = await connection.reader.getChainId();
  await writeReport(
    path,
    epochsReport({
      title: "ModernTensor, epoch by epoch",
      subtitle: `Network ${choices.network} · chain ${chainId} · Treasury ${addresses.Treasury}`,
      epochs: await explainEpochs(connection, await openArchive(connection)),
      nameOf: (account) => getAddress(account),
      titleOf: () => undefined,
      provenOf: await provenWork(connection),
    }),
  );
}
