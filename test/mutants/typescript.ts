import ts from "typescript";
import { type Mutant } from "./mutant";

/** The replacements for an operator: for a bound the neighbouring one, and the opposite. */
const operators: Readonly<Record<string, readonly string[]>> = {
  ...{ "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "+=": ["-="], "-=": ["+="] },
  ...{ "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "&&": ["||"], "||": ["&&"] },
  ...{ "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "===": ["!=="], "!==": ["==="] },
};

/** Calls that return the same kind of value as they are called on. */
const refinements = /^(filter|sort|reverse|slice|toSorted|toReversed|trim|toLowerCase|replaceAll)$/;

const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
/** An argument that may be mistaken for another one; a function or a list would not even compile there. */
const isPlain = (node: ts.Node): boolean =>
  ts.isIdentifier(node) ||
  ts.isPropertyAccessExpression(node) ||
  ts.isElementAccessExpression(node) ||
  ts.isCallExpression(node);

/** A whole number that counts: no name of a property. */
const isCount = (node: ts.Node): node is ts.NumericLiteral | ts.BigIntLiteral =>
  (ts.isBigIntLiteral(node) || (ts.isNumericLiteral(node) && Number.isSafeInteger(Number(node.text)))) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node);

/** A statement without which the rest still compiles. */
const isRemovable = (node: ts.Node): boolean =>
  ts.isExpressionStatement(node) ||
  ts.isContinueStatement(node) ||
  ts.isBreakStatement(node) ||
  (ts.isReturnStatement(node) && node.expression === undefined);

/** The faults of a TypeScript file, in the order of the text. */
export function mutantsOf(path: string, source: string): Mutant[] {
  const file = ts.createSourceFile(
    path,
    source,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const mutants: Mutant[] = [];
  const add = (start: number, end: number, replacement: string, rule: string): void => {
    const original = source.slice(start, end);
    if (original === replacement) return;
    mutants.push({
      path,
      line: file.getLineAndCharacterOfPosition(start).line + 1,
      start,
      end,
      original,
      replacement,
      rule,
    });
  };
  const replace = (node: ts.Node, replacement: string, rule: string): void => {
    add(node.getStart(), node.getEnd(), replacement, rule);
  };
  const fix = (condition: ts.Expression, ...values: boolean[]): void => {
    for (const value of values) replace(condition, String(value), "condition");
  };

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const { operatorToken: token, left, right } = node;
      if (!isText(left) && !isText(right))
        for (const other of operators[token.getText()] ?? []) replace(token, other, "operator");
      if (token.kind === ts.SyntaxKind.QuestionQuestionToken) replace(node, left.getText(), "no default");
    } else if (ts.isIfStatement(node) || ts.isWhileStatement(node)) {
      fix(node.expression, ...(ts.isIfStatement(node) ? [true, false] : [false]));
    } else if (ts.isConditionalExpression(node)) fix(node.condition, true, false);
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      replace(node, node.operand.getText(), "no negation");
    else if (isCount(node)) {
      const suffix = ts.isBigIntLiteral(node) ? "n" : "";
      const value = BigInt(node.text.replace(/n$/, ""));
      replace(node, `${value + 1n}${suffix}`, "number");
      if (value > 0n) replace(node, `${value - 1n}${suffix}`, "number");
    } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
      replace(node, String(node.kind === ts.SyntaxKind.FalseKeyword), "boolean");
    else if (isRemovable(node)) {
      if (!/^super\b/.test(node.getText())) replace(node, ";", "removed statement");
    } else if (ts.isCallExpression(node)) {
      const { expression: callee, arguments: given } = node;
      if (ts.isPropertyAccessExpression(callee) && refinements.test(callee.name.text))
        replace(node, callee.expression.getText(), "dropped call");
      const [one, two] = [given[0], given[1]];
      const isOrdered = !/^(Math\.)?(min|max)$/.test(callee.getText());
      if (isOrdered && one !== undefined && two !== undefined && isPlain(one) && isPlain(two))
        add(one.getStart(), two.getEnd(), `${two.getText()}, ${one.getText()}`, "swapped arguments");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}
