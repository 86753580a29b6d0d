import { expect } from "chai";
import { pageLimits } from "../../scripts/api/questions";
import { mostAtOnce, pagePaths } from "../../scripts/page/api";

describe("The page's requests for a long list", () => {
  it("ask for at most as many items at once as the API gives", () => {
    expect(mostAtOnce).to.equal(pageLimits.most);
  });

  it("ask for each item once, and for no item beyond the last one wanted", () => {
    expect(pagePaths("/v1/miners", 0, 200)).to.deep.equal([
      "/v1/miners?from=0&limit=100",
      "/v1/miners?from=100&limit=100",
    ]);
    expect(pagePaths("/v1/epochs", 7, 108)).to.deep.equal([
      "/v1/epochs?from=7&limit=100",
      "/v1/epochs?from=107&limit=1",
    ]);
    expect(pagePaths("/v1/miners?sort=price", 0, 20)).to.deep.equal(["/v1/miners?sort=price&from=0&limit=20"]);
    expect(pagePaths("/v1/epochs", 5, 6)).to.deep.equal(["/v1/epochs?from=5&limit=1"]);
  });

  it("are none for an empty range", () => {
    expect(pagePaths("/v1/epochs", 3, 3)).to.deep.equal([]);
  });
});
