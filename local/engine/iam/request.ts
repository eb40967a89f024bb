/** A request as policies see it: principal, action, resource and context. */

/** A `Role` acts through a session, and has its path before its name; a `Service` is AWS itself (`sns.amazonaws.com`) delivering or invoking. */
export type Principal =
  | { readonly _tag: "Role"; readonly account: string; readonly name: string; readonly session: string }
  | { readonly _tag: "User"; readonly account: string; readonly name: string }
  | { readonly _tag: "Service"; readonly name: string }
  | { readonly _tag: "Anonymous" };

/** Values of condition keys (`aws:SecureTransport`); names are compared without regard to case. */
export type Context = Readonly<Record<string, string | ReadonlyArray<string>>>;

export type Request = {
  readonly principal: Principal;
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN, or `*` where an action has no resource. */
  readonly resource: string;
  readonly context: Context;
};

export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** How AWS names the principal, in its errors and (for users) in policies. */
export const principalArn = (principal: Principal): string => {
  switch (principal._tag) {
    case "Role":
      // A session's ARN leaves out the role's path.
      return `arn:aws:sts::${principal.account}:assumed-role/${principal.name.replace(/^.*\//, "")}/${principal.session}`;
    case "User":
      return `arn:aws:iam::${principal.account}:user/${principal.name}`;
    case "Service":
      return principal.name;
    case "Anonymous":
      return "anonymous";
  }
};

/** The condition keys that follow from the principal; no caller can set them. */
const ownContext = (principal: Principal): Context => {
  switch (principal._tag) {
    case "Role":
      return {
        "aws:PrincipalArn": roleArn(principal.account, principal.name),
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalIsAWSService": "false",
      };
    case "User":
      return {
        "aws:PrincipalArn": principalArn(principal),
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalIsAWSService": "false",
      };
    case "Service":
      return { "aws:PrincipalServiceName": principal.name, "aws:PrincipalIsAWSService": "true" };
    case "Anonymous":
      return { "aws:PrincipalIsAWSService": "false" };
  }
};

/** The condition keys of a request by their lower-case names; a key with no value is not there. */
export type Values = ReadonlyMap<string, ReadonlyArray<string>>;

export const valuesOf = ({ principal, context }: Request): Values => {
  const all = [...Object.entries(context), ...Object.entries(ownContext(principal))];
  return new Map(
    all
      .map(([key, value]) => [key.toLowerCase(), typeof value === "string" ? [value] : value] as const)
      .filter(([, values]) => values.length > 0),
  );
};
