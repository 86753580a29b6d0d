import { compile } from "solc";
import { type Mutant } from "./mutant";

/** A node of solc's syntax tree; each kind has its own fields. */
type Node = { readonly nodeType: string; readonly src: string } & Record<string, unknown>;

/** The replacements for a node. */
type Fault = { readonly at: Span; readonly replacement: string; readonly rule: string };
type Span = { readonly start: number; readonly end: number };
type Rule = (node: Node, source: Source) => readonly Fault[];

/** For each operator, what a tired author might have written instead. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "<<": [">>"],
  ">>": ["<<"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "&&": ["||"],
  "||": ["&&"],
  "++": ["--"],
  "--": ["++"],
  "+=": ["-=", "="],
  "-=": ["+=", "="],
  "*=": ["/="],
  "/=": ["*="],
};

/** Functions whose result does not depend on the order of their arguments. */
const symmetric: ReadonlySet<string> = new Set(["min", "max"]);

/** The same as `operators` for the functions of inline assembly. */
const assemblyFunctions: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  gt: "lt",
  lt: "gt",
  eq: "lt",
  and: "or",
  or: "and",
  xor: "or",
  shl: "shr",
  shr: "shl",
};

/**
 * The faults of a source file in Solidity: other operators and numbers, arguments that change places, and conditions, modifiers and
 * statements that are missing. Some of them do not compile, because solc's syntax tree knows no types before it has read the
 * whole project.
 */
export function mutantsOf(path: string, text: string): readonly Mutant[] {
  const source = new Source(text);
  const faults = nodesOf(syntaxTree(text)).flatMap((node) => rules[node.nodeType]?.(node, source) ?? []);
  return faults.map(({ at: { start, end }, replacement, rule }) => {
    const line = text.slice(0, start).split("\n").length;
    return { path, line, start, end, original: text.slice(start, end), replacement, rule };
  });
}

const rules: Readonly<Record<string, Rule>> = {
  BinaryOperation: (node, source) => {
    const [left, right] = [child(node, "leftExpression"), child(node, "rightExpression")];
    return source.operatorFaults(source.spanOf(left).end, source.spanOf(right).start, String(node.operator));
  },
  Assignment: (node, source) => {
    const [left, right] = [child(node, "leftHandSide"), child(node, "rightHandSide")];
    return source.operatorFaults(source.spanOf(left).end, source.spanOf(right).start, String(node.operator));
  },
  UnaryOperation: (node, source) => {
    const [all, operand] = [source.spanOf(node), source.spanOf(child(node, "subExpression"))];
    if (node.operator === "!")
      return [{ at: { start: all.start, end: operand.start }, replacement: "", rule: "negation" }];
    const [from, to] = node.prefix === true ? [all.start, operand.start] : [operand.end, all.end];
    return source.operatorFaults(from, to, String(node.operator));
  },
  Literal: (node, source) => literalFaults(source.spanOf(node), source),
  Conditional: (node, source) => conditionFaults(child(node, "condition"), source, ["true", "false"]),
  IfStatement: (node, source) => {
    // Where nothing but a revert follows, a condition that never holds is the revert removed.
    const isGuard = onlyStatement(child(node, "trueBody")).nodeType === "RevertStatement";
    return conditionFaults(child(node, "condition"), source, isGuard ? ["true"] : ["true", "false"]);
  },
  ModifierInvocation: (node, source) => [{ at: source.spanOf(node), replacement: "", rule: "removed modifier" }],
  ExpressionStatement: removal,
  RevertStatement: removal,
  EmitStatement: removal,
  Continue: removal,
  FunctionCall: (node, source) => {
    if (symmetric.has(String(child(node, "expression").memberName))) return [];
    const spans = childrenOf(node.arguments).map((argument) => source.spanOf(argument));
    return spans.slice(1).flatMap((second, i) => swapFaults(spans[i]!, second, source));
  },
  YulFunctionCall: (node, source) => {
    const name = child(node, "functionName");
    const replacement = assemblyFunctions[String(name.name)];
    return replacement === undefined ? [] : [{ at: source.spanOf(name), replacement, rule: "assembly" }];
  },
  YulLiteral: (node, source) => literalFaults(source.spanOf(node), source),
  YulExpressionStatement: removal,
};

/** A statement is replaced with an empty block, which may stand wherever a statement may. */
function removal(node: Node, source: Source): readonly Fault[] {
  const { start, end } = source.spanOf(node);
  const isClosed = source.text[end] === ";";
  return [{ at: { start, end: isClosed ? end + 1 : end }, replacement: "{}", rule: "removed statement" }];
}

function conditionFaults(condition: Node, source: Source, values: readonly string[]): readonly Fault[] {
  return values.map((replacement) => ({ at: source.spanOf(condition), replacement, rule: "condition" }));
}

function swapFaults(first: Span, second: Span, { text }: Source): readonly Fault[] {
  const [one, other] = [text.slice(first.start, first.end), text.slice(second.start, second.end)];
  if (one === other) return [];
  const between = text.slice(first.end, second.start);
  return [
    { at: { start: first.start, end: second.end }, replacement: other + between + one, rule: "swapped arguments" },
  ];
}

function literalFaults(at: Span, { text }: Source): readonly Fault[] {
  const literal = text.slice(at.start, at.end);
  if (literal === "true") return [{ at, replacement: "false", rule: "literal" }];
  if (literal === "false") return [{ at, replacement: "true", rule: "literal" }];
  // A unit may follow: "1 days".
  const [, digits, rest] = /^(0x[\da-f]+|[\d_]+)( \w+)?$/i.exec(literal) ?? [];
  if (digits === undefined)
    return /^\d/.test(literal) ? [{ at, replacement: `(${literal} + 1)`, rule: "literal" }] : [];
  const more = BigInt(digits.replaceAll("_", "")) + 1n;
  return [{ at, replacement: `${more.toString()}${rest ?? ""}`, rule: "literal" }];
}

/** A text in which solc counts bytes, and JavaScript counts UTF-16 units. */
class Source {
  private readonly units: readonly number[];

  constructor(readonly text: string) {
    const units: number[] = [];
    let unit = 0;
    for (const character of text) {
      for (let byte = 0; byte < Buffer.byteLength(character); ++byte) units.push(unit);
      unit += character.length;
    }
    this.units = [...units, unit];
  }

  spanOf({ src }: Node): Span {
    const [start, length] = src.split(":").map(Number) as [number, number];
    return { start: this.units[start]!, end: this.units[start + length]! };
  }

  /** @returns the faults of the first operator between two places. */
  operatorFaults(from: number, to: number, operator: string): readonly Fault[] {
    const start = this.text.indexOf(operator, from);
    if (start < 0 || start + operator.length > to) return [];
    const at = { start, end: start + operator.length };
    return (operators[operator] ?? []).map((replacement) => ({ at, replacement, rule: "operator" }));
  }
}

function syntaxTree(content: string): Node {
  const settings = { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } };
  const question = JSON.stringify({ language: "Solidity", sources: { source: { content } }, settings });
  const answer = JSON.parse((compile as (input: string) => string)(question)) as {
    readonly sources?: { readonly source?: { readonly ast: Node } };
    readonly errors?: readonly { readonly formattedMessage: string }[];
  };
  const tree = answer.sources?.source?.ast;
  if (tree === undefined)
    throw new Error(`solc can't parse it: ${answer.errors?.[0]?.formattedMessage ?? "no reason"}`);
  return tree;
}

/** The node and all below it that may be at fault: no documentation, no types, and no base constructors. */
function nodesOf(node: Node): readonly Node[] {
  const isConstructor = node.nodeType === "FunctionDefinition" && node.kind === "constructor";
  const skipped = [
    "typeName",
    "documentation",
    "nativeSrc",
    "externalReferences",
    ...(isConstructor ? ["modifiers"] : []),
  ];
  const below = Object.entries(node)
    .filter(([field]) => !skipped.includes(field))
    .flatMap(([, value]) => childrenOf(value));
  return [node, ...below.flatMap(nodesOf)];
}

function childrenOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(childrenOf);
  return isNode(value) ? [value] : [];
}

function child(node: Node, field: string): Node {
  const value = node[field];
  if (!isNode(value)) throw new Error(`A ${node.nodeType} of solc has no ${field}.`);
  return value;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

function onlyStatement(body: Node): Node {
  const statements = childrenOf(body.statements);
  return body.nodeType === "Block" && statements.length === 1 ? statements[0]! : body;
}
