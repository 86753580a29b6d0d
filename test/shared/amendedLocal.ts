/**
 * Makes this process read a network `local` that differs from scripts/config/local.json by MDT_TEST_LOCAL: an object of
 * sections, each with the fields to change. Programs that a test starts inherit the variable, and load this file first.
 */
import fs from "node:fs";

type Sections = Readonly<Record<string, object>>;

const read = fs.readFileSync;

function amended(text: string): string {
  const config = JSON.parse(text) as Sections;
  const changes = JSON.parse(process.env.MDT_TEST_LOCAL ?? "{}") as Sections;
  const sections = Object.entries(changes).map(([name, fields]) => [name, { ...config[name], ...fields }]);
  return JSON.stringify({ ...config, ...Object.fromEntries(sections) });
}

function readFileSync(path: fs.PathOrFileDescriptor, options?: BufferEncoding): string | Buffer {
  if (typeof path !== "string" || !/scripts[\\/]config[\\/]local\.json$/.test(path)) return read(path, options);
  return amended(read(path, "utf8"));
}

Object.assign(fs, { readFileSync });
