import type { RunDetails, Step } from "../../shapes";
import { useAbout, useLive, useRead } from "../data";
import { Badge, Content, Loaded, Missing, Note, Page, Time } from "../parts";
import { durationText, timeText } from "../words";
import { Way } from "./way";

const StepRow = ({ step: { state, type, entered_at, exited_at, input, output, error } }: { step: Step }) => (
  <li class={`table ${error === undefined ? (exited_at === undefined ? "plain" : "good") : "bad"}`}>
    <div class="when">
      <Time at={entered_at} />
      <span class="quiet">
        {exited_at === undefined ? "…" : durationText(Date.parse(exited_at) - Date.parse(entered_at))}
      </span>
    </div>
    <div class="what">
      <p>
        <strong>{state}</strong>
        <span class="by">{type}</span>
      </p>
      {error !== undefined && <p class="code">{error}</p>}
      <div class="contents">
        <Content name="Input" text={input} />
        {output !== undefined && <Content name="Output" text={output} />}
      </div>
    </div>
  </li>
);

const Details = ({ details }: { details: RunDetails }) => {
  const local = useAbout()?.local === true;
  const { run, steps, cut, problems } = details;
  return (
    <>
      <dl class="facts">
        <div>
          <dt>Began</dt>
          <dd>{timeText(run.started_at)}</dd>
        </div>
        <div>
          <dt>Took</dt>
          <dd>
            {run.stopped_at === undefined
              ? "still running"
              : durationText(Date.parse(run.stopped_at) - Date.parse(run.started_at))}
          </dd>
        </div>
        <div>
          <dt>Run</dt>
          <dd class="code">{run.name}</dd>
        </div>
      </dl>
      {run.error !== undefined && (
        <Note kind="problem">
          {run.error}: {run.cause}
        </Note>
      )}
      <Missing problems={problems} />
      <div class="contents">
        <Content name="Input of the run" text={run.input} />
        {run.output !== undefined && <Content name="Output of the run" text={run.output} />}
      </div>
      <div class="run">
        <Way details={details} />
        <section>
          <h2>Steps</h2>
          {steps.length === 0 && problems.length === 0 && (
            <Note kind="empty">
              Which way it took is not known any more
              {local &&
                ": of a run that ended before the platform was started, its beginning and its end are"}
              .
            </Note>
          )}
          <ol class="timeline" aria-label="Steps">
            {steps.map((step, index) => (
              <StepRow key={`${index} ${step.state}`} step={step} />
            ))}
          </ol>
          {cut && <p class="quiet">It went on; the first 5,000 events are shown.</p>}
        </section>
      </div>
    </>
  );
};

export const RunPage = ({ name }: { name: string }) => {
  const { live } = useLive();
  const first = useRead<RunDetails>(`/api/runs/${name}`, live?.at);
  return (
    <Page
      title={`Run ${name.slice(0, 8)}`}
      aside={
        <>
          {first.value !== undefined && <Badge status={first.value.run.status} />}
          <a class="back" href="/runs">
            All runs
          </a>
        </>
      }
    >
      <Loaded read={first}>{(details) => <Details details={details} />}</Loaded>
    </Page>
  );
};
