import tseslint from "typescript-eslint";

/** Modules of the keeper that compute: no clock, no network, no files, nothing but arithmetic on their arguments. */
const pureModules = [
  "scripts/keeper/{fixedPoint,utility,emission,consensus,bonds,quality,distribution,rewardTree,policy,computeEpoch,epochInput,canonicalJson,strictJson}.ts",
  "scripts/keeper/{fixedPoint,utility,emission,consensus,bonds,quality,distribution,rewardTree,policy,computeEpoch,epochInput,canonicalJson,strictJson}/**/*.ts",
];

const io = [
  "fs",
  "fs/*",
  "node:fs",
  "node:fs/*",
  "http",
  "https",
  "net",
  "node:http",
  "node:https",
  "node:net",
  "child_process",
  "node:child_process",
];

const hardhat = ["hardhat", "hardhat/*", "@nomicfoundation/hardhat-*"];

export default tseslint.config(
  { ignores: ["node_modules", "artifacts", "cache", "coverage", "typechain-types", "eslint.config.mjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      eqeqeq: "error",
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // tasks -> scripts -> nothing of Hardhat; Ignition's module builder is the one exception.
    files: ["scripts/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: [...hardhat, "**/tasks/**"], message: "scripts/ knows nothing of Hardhat or of tasks/." },
          ],
        },
      ],
    },
  },
  {
    files: ["scripts/ignition/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: pureModules,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: hardhat, message: "Pure modules know nothing of Hardhat." },
            { group: io, message: "Pure modules do no I/O." },
            { group: ["pino", "viem/actions"], message: "Pure modules do no I/O." },
          ],
        },
      ],
      "no-restricted-globals": ["error", "fetch", "process", "setTimeout", "setInterval", "Date"],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines-per-function": "off",
    },
  },
);
