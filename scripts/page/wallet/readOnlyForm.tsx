import { useState } from "preact/hooks";
import { type Address } from "viem";
import { FormReader } from "../actions/fields";

/** Looks at any address without a wallet. */
export function ReadOnlyForm({ onChoose }: { readonly onChoose: (account: Address) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = new FormReader({ account: text });
    const account = form.address("account");
    setProblem(form.problems.account);
    if (!form.hasProblems) onChoose(account);
  };
  return (
    <form onSubmit={submit} noValidate>
      <label for="watched-account">Or look at an address, without signing anything</label>
      <input
        id="watched-account"
        value={text}
        autocomplete="off"
        spellcheck={false}
        placeholder="0x…"
        aria-invalid={problem !== undefined}
        aria-describedby="watched-account-problem"
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <p id="watched-account-problem" class="problem" role="alert">
        {problem}
      </p>
      <button type="submit">Look</button>
    </form>
  );
}
