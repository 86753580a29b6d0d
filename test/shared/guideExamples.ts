import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";

const root = join(__dirname, "..", "..");
const guide = readFileSync(join(root, "docs", "integration.md"), "utf8");
const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!);

type Example = (...args: unknown[]) => Promise<unknown>;

/**
 * A function that a code block of the integration guide exports; the block is run as a file in the project's folder.
 * @param using A text that tells the block from others that export a function of this name.
 * @param packageAt The location of the package that it imports: by default as other projects find it.
 */
export function exampleOf(name: string, using = "", packageAt?: string): Example {
  const code = blocks.find((block) => block.includes(`function ${name}(`) && block.includes(`from "${using}`));
  const { outputText } = ts.transpileModule(code!, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const text = packageAt === undefined ? outputText : outputText.replace("moderntensor-tokenomics", packageAt);
  const file = join(root, "guide.ts");
  const example = Object.assign(new Module(file), { filename: file, paths: [join(root, "node_modules")] });
  (example as unknown as { _compile(text: string, name: string): void })._compile(text, file);
  return (example.exports as Readonly<Record<string, Example>>)[name]!;
}

/** The key of a development node's account. */
export function keyOf(addressIndex: number): Hex {
  const phrase = "test test test test test test test test test test test junk";
  const { privateKey } = mnemonicToAccount(phrase, { addressIndex }).getHdKey();
  return `0x${Buffer.from(privateKey!).toString("hex")}`;
}
