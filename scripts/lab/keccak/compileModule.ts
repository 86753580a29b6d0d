import openWabt from "wabt";
import { MEMORY_BYTES } from "../../core/keccak/layout";
import { keccakModuleText } from "./moduleText";

/** The module of scripts/core/keccak as WebAssembly's binary format, from its text. */
export async function compileKeccakModule(): Promise<Uint8Array> {
  const wabt = await openWabt();
  const module = wabt.parseWat("keccak.wat", keccakModuleText(MEMORY_BYTES));
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
