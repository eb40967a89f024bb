/** A table has one stream here, for as long as it exists; AWS names each by when it was made. */
const LABEL = "2026-01-01T00:00:00.000";

export const streamOf = (tableArn: string) => ({
  stream_label: LABEL,
  stream_arn: `${tableArn}/stream/${LABEL}`,
});

/** The name of a stream's table. */
export const tableOfStream = (streamArn: string): string | undefined =>
  /:table\/([^/]+)\/stream\//.exec(streamArn)?.[1];
