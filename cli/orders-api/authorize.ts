import { Sha256 } from "@aws-crypto/sha256-js";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Authorize } from "../../lib/http";
import { NO_CREDENTIALS } from "../../lib/thrown";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const isLoopback = (endpoint: URL): boolean => LOOPBACK.test(endpoint.hostname);

/** `<api>.execute-api.<region>.amazonaws.com` names the region; a custom domain does not. */
const regionOf = (endpoint: URL, otherwise: string | undefined): string | undefined =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(endpoint.hostname)?.[1] ??
  otherwise ??
  process.env["AWS_REGION"] ??
  process.env["AWS_DEFAULT_REGION"];

const unsigned: Authorize = () => Promise.resolve({});

const bearer =
  (token: string): Authorize =>
  () =>
    Promise.resolve({ authorization: `Bearer ${token}` });

const signed =
  (region: string, credentials: ReturnType<typeof defaultProvider>): Authorize =>
  async (request) => {
    const url = new URL(request.url);
    const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
    const { headers } = await signer.sign({
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === "" ? {} : { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      body: await request.clone().text(),
    });
    return headers;
  };

/** How requests are authorized, and the same in words: nobody sends unsigned without being told. */
export type Authorization = { readonly authorize: Authorize; readonly how: string };

const PLAINLY = "unsigned: the API on this machine asks for a signature only when started with --auth";
const NO_REGION = "unsigned: the region is not known; set AWS_REGION";

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
): Promise<Authorization> => {
  if (token !== undefined && token !== "")
    return { authorize: bearer(token), how: "with the token in ORDERS_TOKEN" };
  // The API on this machine asks for a signature only when it was told to: with --auth iam.
  if (isLoopback(endpoint) && process.env["AWS_ACCESS_KEY_ID"] === undefined)
    return { authorize: unsigned, how: PLAINLY };
  const region = regionOf(endpoint, ofEnvironment);
  if (region === undefined) return { authorize: unsigned, how: NO_REGION };
  const credentials = defaultProvider();
  const found = await credentials().catch(() => undefined);
  return found === undefined
    ? { authorize: unsigned, how: `unsigned: ${NO_CREDENTIALS}` }
    : { authorize: signed(region, credentials), how: `signed for ${region} as ${found.accessKeyId}` };
};
