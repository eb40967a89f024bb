/** What the page reads of `openapi.json`, which `npm run openapi` writes: of the same build as the page. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: ReadonlyArray<unknown>;
  readonly const?: unknown;
  readonly format?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: ReadonlyArray<string>;
  readonly oneOf?: ReadonlyArray<Schema>;
  readonly allOf?: ReadonlyArray<Schema>;
};

type Example = { readonly summary: string; readonly value: unknown };
export type Media = { readonly schema: Schema; readonly examples?: Readonly<Record<string, Example>> };
type Contents = Readonly<Record<string, Media>>;

type Parameter = {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: Schema;
  readonly description: string;
  readonly example?: unknown;
};

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: ReadonlyArray<Parameter>;
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Contents }>>;
};

export type Description = {
  readonly info: { readonly description: string };
  readonly servers: ReadonlyArray<{ readonly url: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export type Route = { readonly method: string; readonly path: string; readonly operation: Operation };

export const routesOf = ({ paths }: Description): ReadonlyArray<Route> =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** The component that a reference leads to, by its name. */
export const componentOf = ({ $ref }: Schema): string | undefined => $ref?.split("/").at(-1);

const span = (unit: string, least?: number, most?: number): ReadonlyArray<string> => {
  if (least === undefined && most === undefined) return [];
  if (most === undefined) return [`from ${least ?? ""}${unit}`];
  return [least === undefined ? `up to ${most}${unit}` : `${least} to ${most}${unit}`];
};

/** What a value may be, in a line; what is within it is told elsewhere. */
export const wordsOf = (schema: Schema): string => {
  const component = componentOf(schema);
  if (component !== undefined) return component;
  if (schema.oneOf !== undefined) return schema.oneOf.map(wordsOf).join(" or ");
  if (schema.allOf !== undefined) return schema.allOf.map(wordsOf).join(", ");
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(", ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.items !== undefined)
    return [`list of ${wordsOf(schema.items)}`, ...span("", schema.minItems, schema.maxItems)].join(", ");
  const { type = schema.properties === undefined ? "anything" : "object", format } = schema;
  return [
    type,
    ...(format === undefined ? [] : [format]),
    ...span("", schema.minimum, schema.maximum),
    ...span(" characters", schema.minLength, schema.maxLength),
  ].join(", ");
};

/** In single quotes, a shell reads nothing in a text but its end. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A request that can be pasted into a terminal: with what it must have, as in the first example. */
export const curlOf = (server: string, { method, path, operation }: Route): string => {
  const { parameters, requestBody } = operation;
  const filled = parameters
    .filter(({ in: place }) => place === "path")
    .reduce(
      (url, { name, example = 1 }) => url.replace(`{${name}}`, encodeURIComponent(String(example))),
      path,
    );
  const [example] = Object.values(requestBody?.content["application/json"]?.examples ?? {});
  return [
    "curl -sS",
    ...(method === "GET" || requestBody !== undefined ? [] : [`-X ${method}`]),
    ...(example === undefined
      ? []
      : ["-H 'content-type: application/json'", `--data ${quoted(JSON.stringify(example.value))}`]),
    quoted(`${server}${filled}`),
  ].join(" ");
};
