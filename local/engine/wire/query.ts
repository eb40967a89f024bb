/** The query protocol as the JSON that it means: a form in, XML out. */
import { randomUUID } from "node:crypto";
import type { AwsAnswer } from "../gateway/call";
import { isArray, isObject, type Json } from "../../json";
import { escapeXml } from "./answer";

type Entry = readonly [path: ReadonlyArray<string>, value: string];

const fields = (entries: ReadonlyArray<Entry>): Json => {
  const [first] = entries;
  if (first?.[0].length === 0) return first[1];
  const byName = Map.groupBy(entries, ([[name = ""]]) => name);
  const within = [...byName].map(
    ([name, some]) => [name, fields(some.map(([path, value]) => [path.slice(1), value]))] as const,
  );
  return within.length > 0 && within.every(([name]) => /^\d+$/.test(name))
    ? within.sort(([one], [other]) => Number(one) - Number(other)).map(([, value]) => value)
    : Object.fromEntries(within);
};

/** `Dimensions.member.1.Name=QueueName` as `{"Dimensions":[{"Name":"QueueName"}]}`; every value is a text. */
export const formFields = (form: Readonly<Record<string, string>>): Json =>
  fields(
    Object.entries(form).map(([name, value]) => [name.split(".").filter((step) => step !== "member"), value]),
  );

/** @param maps the properties whose own names are no elements, but keys */
export const xmlOf = (value: Json, maps: ReadonlySet<string> = new Set()): string => {
  if (isArray(value)) return value.map((one) => `<member>${xmlOf(one, maps)}</member>`).join("");
  if (!isObject(value)) return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, one]) => `<${name}>${maps.has(name) ? entriesOf(one) : xmlOf(one, maps)}</${name}>`)
    .join("");
};

const entriesOf = (map: Json): string =>
  Object.entries(isObject(map) ? map : {})
    .map(([key, value]) => `<entry>${xmlOf({ key, value })}</entry>`)
    .join("");

/** @param result in XML, without the element around it */
export const queryAnswer = (operation: string, namespace: string, result: string): AwsAnswer => ({
  status: 200,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(
    `<${operation}Response xmlns="${namespace}"><${operation}Result>${result}</${operation}Result>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
  ),
});
