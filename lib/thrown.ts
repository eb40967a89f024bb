import * as t from "io-ts";

const Thrown = t.partial({ name: t.string, message: t.string });

/** What was thrown, in one line a person can act on: AWS names its errors, fetch hides its own in `cause`. */
export const reasonOf = (thrown: unknown): string => {
  if (!Thrown.is(thrown)) return String(thrown);
  const { name = "", message = "" } = thrown;
  const said = message === "" ? name : [name, message].filter((part) => !/^(Error)?$/.test(part)).join(": ");
  const within = thrown instanceof Error && thrown.cause !== undefined ? ` (${reasonOf(thrown.cause)})` : "";
  return `${said.replaceAll(/\s+/g, " ")}${within}`;
};

/** Why `fetch` got no answer: it hides the reason (ECONNREFUSED, …) in `cause`. */
export const causeOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error && thrown.cause.message !== "" ? thrown.cause.message : thrown.message;
};
