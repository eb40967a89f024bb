import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../json";

/** Who makes a call. Permissions are a matter of callers; see `permissions/authorize.ts`. */
export type Caller =
  /** A function, a state machine or a schedule under its role. */
  | { readonly kind: "role"; readonly arn: string }
  /** A service that acts for a resource of the stack, as resource policies name it. */
  | {
      readonly kind: "service";
      readonly principal: string;
      readonly sourceArn: string;
      /** Acts on its own resources: no policy applies. */
      readonly unquestioned?: true;
    }
  /** The operator of this machine. */
  | { readonly kind: "operator" }
  /** The holder of a token that an HTTP API's authorizer accepted. */
  | { readonly kind: "bearer"; readonly claims: JsonObject; readonly scopes: ReadonlyArray<string> }
  /** Anonymous: an HTTP API's route without authorization. */
  | { readonly kind: "anonymous" }
  /** The platform's own bookkeeping, which no stack declares and no policy knows. */
  | { readonly kind: "platform" };

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** The operator's key. It opens nothing that loopback does not. */
export const OPERATOR_KEY = { accessKeyId: "local", secretAccessKey: "local" };

const OPERATOR: Caller = { kind: "operator" };
export const ANONYMOUS: Caller = { kind: "anonymous" };
export const PLATFORM: Caller = { kind: "platform" };

const make = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(10).toString("hex").toUpperCase().slice(0, 16)}`,
  secretAccessKey: randomBytes(30).toString("base64"),
  sessionToken: randomBytes(60).toString("base64"),
});

/** Each role's own key, made at every start and known to this process only. */
export const makeKeyring = () => {
  const byRole = new Map<string, Credentials>();
  const byKey = new Map<string, { readonly role: string; readonly credentials: Credentials }>();
  return {
    credentialsOf: (role: string): Credentials => {
      const known = byRole.get(role);
      if (known !== undefined) return known;
      const credentials = make();
      byRole.set(role, credentials);
      byKey.set(credentials.accessKeyId, { role, credentials });
      return credentials;
    },
    credentialsWith: (accessKeyId: string): Pick<Credentials, "secretAccessKey"> | Credentials | undefined =>
      accessKeyId === OPERATOR_KEY.accessKeyId ? OPERATOR_KEY : byKey.get(accessKeyId)?.credentials,
    /** The caller that a key was issued to, if it was issued. */
    callerWith: (accessKeyId: string): Caller => {
      if (accessKeyId === OPERATOR_KEY.accessKeyId) return OPERATOR;
      const held = byKey.get(accessKeyId);
      return held === undefined ? ANONYMOUS : { kind: "role", arn: held.role };
    },
  };
};

export type Keyring = ReturnType<typeof makeKeyring>;

/** The ARN under which AWS knows a caller: of a role it is that of the session, which Lambda names after the function. */
export const userArn = (caller: Caller, account: string): string => {
  const role = caller.kind === "role" ? caller.arn.slice(caller.arn.lastIndexOf("/") + 1) : undefined;
  return role === undefined
    ? `arn:aws:iam::${account}:root`
    : `arn:aws:sts::${account}:assumed-role/${role}/${role}`;
};

/** For people to read: `role local-orders-place-orders`, `sns.amazonaws.com`, `operator`. */
export const nameOf = (caller: Caller): string => {
  switch (caller.kind) {
    case "role":
      return `role ${caller.arn.slice(caller.arn.indexOf("/") + 1)}`;
    case "service":
      return caller.principal;
    case "bearer":
    case "operator":
    case "anonymous":
    case "platform":
      return caller.kind;
  }
};
