import { type Declaration, optionOf } from "./command";
import { type Run, table } from "./table";

/** `completion`: what bash asks for the words that may follow; zsh understands it after `bashcompinit`. */
export const completion: Run<"", "completion"> = () => {
  const scopes = Object.entries(table).flatMap(([scope, { commands }]) => {
    const named = Object.entries<Declaration>(commands);
    const options = named.map(([name, { params }]) => {
      const words = ["json", ...Object.keys(params)].map(optionOf);
      return branch(`${scope} ${name}`.trim(), words);
    });
    return scope === "" ? options : [...options, branch(scope, Object.keys(commands))];
  });
  const first = [...Object.keys(table).filter((scope) => scope !== ""), ...Object.keys(table[""].commands)];
  const text = [
    "_mdt() {",
    "  local following",
    '  case "${COMP_WORDS[*]:1:COMP_CWORD-1} " in',
    ...scopes,
    `    *) following="${first.join(" ")}" ;;`,
    "  esac",
    '  COMPREPLY=($(compgen -W "$following" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -o default -F _mdt mdt",
  ].join("\n");
  return Promise.resolve({ json: text, text });
};

function branch(typed: string, following: readonly string[]): string {
  return `    "${typed} "*) following="${following.join(" ")}" ;;`;
}
