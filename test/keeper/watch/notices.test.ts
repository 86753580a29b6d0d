import { expect } from "chai";
import { type Address, numberToHex } from "viem";
import { type RoleHolders } from "../../../scripts/chain/participants";
import { changedHolders } from "../../../scripts/keeper/watch/notices";

const [keeper, stranger] = [0xa, 0xb].map((digit) => numberToHex(digit, { size: 20 })) as [Address, Address];
const loud = (address: Address): Address => `0x${address.slice(2).toUpperCase()}`;
const held = (...holders: Address[]): readonly RoleHolders[] => [{ role: "keeper", contract: "treasury", holders }];
const changed = (added: Address[], removed: Address[]) => [
  { kind: "holdersChanged", role: "keeper", contract: "treasury", added, removed },
];

type Case = readonly [
  title: string,
  before: readonly RoleHolders[] | null,
  now: readonly RoleHolders[],
  known: readonly Address[] | null,
  told: readonly object[],
];

const cases: readonly Case[] = [
  ["believes the first look where nobody was named", null, held(keeper), null, []],
  ["tells of a holder at the first look who was not named", null, held(keeper), [], changed([keeper], [])],
  ["says nothing of one who was named, however the address is written", null, held(keeper), [loud(keeper)], []],
  ["says nothing where nothing changed", held(keeper), held(loud(keeper)), null, []],
  ["tells of a new holder", held(keeper), held(keeper, stranger), null, changed([stranger], [])],
  ["says nothing of a new holder who was named", held(keeper), held(keeper, stranger), [stranger], []],
  ["tells of a holder who is none any more, named or not", held(keeper), held(), [keeper], changed([], [keeper])],
  ["tells of both at once", held(keeper), held(stranger), null, changed([stranger], [keeper])],
];

describe("The watcher's look at roles", () => {
  for (const [title, before, now, known, told] of cases) {
    it(title, () => {
      expect(changedHolders(before, now, known)).to.deep.equal(told);
    });
  }
});
