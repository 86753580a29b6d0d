import { useId, useState } from "preact/hooks";
import { type Address, formatUnits } from "viem";
import { useApp } from "../context";
import {
  type Choice,
  type Field,
  type Fields,
  type FormProblems,
  type FormValues,
  heldBy,
  matchesChoice,
  readAddress,
  readFields,
} from "./form";

/** The inputs of a form. */
export function FieldInputs({
  fields,
  typed,
  problems,
  onType,
}: {
  readonly fields: Fields;
  /** What was typed, by field. */
  readonly typed: FormValues;
  readonly problems: FormProblems;
  readonly onType: (typed: FormValues) => void;
}) {
  const held = heldBy(fields, typed);
  return (
    <>
      {Object.entries(fields).map(([name, field]) => (
        <FieldInput
          key={name}
          name={name}
          field={field}
          value={held[name]!}
          problem={problems[name]}
          onInput={(value) => {
            onType({ ...typed, [name]: value });
          }}
        />
      ))}
    </>
  );
}

/** Looks at any address, without a wallet. */
export function AddressForm({
  label,
  onLook,
}: {
  readonly label: string;
  readonly onLook: (account: Address) => void;
}) {
  // The form may appear twice on a page.
  const name = useId();
  const [typed, setTyped] = useState<FormValues>({});
  const [problems, setProblems] = useState<FormProblems>({});
  const fields = { [name]: { label, read: readAddress } };
  const look = (event: Event): void => {
    event.preventDefault();
    const read = readFields(fields, typed);
    setProblems(read.kind === "problems" ? read.problems : {});
    if (read.kind === "read") onLook(read.values[name]!);
  };
  return (
    <form class="action" onSubmit={look} noValidate>
      <FieldInputs fields={fields} typed={typed} problems={problems} onType={setTyped} />
      <div class="buttons">
        <button type="submit">View</button>
      </div>
    </form>
  );
}

interface FieldInputProps {
  readonly name: string;
  readonly field: Field;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onInput: (value: string) => void;
}

/** One input with its label, hint and problem, linked for screen readers. */
function FieldInput({ name, field, value, problem, onInput }: FieldInputProps) {
  const { label, hint, isNumber = false, maxWei = 0n, choices } = field;
  const id = `field-${name}`;
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
      <label for={id}>{label}</label>
      {choices === undefined ? (
        <div class="entry">
          <input {...common} autocomplete="off" spellcheck={false} inputMode={isNumber ? "decimal" : "text"} />
          {maxWei === 0n ? null : <Max maxWei={maxWei} onInput={onInput} />}
        </div>
      ) : (
        <ChoiceList label={label} choices={choices} common={common} />
      )}
      <p id={`${id}-hint`} class="muted">
        {hint}
      </p>
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

/** Fewest choices with a search by name or address; shorter lists are scrolled. */
const manyChoices = 12;
const rowsShown = 7;

function ChoiceList({
  label,
  choices,
  common,
}: {
  readonly label: string;
  readonly choices: readonly Choice[];
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
        <option value="">{isLong && found.length === 0 ? "No match" : "Choose …"}</option>
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
