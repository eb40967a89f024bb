import fc from "fast-check";
import { formFields, xmlOf } from "../../../../local/engine/wire/query";

describe("the query protocol", () => {
  it("reads lists by their numbers, and what is within them", () => {
    const list = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`Names.member.${11 - index}`, `n${11 - index}`]),
    );
    expect(
      formFields({ Prefix: "p", ...list, "Dimensions.member.1.Name": "a", "Dimensions.member.1.Value": "b" }),
    ).toEqual({
      Prefix: "p",
      Names: Array.from({ length: 11 }, (_, index) => `n${index + 1}`),
      Dimensions: [{ Name: "a", Value: "b" }],
    });
    expect(formFields({})).toEqual({});
  });

  it("reads any form", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a.1]*$/), fc.string()), (form) => {
        formFields(form);
      }),
    );
  });

  it("writes lists as members, and nothing as markup", () => {
    expect(xmlOf({ A: [{ B: "<&>" }, { B: 1 }], C: true, D: [] })).toBe(
      "<A><member><B>&lt;&amp;&gt;</B></member><member><B>1</B></member></A><C>true</C><D></D>",
    );
    expect(xmlOf([{ A: { "<": 1, p50: 2 }, B: {} }], new Set(["A", "B"]))).toBe(
      "<member><A><entry><key>&lt;</key><value>1</value></entry><entry><key>p50</key><value>2</value></entry></A><B></B></member>",
    );
  });
});
