import * as t from "io-ts";

const Thrown = t.partial({ name: t.string, message: t.string, cause: t.unknown });

/** What was thrown, in one line a person can act on: AWS names its errors, fetch hides its own in `cause`. */
export const reasonOf = (thrown: unknown): string => {
  if (!Thrown.is(thrown)) return String(thrown);
  const { name = "", message = "", cause } = thrown;
  const said = message === "" ? name : [name, message].filter((part) => !/^(Error)?$/.test(part)).join(": ");
  const within = cause !== undefined ? ` (${reasonOf(cause)})` : "";
  return `${said.replaceAll(/\s+/g, " ")}${within}`;
};
