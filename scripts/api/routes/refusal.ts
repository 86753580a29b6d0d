import { type Context } from "hono";
import { type z } from "@hono/zod-openapi";

/** Why a question is refused, in one sentence that names the field. */
export function refusalOf(c: Context, { issues }: z.ZodError): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys")
    return `${c.req.path} takes no field "${issue.keys.join('", "')}": see /openapi.json.`;
  return `"${issue.path.join(".")}" ${issue.code === "invalid_type" ? "must be given once" : issue.message}.`;
}
