import { cases } from "./vectors/yuma.json";

/** The published cases as a command takes them, and what each of their epochs must give. */
export const yumaCases = cases.map(({ epochs, ...rest }) => ({
  name: rest.name,
  input: {
    ...rest,
    epochs: epochs.map((epoch) => Object.fromEntries(Object.entries(epoch).filter(([field]) => field !== "expected"))),
  },
  expected: epochs.map(({ expected }) => expected),
}));
