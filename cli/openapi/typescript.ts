import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { document, written } from "./document";

/** The description in types: what the client in cli/orders-api takes and promises. */
export const typescript = async (): Promise<string> =>
  `${COMMENT_HEADER}${astToString(await openapiTS(written(document()), { immutable: true }))}`;
