// A server with its people: who they are, their tokens, their sessions, and projects for the tests.

import { Api, type Sample } from "./api.ts";
import { names, password, people, roles, type Name } from "./people.ts";
import { bank, type Schema } from "./samples.ts";
import { Server } from "./server.ts";

const SCOPES = "read,ingest,annotate,review,manage";

export interface Plan {
  name?: string;
  schema?: Schema;
  guideline?: string;
  queue?: Record<string, unknown>;
  review?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  samples?: Sample[];
  /** Who takes part; everybody but the admin where absent. */
  members?: Exclude<Name, "admin">[];
}

export class Site {
  private projects = 0;
  private readonly sessions = new Map<string, Promise<string>>();

  private constructor(
    readonly server: Server,
    private readonly tokens: Record<string, string>,
  ) {}

  static async open(): Promise<Site> {
    const tokens: Record<string, string> = {};
    const server = await Server.start(async (run) => {
      for (const name of names) {
        const { email } = people[name];
        const rights = name === "admin" ? ["--admin"] : [];
        await run(["user", "add", "--email", email, "--name", people[name].name, "--password-stdin", ...rights], password);
        tokens[name] = await run(["token", "create", "--email", email, "--name", "tests", "--scopes", SCOPES]);
      }
    });
    return new Site(server, tokens);
  }

  get url(): string {
    return this.server.url;
  }

  /** The API as this person. */
  api(name: Name): Api {
    return new Api(this.url, this.tokens[name] ?? "");
  }

  /** Makes a project with its members and samples; returns its slug. */
  async project(plan: Plan = {}): Promise<string> {
    this.projects += 1;
    const slug = `project-${this.projects}`;
    const admin = this.api("admin");
    await admin.call("POST", "/projects", {
      slug,
      name: plan.name ?? `Project ${this.projects}`,
      schema: plan.schema ?? bank,
      guideline: plan.guideline ?? "",
      settings: {
        queue: { target: "prediction", threshold: 0.5, audit_rate: 0, overlap: 2, ...plan.queue },
        review: { require: "all", ...plan.review },
        ...plan.settings,
      },
    });
    for (const name of plan.members ?? (Object.keys(roles) as (keyof typeof roles)[])) {
      await admin.call("PUT", `/projects/${slug}/members`, { email: people[name].email, role: roles[name] });
    }
    if (plan.samples?.length) await this.api("admin").import(slug, plan.samples);
    return slug;
  }

  /** The cookie of a session of this person, signed in once. */
  session(email: string): Promise<string> {
    let session = this.sessions.get(email);
    if (!session) {
      session = signIn(this.url, email);
      this.sessions.set(email, session);
    }
    return session;
  }
}

async function signIn(url: string, email: string): Promise<string> {
  const body = new URLSearchParams({ email, password });
  const headers = { accept: "text/html", referer: `${url}/sign-in` };
  const answer = await fetch(`${url}/api/sign_in`, { method: "POST", body, headers, redirect: "manual" });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (answer.status !== 303 || !cookie) throw new Error(`signing in as ${email}: ${answer.status}`);
  return cookie;
}
