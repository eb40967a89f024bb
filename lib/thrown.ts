import * as t from "io-ts";

const Thrown = t.partial({ name: t.string, message: t.string, cause: t.unknown });

/** AWS's SDK says only that it found none. */
export const NO_CREDENTIALS =
  "no AWS credentials in the environment, the shared files (AWS_PROFILE), SSO, a web identity, or of a container or an instance";

/** What was thrown, in one line a person can act on: AWS names its errors, fetch hides its own in `cause`. */
export const reasonOf = (thrown: unknown): string => {
  if (!Thrown.is(thrown)) return String(thrown);
  const { name = "", message = "", cause } = thrown;
  if (name === "CredentialsProviderError") return NO_CREDENTIALS;
  const said = message === "" ? name : [name, message].filter((part) => !/^(Error)?$/.test(part)).join(": ");
  const within = cause !== undefined ? ` (${reasonOf(cause)})` : "";
  return `${said.replaceAll(/\s+/g, " ")}${within}`;
};
