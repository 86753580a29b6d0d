import { expect } from "chai";
import { findChromium, NoChromiumError } from "../shared/chromium";

describe("findChromium", () => {
  it("returns the browser that CHROMIUM_PATH names, or else the first that exists in the usual places", () => {
    expect(findChromium(process.execPath)).to.equal(process.execPath);
    expect(findChromium(undefined, ["/nowhere", process.execPath])).to.equal(process.execPath);
  });

  it("says how to install it if there is none", () => {
    expect(() => findChromium(undefined, ["/nowhere"])).to.throw(
      NoChromiumError,
      'There is no Chromium on this machine: install it with "apt-get install chromium", or name another with CHROMIUM_PATH.',
    );
    expect(() => findChromium("/nowhere")).to.throw(NoChromiumError, "There is no browser at /nowhere: ");
  });
});
