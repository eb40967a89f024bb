import {
  App,
  DefaultTokenResolver,
  Fn,
  Lazy,
  StringConcat,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { OrdersStack } from "../../stacks/orders-stack";
import { resolveQuickly } from "../../stacks/resolving";
import { inTemporaryFolder } from "../support/in-temporary-folder";
import { shippedEnvironments } from "../support/synth";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const byCdktf = Tokenization.resolve.bind(Tokenization);

afterEach(() => {
  Tokenization.resolve = byCdktf;
});

/** Made when it is asked for, and with a property of its own. */
class Made {
  readonly plain = 1;
  resolve(): string {
    return "made";
  }
}

const outcome = (resolve: () => unknown): unknown => {
  try {
    return { value: resolve() };
  } catch (error) {
    return { error: String(error) };
  }
};

describe("what is resolved quickly", () => {
  it.each(shippedEnvironments().map((one) => [one.name, one] as const))(
    "is to the byte what cdktf makes of %s",
    (_, environment) => {
      inTemporaryFolder((folder) => {
        for (const name of Object.keys(environment.functions))
          writeFileSync(join(folder, `${name}.zip`), name);
        const stack = new OrdersStack(new App({ outdir: join(folder, "out") }), environment, folder);
        stack.prepareStack();
        const expected = JSON.stringify(stack.toTerraform());
        let calls = 0;
        Tokenization.resolve = (value, options) => {
          calls += 1;
          return resolveQuickly(value, options);
        };
        expect(JSON.stringify(stack.toTerraform())).toBe(expected);
        expect(calls).toBeGreaterThan(100);
      });
    },
  );

  it("is what cdktf makes of any value, and fails as cdktf does", () => {
    const scope = new TerraformStack(new App({ outdir: "cdktf.out" }), "resolving");
    const options = { scope, resolver: new DefaultTokenResolver(new StringConcat()) };
    const lazy = (value: unknown) => Lazy.anyValue({ produce: () => value });
    const leaf = fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.constantFrom<unknown>(
        undefined,
        null,
        true,
        new Date(0),
        () => 1,
        scope,
        Token.asString(lazy("text")),
        `a ${Token.asString(lazy(7))} \${b} ${Fn.upper("c")}`,
        Token.asNumber(lazy(7)),
        `number ${Token.asNumber(lazy(7))}`,
        "1e5",
        Token.asList(lazy(["x"])),
        [...Token.asList(lazy(["x"])), "y"],
        Token.asNumberList(lazy([7])),
        Token.asStringMap(lazy({ k: "v" })),
        { ...Token.asStringMap(lazy({ k: "v" })), other: "w" },
        Token.STRING_MAP_TOKEN_VALUE,
        Token.NUMBER_MAP_TOKEN_VALUE,
        Token.ANY_MAP_TOKEN_VALUE,
        lazy({ deep: [undefined, Token.asString(lazy("text"))] }),
        { resolve: "a text" },
        new Made(),
        { _children: [], _metadata: [] },
        { [Token.asString(lazy("key"))]: 1 },
        { [Token.asString(lazy(7))]: 1 },
      ),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        expect(outcome(() => resolveQuickly(one, options))).toEqual(outcome(() => byCdktf(one, options)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is refused where it leads back to itself, in cdktf's words", () => {
    const scope = new TerraformStack(new App({ outdir: "cdktf.out" }), "circular");
    const options = { scope, resolver: new DefaultTokenResolver(new StringConcat()) };
    const circular: Record<string, unknown> = {};
    circular["again"] = circular;
    expect(() => resolveQuickly(circular, options)).toThrow(/circular/);
  });
});
