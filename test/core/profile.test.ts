import { expect } from "chai";
import { shownProfile, siteLink } from "../../scripts/core/profile";

const shown = (name: string) => shownProfile({ name, site: "", contact: "" })?.name;

describe("A displayed profile", () => {
  it("has the account's own words", () => {
    const profile = { name: "Ada’s node №2", site: "https://ada.example", contact: "ada@ada.example" };
    expect(shownProfile(profile)).to.deep.equal({ ...profile, name: "Ada’s node No2" });
    expect(shown("<b>Ada</b> & 'co'")).to.equal("<b>Ada</b> & 'co'");
    expect(shown("Узел Ады")).to.equal("Узел Ады");
  });

  it("has no control characters, changes of direction or invisible characters, and fits on one line", () => {
    expect(shown("\u001b[31mAda\u0007\n\t Lovelace\u0000")).to.equal("[31mAda Lovelace");
    expect(shown("\u202eadA\u2066 node\u200b\u200d\ufeff\u00ad")).to.equal("adA node");
    expect(shown("A\u3164d\u2800a\ue000")).to.equal("Ada");
    expect(shown("Z\u0351\u0352\u0353\u0354a")).to.equal("Z\u0353a");
    expect(shown("\u2028 \u00a0")).to.equal(undefined);
  });

  it("marks look-alike letters of mixed scripts, and writes full-width letters as plain ones", () => {
    expect(shown("Аda")).to.equal("Аda (mixed scripts)"); // the first letter is Cyrillic
    expect(shown("Νode")).to.equal("Νode (mixed scripts)"); // the first letter is Greek
    expect(shown("Ａｄａ")).to.equal("Ada");
  });

  it("is cut after 32 characters in the name, and after 200 in the other fields", () => {
    expect(shown("é".repeat(40))).to.equal(`${"é".repeat(32)}…`);
    expect(shown(`${"x".repeat(31)} yz`)).to.equal(`${"x".repeat(31)}…`);
    expect(shownProfile({ name: "", site: "", contact: "c".repeat(201) })?.contact).to.equal(`${"c".repeat(200)}…`);
  });

  it("is null if no visible text is left", () => {
    expect(shownProfile({ name: "", site: "\u202e", contact: " " })).to.equal(null);
  });
});

describe("A profile's site", () => {
  it("is a link if it is https, with its host in ASCII", () => {
    expect(siteLink("https://ada.example/node?x=1")).to.equal("https://ada.example/node?x=1");
    expect(siteLink("https://аda.example")).to.equal("https://xn--da-6kc.example/"); // the first letter is Cyrillic
  });

  it("is plain text if it isn't https, is malformed, or has credentials", () => {
    for (const site of [
      "",
      "ada.example",
      "http://ada.example",
      "javascript:alert(1)",
      "data:text/html,x",
      "https://",
      "https://ada.example/a b",
      "https://bank.example@evil.example",
      "https://:secret@evil.example",
    ]) {
      expect(siteLink(site), site).to.equal(undefined);
    }
  });
});
