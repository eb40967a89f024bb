/** For the reader of ~/.aws/config and ~/.aws/credentials: a Lambda has neither; the environment is read before. */
import { CredentialsProviderError } from "@smithy/core/config";

export const fromSharedConfigFiles = () => () =>
  Promise.reject(
    new CredentialsProviderError("a function reads no configuration file", { tryNextLink: true }),
  );
