import { formatUnits } from "viem";
import { type Field } from "./fields";

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onInput: (value: string) => void;
}

/** One input with its label, its hint and what is wrong with it, tied together for screen readers. */
export function FieldInput({ field, value, problem, onInput }: FieldInputProps) {
  const id = `field-${field.name}`;
  const described = `${id}-hint ${id}-problem`;
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      <div class="entry">
        <Entry {...{ field, value, problem, onInput, id, described }} />
      </div>
      <p id={`${id}-hint`} class="muted">
        {field.hint}
      </p>
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

function Entry({
  field,
  value,
  problem,
  onInput,
  id,
  described,
}: FieldInputProps & { readonly id: string; readonly described: string }) {
  const common = {
    id,
    value,
    "aria-invalid": problem !== undefined,
    "aria-describedby": described,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) => {
      onInput(event.currentTarget.value);
    },
  };
  if (field.kind === "choice") {
    return (
      <select {...common}>
        <option value="">Choose …</option>
        {field.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  const maxMdt = field.kind === "amount" && field.maxWei !== undefined ? formatUnits(field.maxWei, 18) : null;
  const isNumber = field.kind === "amount" || field.kind === "number";
  return (
    <>
      <input {...common} autocomplete="off" spellcheck={false} inputMode={isNumber ? "decimal" : "text"} />
      {maxMdt === null ? null : (
        <button
          type="button"
          aria-label={`Max: ${maxMdt} MDT`}
          onClick={() => {
            onInput(maxMdt);
          }}
        >
          Max
        </button>
      )}
    </>
  );
}
