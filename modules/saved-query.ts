import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition";
import { Construct } from "constructs";

export type SavedQueryProps = {
  /** Under which it stands among the saved queries. */
  readonly name: string;
  readonly logGroups: ReadonlyArray<string>;
  /** Its commands, which pipes join. */
  readonly commands: ReadonlyArray<string>;
};

/** A query of CloudWatch Logs Insights that nobody has to write at night. */
export class SavedQuery extends Construct {
  constructor(scope: Construct, id: string, { name, logGroups, commands }: SavedQueryProps) {
    super(scope, id);
    new CloudwatchQueryDefinition(this, "this", {
      name,
      logGroupNames: [...logGroups],
      queryString: commands.join("\n| "),
    });
  }
}
