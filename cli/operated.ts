/** The environment that an operator's command works on, and how its AWS API is reached. */
import { isLeft } from "fp-ts/Either";
import type { Environment } from "../environments/environment";
import { Ended, failure } from "../lib/command";
import { reasonOf } from "../lib/thrown";
import { environmentOf } from "./environment-files";

/** What every AWS client of these commands is made with. */
export type AwsSettings = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const LOCAL_AWS = "http://127.0.0.1:4566";
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

export const isLocal = ({ name }: Environment): boolean => name === "local";

export const awsSettings = (environment: Environment, given: string | undefined): AwsSettings => {
  const endpoint = given ?? environment.endpoint ?? (isLocal(environment) ? LOCAL_AWS : undefined);
  return {
    region: environment.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isLocal(environment) ? { credentials: LOCAL_CREDENTIALS } : {}),
  };
};

/** @throws Ended where there is no environment of that name, or its file has faults */
export const operated = (name: string): Environment => {
  const found = environmentOf(name);
  if (isLeft(found)) throw new Ended(found.left);
  return found.right;
};

/** What a call threw; where nothing answers at the endpoint, that and what to do. */
export const orUnreachable = ({ endpoint }: AwsSettings, thrown: unknown): unknown =>
  endpoint !== undefined && /ECONNREFUSED|ENOTFOUND/.test(reasonOf(thrown))
    ? new Ended(
        failure(
          2,
          `${endpoint}: nothing answers there: ${reasonOf(thrown)}. Is the platform running (npm start)?`,
        ),
      )
    : thrown;
