import { Sha256 } from "@aws-crypto/sha256-js";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Authorize } from "./client";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const isLoopback = (endpoint: URL): boolean => LOOPBACK.test(endpoint.hostname);

/** `<api>.execute-api.<region>.amazonaws.com` names the region; a custom domain does not. */
const regionOf = (endpoint: URL, otherwise: string | undefined): string | undefined =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(endpoint.hostname)?.[1] ??
  otherwise ??
  process.env["AWS_REGION"] ??
  process.env["AWS_DEFAULT_REGION"];

const unsigned: Authorize = ({ headers }) => Promise.resolve(headers);

const bearer =
  (token: string): Authorize =>
  ({ headers }) =>
    Promise.resolve({ ...headers, authorization: `Bearer ${token}` });

const signed =
  (region: string, credentials: ReturnType<typeof defaultProvider>): Authorize =>
  async ({ method, url, headers, body }) => {
    const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
    const request = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: url.pathname,
      headers: { ...headers, host: url.host },
      ...(body === undefined ? {} : { body }),
    });
    return request.headers;
  };

/**
 * How to speak to an endpoint: with a bearer token where one is given (`jwt` environments), signed where the
 * endpoint is remote (or a key is in the environment) and AWS credentials are at hand (`iam` environments),
 * plainly otherwise.
 *
 * @param ofEnvironment the environment's region, for an endpoint whose name does not tell it
 */
export const authorizeFor = async (
  endpoint: URL,
  token: string | undefined,
  ofEnvironment?: string,
): Promise<Authorize> => {
  if (token !== undefined && token !== "") return bearer(token);
  // The API on this machine asks for a signature only when it was told to: with --auth iam.
  if (isLoopback(endpoint) && process.env["AWS_ACCESS_KEY_ID"] === undefined) return unsigned;
  const region = regionOf(endpoint, ofEnvironment);
  if (region === undefined) return unsigned;
  const credentials = defaultProvider();
  const found = await credentials().then(
    () => true,
    () => false,
  );
  return found ? signed(region, credentials) : unsigned;
};
