import { humanPlan } from "../../../cli/deploy/human-plan";

/** What Terraform prints for a block of a set, one of whose attributes a provider reads as 0 where none was set. */
const READ_ANEW = `
Note: Objects have changed outside of Terraform

Terraform detected the following changes made outside of Terraform since the
last "terraform apply" which may have affected this plan:

  # aws_cloudwatch_metric_alarm.errors has changed
  ~ resource "aws_cloudwatch_metric_alarm" "errors" {
        id                                    = "errors"
        # (18 unchanged attributes hidden)

      - metric_query {
          - id          = "among" -> null
          - return_data = false -> null

          - metric {
              - dimensions  = {
                  - "ApiId" = "api-1"
                } -> null
              - period      = 60 -> null
            }
        }
      + metric_query {
          + id          = "among"
          + period      = 0
          + return_data = false

          + metric {
              + dimensions  = {
                  + "ApiId" = "api-1"
                }
              + period      = 60
            }
        }
    }

This is a refresh-only plan, so Terraform will not take any actions to undo these.
`;

it("takes a block that is read again for the same except for what is new in it", () => {
  const [alarm] = humanPlan(READ_ANEW).drift;
  expect(alarm?.address).toBe("aws_cloudwatch_metric_alarm.errors");
  expect(
    alarm?.attributes.filter(({ before, after }) => before !== after).map(({ path, after }) => [path, after]),
  ).toEqual([["metric_query.period", "0"]]);
});
