import { PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { ResultArchive } from "../ports/capabilities";
import { portError } from "./aws-error";
import { s3 } from "./clients";

export const putJson = (operation: string, abortSignal: AbortSignal, object: PutObjectCommandInput) =>
  TE.tryCatch(
    () => s3().send(new PutObjectCommand({ ...object, ContentType: "application/json" }), { abortSignal }),
    portError(operation),
  );

/** The archive on S3, one JSON object a page. */
export const s3ResultArchive = (bucket: string, signal: AbortSignal): ResultArchive => ({
  put: (key, content) =>
    pipe(
      putJson("archiving", signal, { Bucket: bucket, Key: key, Body: JSON.stringify(content) }),
      TE.asUnit,
    ),
});
