import { expect } from "chai";
import fc from "fast-check";
import { parseJson, RefusedInputError } from "../../scripts/core/strictJson";

describe("JSON that people write", () => {
  it("is parsed as by JSON.parse if no field is given twice", () => {
    const spaces = fc.constantFrom(undefined, 1, "\t");
    fc.assert(
      fc.property(fc.jsonValue(), spaces, (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("may begin with one byte order mark, but not with two", () => {
    expect(parseJson('\uFEFF{"1": 5}')).to.deep.equal({ "1": 5 });
    expect(() => parseJson("\uFEFF\uFEFF{}")).to.throw(SyntaxError);
  });

  const twice: readonly (readonly [text: string, field: string])[] = [
    ['{"1":60000,"1":5}', "1"],
    ['{"a":1,"b":{"a":1},"a":1}', "a"],
    ['{"miners":[{"account":"0x1"},{"account":"0x1","fees":[1,{"x":2}],"account":"0x2"}]}', "miners[1].account"],
    ['[[{"a":{}}],[[],{"b":[{"c":1,"c":1}]}]]', "[1][1].b[0].c"],
    ['{ "a" : "x\\"," ,\n "a" : "\\\\" }', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"\\\\":1,"\\"":2,"\\\\":3}', "\\"],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"":1,"":2}', '""'],
    ['\uFEFF{"a":1,"a":2}', "a"],
  ];
  for (const [text, field] of twice) {
    it(`is refused if a field is given twice: ${JSON.stringify(field)} in ${text}`, () => {
      expect(() => parseJson(text))
        .to.throw(RefusedInputError)
        .that.includes({ name: "RefusedInputError", field, problem: "is given twice" });
    });
  }

  for (const text of [
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":"a"}}}',
    '{"a":["a","a"],"b":"a"}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":["}",{"a":"]"}]}',
    '{"a":"\\\\","b":"\\\\\\"","c":1}',
    '"a"',
    "[[],[],{}]",
  ]) {
    it(`isn't refused if a name appears again in another object or in a string: ${text}`, () => {
      expect(parseJson(text)).to.deep.equal(JSON.parse(text));
    });
  }

  it("is refused if a field is given twice anywhere in any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), fc.boolean(), (around, value, name, isFirst) => {
        const inner = `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(name)}:1}`;
        const [before, after] = isFirst ? [inner, JSON.stringify(around)] : [JSON.stringify(around), inner];
        expect(() => parseJson(`{"one":[${before}, ${after}]}`))
          .to.throw(RefusedInputError)
          .with.property("problem", "is given twice");
      }),
    );
  });

  it("is refused with a shortened path for a field that is given twice 100,000 levels deep", () => {
    const depth = 50_000;
    const deep = `${'{"a":['.repeat(depth)}{"b":1,"b":2}${"]}".repeat(depth)}`;
    expect(() => parseJson(deep)).to.throw(RefusedInputError, /^The field ….{95}\[0\]\.b is given twice\.$/);
  });
});
