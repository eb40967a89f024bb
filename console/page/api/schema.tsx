import { Content } from "../parts";
import { componentOf, type Media, type Schema, wordsOf } from "./description";
import { WideTable } from "../table";

/** A text of the description: what it has in backquotes is code. */
export const Prose = ({ text }: { text: string }) => (
  <>
    {text.split("`").map((part, index) =>
      index % 2 === 0 ? (
        part
      ) : (
        <span key={index} class="code">
          {part}
        </span>
      ),
    )}
  </>
);

/** The components that a schema names, wherever in it. */
const namedIn = (schema: Schema): ReadonlyArray<string> => {
  const component = componentOf(schema);
  if (component !== undefined) return [component];
  const within = [...(schema.oneOf ?? []), ...(schema.allOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...new Set(within.flatMap(namedIn))];
};

const Kind = ({ schema }: { schema: Schema }) => {
  const links = namedIn(schema);
  return (
    <>
      {wordsOf(schema)
        .split(new RegExp(`\\b(${links.join("|") || "$."})\\b`))
        .map((part) => (links.includes(part) ? <a href={`#${part}`}>{part}</a> : part))}
    </>
  );
};

export type Row = {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string | undefined;
};

const COLUMNS = [["Name"], ["What it may be"], ["What it says"]] as const;

export const Rows = ({ label, rows }: { label: string; rows: ReadonlyArray<Row> }) => (
  <WideTable name={label} columns={COLUMNS}>
    {rows.map(({ name, schema, required, description = schema.description ?? "" }) => (
      <tr key={name}>
        <th scope="row">
          <span class="code">{name}</span>
          {!required && <span class="quiet"> optional</span>}
        </th>
        <td class="wide">
          <Kind schema={schema} />
        </td>
        <td class="wide">
          <Prose text={description} />
        </td>
      </tr>
    ))}
  </WideTable>
);

const propertiesOf = ({ properties = {}, required = [] }: Schema): ReadonlyArray<Row> =>
  Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));

/** What a schema allows: an object's properties, each of its parts, or a line. */
export const Shape = ({ label, schema }: { label: string; schema: Schema }) => {
  const parts = schema.oneOf ?? schema.allOf;
  if (parts !== undefined)
    return (
      <>
        {parts.map((each, index) => (
          <Shape key={index} label={`${label}, ${index + 1} of ${parts.length}`} schema={each} />
        ))}
      </>
    );
  const rows = propertiesOf(schema);
  return rows.length > 0 ? (
    <Rows label={label} rows={rows} />
  ) : (
    <p>
      <Kind schema={schema} />
    </p>
  );
};

/** What is sent or answered, as one media type. */
export const Body = ({ label, type, media }: { label: string; type: string; media: Media }) => (
  <>
    <p class="quiet code">{type}</p>
    <Shape label={label} schema={media.schema} />
    {Object.entries(media.examples ?? {}).map(([name, { summary, value }]) => (
      <Content key={name} name={`Example: ${summary}`} text={JSON.stringify(value)} />
    ))}
  </>
);
