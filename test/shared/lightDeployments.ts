import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";

/**
 * Ignition reads the whole compilation, 13 MB of JSON, once for each contract: for records that a deployment in memory does
 * not have. That took 80 % of the time of a deployment in a test.
 */
HardhatArtifactResolver.prototype.getBuildInfo = () => Promise.resolve(undefined);
