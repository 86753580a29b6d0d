import { useState } from "preact/hooks";
import { formatUnits } from "viem";
import { useApp } from "../context";
import { type Field, matchesChoice } from "./fields";

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onInput: (value: string) => void;
}

/** One input with its label, its hint and what is wrong with it, tied together for screen readers. */
export function FieldInput({ field, value, problem, onInput }: FieldInputProps) {
  const id = `field-${field.name}`;
  const common = {
    id,
    value,
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-hint ${id}-problem`,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) => {
      onInput(event.currentTarget.value);
    },
  };
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.kind === "choice" ? (
        <ChoiceList field={field} common={common} />
      ) : (
        <div class="entry">
          <input
            {...common}
            autocomplete="off"
            spellcheck={false}
            inputMode={field.kind === "amount" || field.kind === "number" ? "decimal" : "text"}
          />
          {field.kind === "amount" ? <Max maxWei={field.maxWei ?? 0n} onInput={onInput} /> : null}
        </div>
      )}
      <p id={`${id}-hint`} class="muted">
        {field.hint}
      </p>
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

/** From so many choices on one looks for one by its name or address instead of scrolling. */
const manyChoices = 12;
const rowsShown = 7;

function ChoiceList({
  field: { label, choices },
  common,
}: {
  readonly field: Extract<Field, { readonly kind: "choice" }>;
  readonly common: { readonly value: string };
}) {
  const { announce } = useApp();
  const [sought, setSought] = useState("");
  const isLong = choices.length >= manyChoices;
  const found = choices.filter((choice) => choice.value === common.value || matchesChoice(choice, sought));
  return (
    <>
      {isLong ? (
        <input
          type="search"
          aria-label={`Search: ${label}`}
          placeholder={`Search ${choices.length.toLocaleString("en")} by name or address`}
          value={sought}
          onInput={({ currentTarget }) => {
            setSought(currentTarget.value);
            announce(`${choices.filter((choice) => matchesChoice(choice, currentTarget.value)).length} found.`);
          }}
        />
      ) : null}
      <select {...common} {...(isLong ? { size: rowsShown } : {})}>
        <option value="">{isLong && found.length === 0 ? "Nothing found" : "Choose …"}</option>
        {found.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </>
  );
}

function Max({ maxWei, onInput }: { readonly maxWei: bigint; readonly onInput: (value: string) => void }) {
  if (maxWei === 0n) return null;
  const maxMdt = formatUnits(maxWei, 18);
  return (
    <button
      type="button"
      aria-label={`Max: ${maxMdt} MDT`}
      onClick={() => {
        onInput(maxMdt);
      }}
    >
      Max
    </button>
  );
}
