import { expect } from "chai";
import { openScorer, openWorker } from "../../../scripts/nodes/protocol/questions";
import { digitIn } from "../../../scripts/nodes/digits/model";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import { never, patience } from "./asking";

describe("The digits' worker", () => {
  const worker = openWorker("digits", patience);
  const work = (input: Uint8Array) => worker.answer({ taskId: 1, typeId: 0, input, deadline: 1_900_000_000 }, never);

  it("answers an image with the digit that the model sees, in one byte", async () => {
    for (const { image } of digitImages.slice(0, 10)) {
      expect(await work(image)).to.deep.equal({ kind: "result", result: Uint8Array.of(digitIn(image)) });
    }
  });

  it("declines an input that isn't an image", async () => {
    expect(await work(new Uint8Array(50))).to.deep.equal({ kind: "declined", reason: "50 bytes are not an image" });
  });

  it("still answers after it and the digits' scorer are closed", async () => {
    await worker.close();
    await openScorer("digits", patience).close();
    expect(await work(digitImages[0]!.image)).to.have.property("kind", "result");
  });
});
