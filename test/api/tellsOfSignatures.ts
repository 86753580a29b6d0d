import { expect } from "chai";
import { quorumAnswer } from "../../scripts/api/schemas/epochs";
import { readElectorate } from "../../scripts/keeper/quorum/electorate";
import { prepareSettlement } from "../../scripts/keeper/settle/settleEpoch";
import { type Settlement } from "../../scripts/core/settlement";
import { goToDue } from "../integration/world";
import { accountOf, openSigningNode, publish, show, signedAnswer, type SigningNode } from "../shared/signingNodes";
import { type ServedApi } from "./servedApi";

/** What the API reports about the next epoch to settle, and who has signed it. @param served The API under test. */
export function tellsOfSignatures(served: () => ServedApi): void {
  let epoch: number;
  const nodes: SigningNode[] = [];
  after(() => {
    for (const node of nodes) node.close();
  });

  it("the quorum of an epoch that isn't due: who may sign, the stake needed, and when one may settle alone", async () => {
    const { world, answerOf } = served();
    epoch = Number(await world.connection.contracts.treasury.read.nextEpochToSettle());
    const { neededWei, soloFrom, signers } = await readElectorate(world.connection, epoch);
    const answer = await answerOf("/v1/quorum", quorumAnswer);
    expect(answer).to.deep.include({ epoch, isDue: false, neededWei: String(neededWei), soloFrom, signedWei: null });
    const unasked = { hasSigned: null, reason: null };
    const validators = signers.map(({ validator, stakeWei }) => ({
      validator,
      stakeWei: String(stakeWei),
      ...unasked,
    }));
    expect(answer.validators).to.deep.equal(validators);
  });

  it("the quorum of a due epoch: who signed the settlement with the most stake, and why others didn't", async () => {
    const { world, archive, answerOf } = served();
    const { connection } = world;
    await goToDue(world, epoch);
    const { settlement } = (await prepareSettlement(connection, archive, epoch)).computed;
    const signs = async (index: number, what: Settlement, signer = index) => {
      const account = accountOf(index);
      const node = await openSigningNode(account, async (asked, response) => {
        expect(asked).to.equal(epoch);
        show(response, await signedAnswer(connection, accountOf(signer), what, account.address));
      });
      nodes.push(node);
      await publish(connection, account.address, node.url);
    };
    await signs(1, settlement);
    await signs(2, { ...settlement, emission: 5n });
    await signs(3, settlement, 30);
    const { signers } = await readElectorate(connection, epoch);
    const stakeOf = (index: number) =>
      signers.find(({ validator }) => validator === accountOf(index).address)!.stakeWei;
    const answer = await answerOf("/v1/quorum", quorumAnswer);
    const [most, other] = stakeOf(1) > stakeOf(2) ? [1, 2] : [2, 1];
    expect(answer).to.deep.include({ epoch, isDue: true, signedWei: String(stakeOf(most)) });
    expect(answer.validators.map(({ validator }) => validator)).to.deep.equal(signers.map((one) => one.validator));
    const reasons = Object.fromEntries(answer.validators.map(({ validator, reason }) => [validator, reason]));
    expect(reasons[accountOf(most).address]).to.equal(null);
    expect(reasons[accountOf(other).address]).to.match(/^signed something else: its emission is \d+ instead of \d+$/);
    expect(reasons[accountOf(3).address]).to.equal("sent a signature that is not its operator's");
    expect(reasons[accountOf(4).address]).to.equal("has published no endpoint");
  });

  it("many requests for the quorum lead to only one survey of the validators' nodes", async () => {
    const { newServer } = served();
    const server = await newServer({ surveyMilliseconds: 60_000 });
    const asked = () => nodes.map((node) => node.asked.length);
    const before = asked();
    await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/v1/quorum`)));
    await fetch(`${server.url}/v1/quorum`);
    await server.close();
    expect(asked()).to.deep.equal(before.map((count) => count + 1));
  });
}
