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

/** A folder that may not import the folders above it, nor Hardhat, nor tasks. */
const layer = (files, above) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: [...hardhat, "**/tasks/**"], message: "scripts/ knows nothing of Hardhat or of tasks/." },
          ...above.map((folder) => ({
            regex: `/${folder}/(?!core/)`,
            message: `This folder lies below scripts/${folder}.`,
          })),
        ],
      },
    ],
  },
});

/** The folders of scripts/ from the top down: each may import those after it, and nothing before it. */
const folders = [
  "bench",
  "demo",
  "page",
  "service",
  "api",
  "html",
  "simulator",
  "client",
  "ignition",
  "keeper",
  "chain",
  "config",
];

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
  { ignores: ["node_modules", "artifacts", "cache", "coverage", "typechain-types", "**/*.mjs", "**/.*.js"] },
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
  // Imports go one way: tasks -> bench -> demo -> page -> service -> api -> html, simulator -> client -> keeper -> chain -> config -> keeper/core.
  layer("scripts/**/*.ts", []),
  ...folders.map((folder, index) => layer(`scripts/${folder}/**/*.{ts,tsx}`, folders.slice(0, index))),
  {
    // Ignition's module builder is the one exception.
    files: ["scripts/ignition/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  core("scripts/keeper/core/*.ts", "^\\.\\./"),
  core("scripts/keeper/core/*/*.ts", "^\\.\\./\\.\\./"),
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines-per-function": "off",
    },
  },
);
