import { expect } from "chai";
import { actions } from "../../../scripts/page/actions/actions";
import { readRoute } from "../../../scripts/page/routes";

describe("Every action of the page", () => {
  for (const { id, next } of actions) {
    it(`${id} names what to do next, with a link to a view that the page has`, () => {
      expect(next.sentence).to.match(/^[A-Z].{15,}[^.]\.$/);
      const { id: view, rest } = readRoute(next.hash);
      expect(`#/${[view, ...rest].join("/")}`).to.equal(next.hash);
      if (view === "do") expect(actions.map((action) => action.id)).to.include(rest[0]);
    });
  }
});

describe("The page's address", () => {
  it("leads to a view with its parameters, and to the network with a notice if the view is unknown", () => {
    expect(readRoute("#/mine/0x%31")).to.deep.equal({ id: "mine", rest: ["0x1"] });
    expect(readRoute("")).to.deep.equal({ id: "network", rest: [] });
    expect(readRoute("#/stake/1")).to.deep.equal({ id: "network", rest: [], unknown: "stake" });
  });
});
