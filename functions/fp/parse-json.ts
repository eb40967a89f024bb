import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { readJson } from "../../lib/json";

/** JSON, or undefined where it is none: for what is decoded next, to which nothing is as wrong as any other fault. */
export const parseJson = (text: string): unknown =>
  pipe(
    readJson(text),
    E.match(
      () => undefined,
      ({ value }) => value,
    ),
  );
