import { cases } from "./vectors/yuma.json";

/** The published cases as a command reads them, and the expected result of each of their epochs. */
export const yumaCases = cases.map(({ epochs, ...rest }) => ({
  name: rest.name,
  input: {
    ...rest,
    epochs: epochs.map((epoch) => Object.fromEntries(Object.entries(epoch).filter(([field]) => field !== "expected"))),
  },
  expected: epochs.map(({ expected }) => expected),
}));
