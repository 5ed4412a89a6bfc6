// Every screen, by its address: the list that the tests of languages, sizes and accessibility walk through.

import type { Name } from "./people.ts";

export interface Screen {
  name: string;
  path: string;
  who: Name | "nobody";
}

/** Screens that belong to no project. */
export const siteScreens: Screen[] = [
  { name: "sign-in", path: "/sign-in", who: "nobody" },
  { name: "projects", path: "/", who: "ann" },
  { name: "projects of an admin", path: "/", who: "admin" },
  { name: "account", path: "/account", who: "ann" },
  { name: "tokens", path: "/account/tokens", who: "ann" },
  { name: "users", path: "/users", who: "admin" },
  { name: "new project", path: "/new-project", who: "admin" },
];

/** The screens of a project. Those of one version need that there is one. */
export function projectScreens(slug: string, content: "empty" | "filled"): Screen[] {
  const screen = (name: string, path: string, who: Name): Screen => ({ name, path: `/projects/${slug}${path}`, who });
  const screens = [
    screen("project, to an annotator", "", "ann"),
    screen("project, to a manager", "", "manager"),
    screen("annotate", "/annotate", "ben"),
    screen("own answers", "/answers", "ann"),
    screen("own work", "/my-work", "ann"),
    screen("guideline", "/guideline", "ann"),
    screen("review", "/review", "reviewer"),
    screen("approved", "/review?state=approved", "reviewer"),
    screen("samples", "/samples", "reviewer"),
    screen("agreement", "/agreement", "reviewer"),
    screen("ambiguous pairs", "/ambiguous-pairs", "reviewer"),
    screen("annotators", "/annotators", "manager"),
    screen("yield", "/yield", "manager"),
    screen("known answers", "/known-answers", "manager"),
    screen("versions", "/versions", "manager"),
    screen("staged", "/versions/staged", "manager"),
    screen("change sets", "/change-sets", "reviewer"),
    screen("export", "/export", "reviewer"),
    screen("upload", "/upload", "manager"),
    screen("imports", "/imports", "manager"),
    screen("members", "/members", "manager"),
    screen("webhooks", "/webhooks", "manager"),
    screen("settings", "/settings", "manager"),
    screen("audit", "/audit", "manager"),
  ];
  const ofContent = [
    screen("sample", "/samples/s4", "manager"),
    screen("sample with a long text", "/samples/s2", "reviewer"),
    screen("version 1", "/versions/1", "reviewer"),
    screen("version 2", "/versions/2", "manager"),
    screen("comparison", "/compare", "reviewer"),
    screen("comparison with nothing", "/compare?from=0&to=2", "reviewer"),
    screen("tag", "/tags/prod", "reviewer"),
    screen("ambiguous pair", "/ambiguous-pairs/pair?question=intent&a=card_arrival&b=lost_card", "reviewer"),
    screen("review of a conflict", "/review?order=disagreement", "reviewer"),
  ];
  return content === "filled" ? [...screens, ...ofContent] : screens;
}
