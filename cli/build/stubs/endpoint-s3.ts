/**
 * For the rule set of its endpoints, which are for access points, accelerated, outposts and express buckets, too.
 * The functions use plain buckets in path style; a test compares them in every region that an environment may be in.
 */
import { type EndpointParameters, regionalUrl } from "./regional-endpoint";

export const defaultEndpointResolver = (parameters: EndpointParameters & { readonly Bucket?: string }) => {
  const url = regionalUrl("s3", parameters);
  return {
    url: new URL(`${url.pathname.replace(/\/$/, "")}/${parameters.Bucket ?? ""}`, url),
    properties: {
      authSchemes: [
        { disableDoubleEncoding: true, name: "sigv4", signingName: "s3", signingRegion: parameters.Region },
      ],
    },
    headers: {},
  };
};
