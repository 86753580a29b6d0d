/** Every task of the project, registered with Hardhat by being imported. */
import "./build";
import "./deploy";
import "./epoch/preview";
import "./node";
import "./rewards/tree";
import "./roles/handover";
import "./roles/list";
import "./score/consensus";
import "./supply";
import "./validator/delegate";
import "./validator/list";
import "./validator/register";
import "./validator/stake";
import "./validator/unstake";
import "./validator/withdraw";
