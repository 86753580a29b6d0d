import { useId, useState } from "preact/hooks";
import { isAddress } from "viem";

/** Looks at any account, without a wallet. */
export function AccountForm() {
  const id = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const look = (event: Event): void => {
    event.preventDefault();
    const address = text.trim();
    if (isAddress(address, { strict: false })) {
      setProblem(null);
      location.hash = `#/mine/${address}`;
    } else {
      setProblem("That is no address: an address has 0x and 40 hexadecimal digits.");
    }
  };
  return (
    <form class="card account-form" onSubmit={look} noValidate>
      <label for={id}>Look at an account</label>
      <div class="row">
        <input
          id={id}
          value={text}
          placeholder="0x…"
          spellcheck={false}
          autocomplete="off"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <button type="submit">Look</button>
      </div>
      {problem === null ? null : (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
