/** Every task of the project, registered with Hardhat by being imported. */
import "./build";
import "./epoch/preview";
import "./rewards/tree";
