import { expect } from "chai";
import { Budgets, clientOf } from "../../scripts/api/http";

describe("A client of the API", () => {
  for (const [address, client] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:c000:207", "192.0.2.7"],
    ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:0DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
  ] as const) {
    it(`with the address ${address} counts as ${client}`, () => {
      expect(clientOf(address)).to.equal(client);
    });
  }
});

describe("A client's budget", () => {
  let now = 0;
  const budgets = (perMinute: number) => new Budgets(perMinute, () => now);

  it("allows a minute's worth of requests at once, and then refills over time", () => {
    const four = budgets(4);
    expect([1, 2, 3, 4, 5].map(() => four.spend("a", 1))).to.deep.equal([0, 0, 0, 0, 15]);
    now += 14_999;
    expect(four.spend("a", 1)).to.equal(1);
    now += 1;
    expect([four.spend("a", 1), four.spend("a", 1)]).to.deep.equal([0, 15]);
  });

  it("is separate for each client", () => {
    const one = budgets(1);
    expect([one.spend("a", 1), one.spend("b", 1), one.spend("a", 1)]).to.deep.equal([0, 0, 60]);
  });

  it("shrinks by what a request costs; one that costs more than the whole budget uses all of it", () => {
    const ten = budgets(10);
    expect([ten.spend("a", 6), ten.spend("a", 6), ten.spend("a", 4)]).to.deep.equal([0, 12, 0]);
    expect([ten.spend("b", 20), ten.spend("b", 1)]).to.deep.equal([0, 6]);
  });

  it("never exceeds a minute's worth, however long the client was idle", () => {
    const two = budgets(2);
    two.spend("a", 1);
    now += 59_999;
    expect([1, 2, 3].map(() => two.spend("a", 1))).to.deep.equal([0, 0, 30]);
  });

  it("is forgotten when the client stops asking; memory is bounded for any number of clients", () => {
    const many = budgets(2);
    for (let i = 0; i < 60_000; i++) many.spend(`client ${i}`, 1);
    expect(many.clients).to.be.at.most(50_001);
    now += 60_000;
    many.spend("a", 1);
    expect(many.clients).to.equal(1);
  });
});
