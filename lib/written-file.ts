import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as t from "io-ts";
import { type Fault, faults, kindOf, type Reporter, unreadableFault } from "./faults";
import { readJson, Unreadable } from "./json";
import { nearest } from "./nearest";
import { cut, oneLine } from "./text";

const SHOWN = 60;

/** For files that people write and that hold no secret: what is there is shown, and what was probably meant. */
const open: Reporter = {
  actual: (value) =>
    value === undefined || value instanceof Unreadable
      ? kindOf(value)
      : cut(oneLine(JSON.stringify(value)), SHOWN),
  nearest,
};

/** Everything that is wrong with a file's JSON: what is twice or would be rounded, then what the codec refuses. */
export const decodeWritten = <A>(
  codec: t.Decoder<unknown, A>,
  text: string,
): { readonly value: unknown; readonly decoded: E.Either<ReadonlyArray<Fault>, A> } =>
  pipe(
    readJson(text),
    E.match(
      (message) => ({
        value: undefined,
        decoded: E.left([{ path: "(file)", expected: "JSON", actual: message }]),
      }),
      ({ value, found }) => {
        const decoded = pipe(
          codec.decode(value),
          E.mapLeft((errors) => faults(errors, "(file)", open)),
        );
        const unreadable = found.map((one) => unreadableFault(one, "(file)"));
        const paths = new Set(unreadable.map(({ path }) => path));
        const others = E.isLeft(decoded) ? decoded.left.filter(({ path }) => !paths.has(path)) : [];
        return {
          value,
          decoded: found.length === 0 ? decoded : E.left([...unreadable, ...others]),
        };
      },
    ),
  );
