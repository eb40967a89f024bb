import { createHash } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { faultLines } from "../../lib/faults";
import { rawKey } from "../domain/archive";
import { readPage } from "../domain/results";
import type { RawPages } from "../ports/capabilities";
import { permanent } from "../ports/errors";
import { portError } from "./aws-error";
import { s3 } from "./clients";
import { putJson } from "./s3-result-archive";

/** Result pages on S3, under keys that name their content: no other page ever takes the place of one. */
export const s3RawPages = (bucket: string, signal: AbortSignal): RawPages => ({
  keep: (page, bytes) => {
    const key = rawKey(page, createHash("sha256").update(bytes).digest("hex"));
    return pipe(putJson("keeping the page", signal, { Bucket: bucket, Key: key, Body: bytes }), TE.as(key));
  },
  read: (key) => {
    const operation = `reading the page ${key}`;
    return pipe(
      TE.tryCatch(async () => {
        const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
          abortSignal: signal,
        });
        return Body?.transformToString();
      }, portError(operation)),
      TE.flatMapEither((text) =>
        pipe(
          readPage(text ?? ""),
          E.mapLeft((errors) => permanent(operation, faultLines(errors))),
        ),
      ),
    );
  },
});
