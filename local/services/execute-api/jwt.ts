/** A JWT authorizer as API Gateway's: tokens are verified against the issuer's published keys. */
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { ConfigOf } from "../catalog";
import { isArray, isObject, type Json, type JsonObject } from "../../json";
import { messageOf } from "../../start-error";
import type { resources } from "./resources";

/** What a route learns of the one who asks. */
type Bearer = { readonly claims: JsonObject; readonly scopes: ReadonlyArray<string> };

/**
 * `Unauthorized`: the token is missing or no good. `Forbidden`: it lacks the route's scopes. `Unreachable`: the
 * issuer could not be asked for its keys.
 */
type NoBearer = {
  readonly _tag: "Unauthorized" | "Forbidden" | "Unreachable";
  readonly problem: string;
};

export type Authorizer = (
  headers: Readonly<Record<string, string>>,
  wantedScopes: ReadonlyArray<string>,
) => Promise<E.Either<NoBearer, Bearer>>;

/** The algorithms API Gateway takes: RSA only, never `none`, never a shared secret. */
const ALGORITHMS = ["RS256", "RS384", "RS512"];
const ASK_MS = 5_000;

const Configuration = t.type({ jwks_uri: t.string });

const keysOf = async (issuer: string) => {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) });
  const configuration: unknown = await answer.json();
  if (!Configuration.is(configuration)) throw new Error(`${url} names no jwks_uri`);
  return createRemoteJWKSet(new URL(configuration.jwks_uri), { timeoutDuration: ASK_MS });
};

const failed = (_tag: NoBearer["_tag"], problem: string): E.Either<NoBearer, never> =>
  E.left({ _tag, problem });

const scopesOf = (scope: unknown): ReadonlyArray<string> =>
  typeof scope === "string" && scope !== "" ? scope.split(" ") : [];

/** `aud` counts, and `client_id` where there is no `aud`, as access tokens of some issuers have it. */
const isFor = (payload: Readonly<Record<string, unknown>>, audience: ReadonlyArray<string>): boolean => {
  const { aud, client_id } = payload;
  const stated = aud === undefined ? [client_id] : [aud].flat();
  return stated.some((one) => typeof one === "string" && audience.includes(one));
};

/** A claim as a function sees it: always a text. */
const shown = (claim: Json): string =>
  typeof claim === "string"
    ? claim
    : isArray(claim)
      ? `[${claim.map(shown).join(" ")}]`
      : JSON.stringify(claim);

/** API Gateway looks for the token in the header, with or without "Bearer". */
const tokenIn = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers["authorization"]?.replace(/^bearer /i, "").trim();

export const jwtAuthorizer = ({
  jwt_configuration: { issuer, audience },
}: ConfigOf<typeof resources.aws_apigatewayv2_authorizer>): Authorizer => {
  // Asked when the first token comes, and again after it could not be asked: an issuer may start later.
  let keys: ReturnType<typeof keysOf> | undefined;
  const askedKeys = () =>
    (keys ??= keysOf(issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    }));
  return async (headers, wantedScopes) => {
    const token = tokenIn(headers);
    if (token === undefined || token === "") return failed("Unauthorized", "no token");
    const published = await askedKeys().catch(messageOf);
    if (typeof published === "string") return failed("Unreachable", `${issuer}: ${published}`);
    const verified = await jwtVerify(token, published, {
      issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ["exp"],
    }).catch((error: unknown) => ({ error }));
    if ("error" in verified) {
      const { error } = verified;
      return error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)
        ? failed("Unreachable", `${issuer}: ${messageOf(error)}`)
        : failed("Unauthorized", error.message);
    }
    const { payload } = verified;
    if (!isFor(payload, audience)) return failed("Unauthorized", "the token is for another audience");
    const scopes = scopesOf(payload["scope"] ?? payload["scp"]);
    if (wantedScopes.length > 0 && !wantedScopes.some((scope) => scopes.includes(scope)))
      return failed("Forbidden", `the token has none of the scopes ${wantedScopes.join(", ")}`);
    const claims: JsonObject = isObject(payload)
      ? Object.fromEntries(Object.entries(payload).map(([name, claim]) => [name, shown(claim ?? null)]))
      : {};
    return E.right({ claims, scopes });
  };
};
