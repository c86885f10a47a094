/**
 * Tools of the server itself: for logins and its state, and by which a client finds, reads and calls the others where
 * those are too many for a list.
 */
import type { Tool } from "@modelcontextprotocol/server";

const READING = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

export const LOGIN_TOOL: Tool = {
  name: "keysmith_login",
  title: "keysmith: log in",
  description:
    "Starts a login to an app or service and answers the address of a page on the user's computer. Show the " +
    "address to the user, who opens it there and logs in; then call the tool that needed the login again. " +
    "Never ask the user for a password yourself.",
  inputSchema: {
    type: "object",
    properties: {
      owner: { type: "string", description: "The app or service, as keysmith_status lists it" },
    },
    required: ["owner"],
    additionalProperties: false,
  },
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
};

export const STATUS_TOOL: Tool = {
  name: "keysmith_status",
  title: "keysmith: status",
  description:
    "Which applications and services there are, how many tools each offers, what is not offered and why, " +
    "who is logged in, and whether the configuration can be read. Changes nothing.",
  inputSchema: { type: "object", properties: {}, additionalProperties: false },
  annotations: READING,
};

const NAME = { type: "string", description: "As search_tools answers it" } as const;

export const SEARCH_TOOL: Tool = {
  name: "search_tools",
  title: "keysmith: search tools",
  description:
    "Finds the operations of the user's applications and services by what is to be done, in any words. Answers " +
    "names, requests and arguments, best first. Then describe_tool says what a call takes, and call_tool makes it. " +
    "Without a query it lists by name what fits the filters.",
  inputSchema: {
    type: "object",
    properties: {
      query: { type: "string", description: "What is to be done, such as: close an invoice" },
      owner: { type: "string", description: "Only of this application or service" },
      tag: { type: "string", description: "Only of this group; * stands for any text" },
      method: { type: "string", description: "Only of this HTTP method" },
      path: { type: "string", description: "Only at or below this path; * stands for any text" },
      pattern: {
        type: "string",
        description: "Only names or requests that fit; * stands for any text",
      },
      limit: { type: "integer", minimum: 1, maximum: 50, description: "Default: 10" },
      offset: { type: "integer", minimum: 0, description: "How many to pass over; default: 0" },
    },
    additionalProperties: false,
  },
  annotations: READING,
};

export const DESCRIBE_TOOL: Tool = {
  name: "describe_tool",
  title: "keysmith: describe a tool",
  description:
    "Everything about one operation: what it does, the JSON Schema of its arguments, and of its answer where known.",
  inputSchema: {
    type: "object",
    properties: { name: NAME },
    required: ["name"],
    additionalProperties: false,
  },
  annotations: READING,
};

export const CALL_TOOL = "call_tool";

/** `isReadOnly`: the server offers tools that change nothing, and no others. */
export function callToolTool(isReadOnly: boolean): Tool {
  return {
    name: CALL_TOOL,
    title: "keysmith: call a tool",
    description: "Calls one operation with the user's own account, and answers what it answered.",
    inputSchema: {
      type: "object",
      properties: {
        name: NAME,
        arguments: { type: "object", description: "As describe_tool says" },
      },
      required: ["name"],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: isReadOnly,
      destructiveHint: !isReadOnly,
      idempotentHint: isReadOnly,
      openWorldHint: true,
    },
  };
}
