import tseslint from "typescript-eslint";

const hardhat = ["hardhat", "hardhat/*", "@nomicfoundation/hardhat-*"];

/** The layers of scripts/ from the top down: each may import those after it, and nothing before it. */
const layers = [
  "commands",
  "lab",
  "serve",
  "page",
  "api",
  "nodes",
  "actions",
  "show",
  "views",
  "ignition",
  "keeper",
  "chain",
  "store",
  "config",
  "core",
];

/** The layers inside scripts/keeper. */
const keeperLayers = ["watch", "run", "verify", "settle", "quorum", "archive", "compute", "facts"];

/** The layers inside scripts/nodes. */
const nodeLayers = ["clients", "validator", "miner", "run", "blobs", "prover", "protocol", "digits"];

/** Also what is imported when it is needed, and types by `import("…")`. */
const noImportOf = (names, message) => {
  const path = `/(^|\\/)(${names.join("|")})(\\/|$)/`;
  return [
    { selector: `ImportExpression[source.value=${path}]`, message },
    { selector: `TSImportType[argument.literal.value=${path}]`, message },
  ];
};

/** A folder that may import neither the layers above it, nor what stands outside scripts/, nor `others`. */
const layer = (files, above, others = hardhat) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: [...others, "**/tasks/**", "**/test/**"], message: "scripts/ knows nothing of what uses it." },
          ...above.map((folder) => ({
            regex: `^\\.{1,2}/(.*/)?${folder}(/|$)`,
            message: `This folder lies below ${folder}/.`,
          })),
        ],
      },
    ],
    "no-restricted-syntax": [
      "error",
      ...noImportOf(
        ["tasks", "test", ...others.filter((name) => !name.includes("*"))],
        "scripts/ knows nothing of what uses it.",
      ),
      ...above.flatMap((folder) => noImportOf([folder], `This folder lies below ${folder}/.`)),
    ],
  },
});

const above = (folders, folder) => folders.slice(0, folders.indexOf(folder));

const pure = "The core does nothing but arithmetic on its arguments.";

/** The pure core: no clock, no network, no files, and no import from outside. */
const core = {
  files: ["scripts/core/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [
          {
            name: "viem",
            importNames: ["createPublicClient", "createWalletClient", "http", "webSocket"],
            message: pure,
          },
        ],
        patterns: [
          { group: [...hardhat, "node:*", "viem/actions"], message: pure },
          {
            regex: `^\\.\\.?/.*(^|/)(${[...layers.slice(0, -1), "tasks", "test", "typechain-types"].join("|")})(/|$)`,
            message: "The core imports nothing but the core.",
          },
        ],
      },
    ],
    "no-restricted-syntax": [
      "error",
      { selector: "ImportExpression", message: "The core imports at the top of a file." },
      { selector: "TSImportType", message: "The core imports at the top of a file." },
    ],
    "no-restricted-globals": [
      "error",
      ...["fetch", "process", "setTimeout", "setInterval", "Date", "performance", "globalThis", "require"],
    ],
    "no-restricted-properties": ["error", { object: "Math", property: "random" }],
  },
};

export default tseslint.config(
  {
    ignores: [
      "node_modules",
      "artifacts",
      "dist",
      "bundle",
      "cache",
      "coverage",
      "typechain-types",
      "**/*.mjs",
      "**/.*.js",
    ],
  },
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
  layer("scripts/**/*.ts", []),
  ...layers.map((folder) => layer(`scripts/${folder}/**/*.{ts,tsx}`, above(layers, folder))),
  ...keeperLayers.map((folder) =>
    layer(`scripts/keeper/${folder}/**/*.ts`, [...above(layers, "keeper"), ...above(keeperLayers, folder)]),
  ),
  ...nodeLayers.map((folder) =>
    layer(`scripts/nodes/${folder}/**/*.ts`, [...above(layers, "nodes"), ...above(nodeLayers, folder)]),
  ),
  // Ignition's module builder is Hardhat's.
  layer("scripts/ignition/**/*.ts", above(layers, "ignition"), []),
  core,
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines-per-function": "off",
    },
  },
);
