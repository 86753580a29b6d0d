import { expect } from "chai";
import { type Connection } from "../../scripts/chain/connection";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";
import { startAnvil } from "../shared/anvil";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

/** A chain client, and how to drop its newest blocks. */
interface Client {
  readonly name: string;
  readonly start: (test: Mocha.Context) => Promise<DevelopmentNode>;
  /** @returns A function that drops the next `depth` blocks, once they are mined. */
  readonly prepare: (node: DevelopmentNode, depth: number) => Promise<() => Promise<void>>;
}

const clients: readonly Client[] = [
  {
    name: "Hardhat's node",
    start: startNode,
    async prepare({ control }) {
      const id = await control.snapshot();
      return () => control.revert({ id });
    },
  },
  {
    name: "anvil",
    start: startAnvil,
    prepare: ({ control }, depth) =>
      Promise.resolve(async () => {
        await control.request({ method: "anvil_rollback", params: [depth] } as never);
      }),
  },
];

for (const { name, start, prepare } of clients) {
  describe(`A reorganisation on ${name}`, () => {
    let node: DevelopmentNode;
    let connection: Connection;
    let keeper: RunningKeeper | undefined;

    before(async function () {
      node = await start(this);
      connection = await node.deploy();
    });

    afterEach(() => keeper?.stop());

    after(() => {
      node.stop();
    });

    for (const depth of [1, 2, 3, 4, 5]) {
      it(`that drops ${depth} blocks including the settlement makes the keeper settle again, once`, async () => {
        const { treasury } = connection.contracts;
        const next = await treasury.read.nextEpochToSettle();
        const epoch = Number(next);
        await node.advanceTo(await treasury.read.revealEnd([next]));
        await node.control.mine({ blocks: 1 });
        const takeBack = await prepare(node, depth);
        const signer = nodeAccount(0);
        keeper = await startTestKeeper(connection, { ...node, signer, confirmations: 1 });
        await keeper.until("mined");
        if (depth > 1) {
          await node.control.mine({ blocks: depth - 1 });
          await keeper.until("final", epoch + 1);
        }
        await takeBack();
        await node.control.mine({ blocks: 1 });
        await keeper.until("mined", 2);
        expect(keeper.told("reorganised")).to.deep.equal([{ kind: "reorganised", epoch }]);
        expect(keeper.told("mined").map((mined) => mined.epoch)).to.deep.equal([epoch, epoch]);
        await node.control.mine({ blocks: 1 });
        await keeper.until("final", depth > 1 ? epoch + 2 : epoch + 1);
        const settled = await readSettledEpochs(connection);
        expect(settled.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal([...Array(epoch + 1).keys()]);
        expect(await verifyEpochs(connection, epoch)).to.include({ kind: "verified", toEpoch: epoch });
      });
    }
  });
}
