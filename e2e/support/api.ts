// The REST API as one person's script uses it: for what a test needs before it begins, and to look at the result.

export type Answers = Record<string, string>;

export interface Sample {
  id: string;
  fields: Record<string, string>;
  label?: Answers | null;
  predictions?: { model: string; question: string; probs: Record<string, number> }[];
  metadata?: Record<string, string>;
}

/** An annotator's answer: the option's value for the only question, or another verdict. */
export type Given = string | { verdict: string; note?: string };

export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Sends a request; returns the answer, whatever its status. */
  send(method: string, path: string, body?: unknown, type = "application/json"): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers["content-type"] = type;
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    return fetch(`${this.url}/api/v1${path}`, { method, headers, body: text });
  }

  /** Sends a request that has to succeed; returns the JSON. */
  async call(method: string, path: string, body?: unknown, type?: string): Promise<any> {
    const answer = await this.send(method, path, body, type);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  import(slug: string, samples: Sample[]): Promise<any> {
    const lines = samples.map((sample) => JSON.stringify(sample)).join("\n");
    return this.call("POST", `/projects/${slug}/samples`, lines, "application/x-ndjson");
  }

  /** Answers samples in the order in which the queue gives them; those not named are given back. */
  async answer(slug: string, given: Record<string, Given>, question = "intent"): Promise<void> {
    const { tasks } = await this.call("POST", `/projects/${slug}/claim`, { count: 50 });
    for (const { lease, sample } of tasks) {
      const answer = given[sample.id];
      if (answer === undefined) {
        await this.call("POST", `/leases/${lease}/release`);
        continue;
      }
      const body =
        typeof answer === "string" ? { verdict: "answered", answers: { [question]: answer } } : { ...answer };
      await this.call("POST", `/leases/${lease}/submit`, body);
    }
  }

  /** The review list, by sample. */
  async review(slug: string, query = ""): Promise<Record<string, any>> {
    const { items } = await this.call("GET", `/projects/${slug}/review${query}`);
    return Object.fromEntries(items.map((item: any) => [item.sample.id, item]));
  }

  async decide(slug: string, sample: string, decision: Record<string, unknown>): Promise<any> {
    const item = (await this.review(slug))[sample];
    return this.call("POST", `/tasks/${item.task}/decision`, { rev: item.rev, ...decision });
  }

  cut(slug: string, message: string, tag?: string): Promise<any> {
    return this.call("POST", `/projects/${slug}/versions`, { message, tag });
  }

  /** The labels of a version, by sample. */
  async labels(slug: string, version = "latest"): Promise<Record<string, Answers>> {
    const answer = await this.send("GET", `/projects/${slug}/export?version=${version}`);
    if (!answer.ok) throw new Error(`export: ${answer.status} ${await answer.text()}`);
    return labelsOf(await answer.text());
  }
}

/** The labels of an export in JSONL, by sample. */
export function labelsOf(jsonl: string): Record<string, Answers> {
  const lines = jsonl.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => JSON.parse(line)).map((row) => [row.id, row.label]));
}
