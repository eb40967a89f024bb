import { isLeft } from "fp-ts/Either";
import * as R from "fp-ts/ReadonlyRecord";
import * as t from "io-ts";
import { faults } from "../../lib/faults";
import type { Asks, Contract, Use } from "../contract";

/** @throws naming each variable that is wrong, never its value; the function then fails to start, loudly */
export const decodeVariables = <A>(codec: t.Decoder<unknown, A>): A => {
  const decoded = codec.decode(process.env);
  if (isLeft(decoded)) {
    const lines = faults(decoded.left).map(
      ({ path, expected, actual }) => `${path} (expected ${expected}, got ${actual})`,
    );
    throw new Error(`The function's environment variables are wrong: ${lines.join(", ")}`);
  }
  return decoded.right;
};

const texts = <K extends string>(uses: Readonly<Record<K, Use>>): Readonly<Record<K, t.StringC>> =>
  R.map(() => t.string)(uses);

/** The environment variables that a function's contract names, and the environment's name, decoded when it starts. */
export const environmentOf = <K extends string, S extends t.Props>({
  uses,
  settings,
}: Pick<Contract<string, Readonly<Record<K, Use>>, S, Asks>, "uses" | "settings">) =>
  decodeVariables(
    t.intersection([t.strict({ ENVIRONMENT: t.string }), t.strict(texts(uses)), t.strict(settings)]),
  );
