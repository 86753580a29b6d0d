import tseslint from "typescript-eslint";

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

/** The layers of scripts/ from the top down: each may import those after it, and nothing before it. */
const layers = [
  "commands",
  "lab",
  "serve",
  "page",
  "api",
  "actions",
  "show",
  "views",
  "ignition",
  "keeper",
  "chain",
  "config",
  "core",
];

/** The layers inside scripts/keeper. */
const keeperLayers = ["watch", "run", "verify", "settle", "archive", "compute", "facts"];

/** A folder that may import neither the layers above it, nor Hardhat, nor tasks. */
const layer = (files, above) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: [...hardhat, "**/tasks/**"], message: "scripts/ knows nothing of Hardhat or of tasks/." },
          ...above.map((folder) => ({ regex: `/${folder}/`, message: `This folder lies below ${folder}/.` })),
        ],
      },
    ],
  },
});

const above = (folders, folder) => folders.slice(0, folders.indexOf(folder));

/** The pure core: no clock, no network, no files, nothing but arithmetic on its arguments, and no import from outside. */
const core = (files, outside) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: [...hardhat, ...io, "viem/actions"], message: "The core does no I/O." },
          { regex: outside, message: "The core imports nothing but the core." },
        ],
      },
    ],
    "no-restricted-globals": ["error", "fetch", "process", "setTimeout", "setInterval", "Date"],
    "no-restricted-properties": ["error", { object: "Math", property: "random" }],
  },
});

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
  {
    // Ignition's module builder is the one exception.
    files: ["scripts/ignition/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  core("scripts/core/*.ts", "^\\.\\./"),
  core("scripts/core/*/*.ts", "^\\.\\./\\.\\./"),
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines-per-function": "off",
    },
  },
);
