import { useEffect, useState } from "preact/hooks";
import { useRead } from "../data";
import { Loaded, Page } from "../parts";
import { curlOf, type Description, type Route, routesOf } from "./description";
import { Body, Prose, Rows, Shape } from "./schema";

const COPIED_MS = 2_000;

const Curl = ({ text }: { text: string }) => {
  const [said, say] = useState("");
  useEffect(() => {
    if (said === "") return undefined;
    const over = setTimeout(() => say(""), COPIED_MS);
    return () => clearTimeout(over);
  }, [said]);
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => say("copied"),
      () => say("the browser does not let it be copied"),
    );
  return (
    <div class="curl">
      <pre tabIndex={0}>{text}</pre>
      <button type="button" onClick={copy}>
        Copy
      </button>
      <span role="status" class="quiet">
        {said}
      </span>
    </div>
  );
};

const Operation = ({ route, server }: { route: Route; server: string }) => {
  const { method, path, operation } = route;
  const { operationId: id, summary, description, parameters, requestBody, responses } = operation;
  return (
    <section id={id} class="operation" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <span class="code">
          {method} {path}
        </span>{" "}
        {summary}
      </h2>
      <p>
        <Prose text={description} />
      </p>
      <Curl text={curlOf(server, route)} />
      {parameters.length > 0 && <Rows label={`Parameters of ${id}`} rows={parameters} />}
      {Object.entries(requestBody?.content ?? {}).map(([type, media]) => (
        <Body key={type} label={`Body of ${id}`} type={type} media={media} />
      ))}
      <h3>Answers</h3>
      {Object.entries(responses).map(([status, { description: meaning, content }]) => (
        <details key={status} class="content">
          <summary>
            {status}: <Prose text={meaning} />
          </summary>
          {Object.entries(content).map(([type, media]) => (
            <Body key={type} label={`${status} of ${id} as ${type}`} type={type} media={media} />
          ))}
        </details>
      ))}
    </section>
  );
};

const Reference = ({ description }: { description: Description }) => {
  const routes = routesOf(description);
  // What the address names is not there yet when the browser looks for it.
  useEffect(() => document.getElementById(window.location.hash.slice(1))?.scrollIntoView(), []);
  return (
    <div class="reference">
      <p>
        <Prose text={description.info.description} />
      </p>
      <ul aria-label="Operations">
        {routes.map(({ method, path, operation: { operationId, summary } }) => (
          <li key={operationId}>
            <a href={`#${operationId}`}>
              <span class="code">
                {method} {path}
              </span>
            </a>{" "}
            {summary}
          </li>
        ))}
      </ul>
      {routes.map((route) => (
        <Operation
          key={route.operation.operationId}
          route={route}
          server={description.servers[0]?.url ?? ""}
        />
      ))}
      <h2>Schemas</h2>
      {Object.entries(description.components.schemas).map(([name, schema]) => (
        <section key={name} id={name} aria-label={name}>
          <h3>{name}</h3>
          <Shape label={`Properties of ${name}`} schema={schema} />
        </section>
      ))}
    </div>
  );
};

export const ApiPage = () => {
  const read = useRead<Description>("/openapi.json");
  return (
    <Page
      title="API"
      aside={
        <a class="back" href="/openapi.json" target="_blank" rel="noreferrer">
          openapi.json
        </a>
      }
    >
      <Loaded read={read}>{(description) => <Reference description={description} />}</Loaded>
    </Page>
  );
};
