import { headerValue } from "../iam/sigv4/canonical";
import type { AwsService } from "../service";
import type { Headers } from "./call";

export type Credential = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
};

/** The credential a request says it is signed with: in its header, or in its query when presigned. */
export const credentialOf = (headers: Headers, url: string): Credential | undefined => {
  const header = headers["authorization"];
  const scope =
    header === undefined
      ? /[?&]X-Amz-Credential=([^&]+)/.exec(url)?.[1]?.replaceAll(/%2F/gi, "/")
      : /Credential=([^,\s]+)/.exec(header)?.[1];
  const [accessKeyId, date, region, service] = scope?.split("/") ?? [];
  return accessKeyId !== undefined && date !== undefined && region !== undefined && service !== undefined
    ? { accessKeyId, date, region, service }
    : undefined;
};

const PREFIX = /^[^.]+/;

/**
 * Which service a request is for: by its target header, by what a service claims as its own, by what it is
 * signed for. One that is not signed goes to the service that takes such; one signed for a service that is not here,
 * to none.
 */
export const serviceOf = (
  services: ReadonlyArray<AwsService>,
  request: Parameters<NonNullable<AwsService["claims"]>>[0],
  signedFor: string | undefined,
): AwsService | undefined => {
  const prefix = PREFIX.exec(headerValue(request.headers, "x-amz-target") ?? "")?.[0];
  return (
    services.find(({ target }) => target !== undefined && target === prefix) ??
    services.find(({ claims }) => claims?.(request) === true) ??
    services.find(({ name, takesUnsigned }) =>
      signedFor === undefined ? takesUnsigned === true : name === signedFor,
    )
  );
};
