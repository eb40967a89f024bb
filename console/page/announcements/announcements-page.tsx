import type { SlackPost } from "../../shapes";
import { useLive, useRead } from "../data";
import { Loaded, Note, Page, Time } from "../parts";
import { linesOf, type Span } from "./mrkdwn";

const Shown = ({ span }: { span: Span }) => {
  switch (span.kind) {
    case "bold":
      return <strong>{span.text}</strong>;
    case "code":
      return <code>{span.text}</code>;
    case "text":
      return <>{span.text}</>;
  }
};

const Post = ({ post: { at, blocks } }: { post: SlackPost }) => (
  <li class="post">
    <p class="quiet">
      <strong>Orders platform</strong> <Time at={at} />
    </p>
    {blocks.map((block, index) => (
      <div key={index}>
        {linesOf(block).map((line, number) => (
          <p key={number}>
            {line.map((span, place) => (
              <Shown key={place} span={span} />
            ))}
          </p>
        ))}
      </div>
    ))}
  </li>
);

export const AnnouncementsPage = () => {
  const { live } = useLive();
  const read = useRead<ReadonlyArray<SlackPost>>("/api/announcements", live?.at);
  return (
    <Page title="Announcements" aside={<span class="quiet">as Slack shows them</span>}>
      <Loaded read={read}>
        {(posts) =>
          posts.length === 0 ? (
            <Note kind="empty">Nothing was announced yet: a rejected order is, or an alarm.</Note>
          ) : (
            <ol class="posts" aria-label="Announcements">
              {posts.map((post, index) => (
                <Post key={`${post.at} ${index}`} post={post} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Page>
  );
};
