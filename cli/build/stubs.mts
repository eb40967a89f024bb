/** Which stub, of those in `stubs/`, stands for which files of the packages in the functions' bundles. */
const SMITHY = "@smithy/core/dist-es/submodules";

const STUBS: Readonly<Record<string, ReadonlyArray<string>>> = {
  "adaptive-retries.ts": [`${SMITHY}/retry/util-retry/AdaptiveRetryStrategy.js`],
  "config-files.ts": [`${SMITHY}/config/node-config-provider/fromSharedConfigFiles.js`],
  "credentials.ts": ["@aws-sdk/credential-provider-node/dist-es/index.js"],
  "endpoint-cache.ts": ["@aws-sdk/endpoint-cache/dist-es/index.js"],
  "endpoint-dynamodb.ts": ["@aws-sdk/client-dynamodb/dist-es/endpoint/endpointResolver.js"],
  "endpoint-s3.ts": ["@aws-sdk/client-s3/dist-es/endpoint/endpointResolver.js"],
  "endpoint-sns.ts": ["@aws-sdk/client-sns/dist-es/endpoint/endpointResolver.js"],
  "endpoint-sqs.ts": ["@aws-sdk/client-sqs/dist-es/endpoint/endpointResolver.js"],
  "endpoint-ssm.ts": ["@aws-sdk/client-ssm/dist-es/endpoint/endpointResolver.js"],
  "event-streams.ts": [`${SMITHY}/event-streams/index.js`],
  "instance-region.ts": [`${SMITHY}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`],
  "md5-js.ts": [`${SMITHY}/checksum/md5/Md5Js.js`],
  "multi-region-signer.ts": ["@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js"],
  "never-a-stream.cts": ["sonic-boom/index.js"],
  "never-called.cts": ["pino/lib/transport.js", "pino/lib/multistream.js", "pino/lib/redaction.js"],
  "partitions.ts": ["@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js"],
  "safe-stringify.ts": ["safe-stable-stringify/index.js"],
  "sha1-js.ts": ["@aws-sdk/checksums/dist-es/submodules/sha/sha1/Sha1Js.js"],
  "sha256-js.ts": [`${SMITHY}/checksum/sha256/Sha256Js.js`],
};

/** A file as its package's name and the path in it, and the stub that stands for it. */
export const stubOf: ReadonlyMap<string, string> = new Map(
  Object.entries(STUBS).flatMap(([stub, files]) => files.map((file) => [file, stub])),
);
