/** Says how many digits that it has not seen the model reads right: `npm run digits:accuracy`. */
import { digitIn } from "../../nodes/digits/model";
import { readDigits } from "./mnist";

const { heldBack } = readDigits();
const right = heldBack.filter(({ image, digit }) => digitIn(image) === digit).length;
const percent = ((100 * right) / heldBack.length).toFixed(1);
process.stdout.write(`The model reads ${right} of ${heldBack.length} held-back digits right: ${percent} %.\n`);
