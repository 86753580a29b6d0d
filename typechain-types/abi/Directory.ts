// Written from Directory.sol by "npx hardhat compile".
export const directoryAbi = [
  {"inputs":[{"name":"length","type":"uint256"},{"name":"maximum","type":"uint256"}],"name":"EndpointTooLong","type":"error"},
  {"inputs":[{"name":"length","type":"uint256"},{"name":"maximum","type":"uint256"}],"name":"ProfileTooLong","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"name":"account","type":"address"},{"indexed":false,"name":"endpoint","type":"string"}],"name":"EndpointSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"name":"account","type":"address"},{"components":[{"name":"name","type":"string"},{"name":"site","type":"string"},{"name":"contact","type":"string"}],"indexed":false,"name":"profile","type":"tuple"}],"name":"ProfileSet","type":"event"},
  {"inputs":[],"name":"MAX_ENDPOINT_BYTES","outputs":[{"name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_PROFILE_BYTES","outputs":[{"name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"account","type":"address"}],"name":"endpointOf","outputs":[{"name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"account","type":"address"}],"name":"profileOf","outputs":[{"components":[{"name":"name","type":"string"},{"name":"site","type":"string"},{"name":"contact","type":"string"}],"name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"endpoint","type":"string"}],"name":"setEndpoint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"components":[{"name":"name","type":"string"},{"name":"site","type":"string"},{"name":"contact","type":"string"}],"name":"profile","type":"tuple"}],"name":"setProfile","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;
