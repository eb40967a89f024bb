import { randomBytes } from "node:crypto";

/** Who makes a call. Permissions are a matter of callers; see `authorize` in gateway.ts. */
export type Caller =
  /** A function, a state machine or a schedule under its role. */
  | { readonly kind: "role"; readonly arn: string }
  /** A service that acts for a resource of the stack, as resource policies name it. */
  | { readonly kind: "service"; readonly principal: string; readonly sourceArn: string }
  /** Whoever sits at this machine: any key that is no role's. */
  | { readonly kind: "operator" }
  /** Nobody in particular: an HTTP API's route without authorization. */
  | { readonly kind: "anonymous" }
  /** The platform's own bookkeeping, which no stack declares and no policy knows. */
  | { readonly kind: "platform" };

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

export const OPERATOR: Caller = { kind: "operator" };
export const ANONYMOUS: Caller = { kind: "anonymous" };
export const PLATFORM: Caller = { kind: "platform" };

/** Each role's own key, made at every start: nothing outside this process ever knows one. */
export type Keyring = {
  readonly credentialsOf: (roleArn: string) => Credentials;
  readonly credentialsWith: (accessKeyId: string) => Credentials | undefined;
  /** The caller who holds a key; a key that is no role's is the operator's. */
  readonly callerWith: (accessKeyId: string | undefined) => Caller;
};

const make = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(10).toString("hex").toUpperCase().slice(0, 16)}`,
  secretAccessKey: randomBytes(30).toString("base64"),
  sessionToken: randomBytes(60).toString("base64"),
});

export const makeKeyring = (): Keyring => {
  const byRole = new Map<string, Credentials>();
  const byKey = new Map<string, { readonly role: string; readonly credentials: Credentials }>();
  return {
    credentialsOf: (role) => {
      const known = byRole.get(role);
      if (known !== undefined) return known;
      const credentials = make();
      byRole.set(role, credentials);
      byKey.set(credentials.accessKeyId, { role, credentials });
      return credentials;
    },
    credentialsWith: (accessKeyId) => byKey.get(accessKeyId)?.credentials,
    callerWith: (accessKeyId) => {
      const held = accessKeyId === undefined ? undefined : byKey.get(accessKeyId);
      return held === undefined ? OPERATOR : { kind: "role", arn: held.role };
    },
  };
};

/** For people to read: `role local-orders-place-orders`, `sns.amazonaws.com`, `operator`. */
export const nameOf = (caller: Caller): string => {
  switch (caller.kind) {
    case "role":
      return `role ${caller.arn.slice(caller.arn.indexOf("/") + 1)}`;
    case "service":
      return caller.principal;
    case "operator":
    case "anonymous":
    case "platform":
      return caller.kind;
  }
};
