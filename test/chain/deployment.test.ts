import { expect } from "chai";
import { NotDeployedError, recordedAddresses } from "../../scripts/chain/deployment";

describe("A deployment that is not recorded here", () => {
  for (const id of ["chain-1-d4e56740", "chain-31337-0badc0de"]) {
    it(`is told of with how to deploy, on any network, and where its record has to be: ${id}`, () => {
      expect(() => recordedAddresses(id)).to.throw(
        NotDeployedError,
        new RegExp(
          `^Nothing is deployed on this chain, or its record is not in scripts/ignition/deployments/${id}: ` +
            'run "npx hardhat deploy --network localhost", with your network\'s name in place of localhost, ' +
            "or copy the record from where that was done\\.$",
        ),
      );
    });
  }
});
