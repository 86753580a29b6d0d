import { expect } from "chai";
import { actions } from "../../../scripts/page/actions/actions";
import { readRoute } from "../../../scripts/page/routes";

describe("Every action of the page", () => {
  for (const { id, next } of actions) {
    it(`${id} names what to do next, at a place that the page has`, () => {
      expect(next.sentence).to.match(/^[A-Z].{15,}[^.]\.$/);
      const { id: view, rest } = readRoute(next.hash);
      expect(`#/${[view, ...rest].join("/")}`).to.equal(next.hash);
      if (view === "do") expect(actions.map((action) => action.id)).to.include(rest[0]);
    });
  }
});
