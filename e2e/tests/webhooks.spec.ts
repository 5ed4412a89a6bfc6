// Webhooks: a manager makes one, tries it, sees what became of each message, pauses it and deletes it.

import { AxeBuilder } from "@axe-core/playwright";
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, runsScripts, test, visit } from "./fixtures.ts";

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver on the loopback: it answers as it is told, afterwards with 204. */
class Receiver {
  readonly messages: Message[] = [];
  private constructor(private readonly server: Server) {}

  static async start(...statuses: number[]): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        receiver.messages.push({ headers: request.headers, body });
        const status = statuses.shift() ?? 204;
        response.writeHead(status).end(status === 204 ? undefined : "out of order");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function isSigned({ headers, body }: Message, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

test("a manager makes a webhook, copies its secret, and tries it", async ({ site, as }) => {
  const receiver = await Receiver.start(500);
  const slug = await site.project({ members: ["manager"] });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}`);
  const manage = manager.getByRole("navigation").locator("summary", { hasText: "Manage" });
  await manage.click();
  await manager.getByRole("link", { name: "Webhooks" }).click();
  await expect(manager.getByText("There are no webhooks yet")).toBeVisible();
  await manager.getByLabel("Address").fill("ftp://hooks.example.org/");
  await manager.getByRole("button", { name: "Add a webhook" }).click();
  await expect(manager.getByText("/url")).toBeVisible();
  await manager.getByLabel("Address").fill(receiver.url);
  await manager.getByRole("button", { name: "Add a webhook" }).click();
  await expect(manager.getByText("Copy the secret now.")).toBeVisible();
  const secret = await manager.locator(".tokens-fresh code").innerText();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);

  await manager.getByRole("link", { name: receiver.url }).click();
  await expect(manager.getByText("Nothing was sent yet")).toBeVisible();
  await manager.getByRole("button", { name: "Send a test" }).click();
  await expect(manager.getByText("The test is on its way.")).toBeVisible();
  await expect.poll(() => receiver.messages.length).toBe(1);
  const row = manager.getByRole("row").filter({ hasText: "webhook.test" });
  if (runsScripts()) {
    // The page tells by itself what becomes of it.
    await expect(row).toContainText("failed, tried again");
  } else {
    await expect(async () => {
      await manager.reload();
      await expect(row).toContainText("failed, tried again", { timeout: 500 });
    }).toPass();
  }
  await expect(row).toContainText("500");
  await expect(row).toContainText("out of order");
  if (runsScripts()) expect((await new AxeBuilder({ page: manager }).analyze()).violations).toEqual([]);
  await manager.setViewportSize({ width: 360, height: 740 });
  const width = await manager.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  // It may have been sent again by itself meanwhile.
  await row.getByRole("button", { name: /Send (now|again)/ }).click();
  await expect.poll(() => receiver.messages.length).toBeGreaterThan(1);
  const [first, second] = receiver.messages as [Message, Message];
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
  for (const message of receiver.messages) expect(isSigned(message, secret)).toBe(true);

  // It is not shown again.
  await visit(manager, `/projects/${slug}/webhooks`);
  await expect(manager.getByRole("link", { name: receiver.url })).toBeVisible();
  expect(await manager.content()).not.toContain(secret.slice("whsec_".length));
  receiver.stop();
});

test("what happens while a webhook is paused is sent when it goes on", async ({ site, as }) => {
  const receiver = await Receiver.start();
  const slug = await site.project({ members: ["manager"] });
  const api = site.api("manager");
  const { webhook } = await api.call("POST", `/projects/${slug}/webhooks`, { url: receiver.url });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/webhooks/${webhook}`);
  await manager.getByRole("button", { name: "Pause" }).click();
  await expect(manager.getByText("The webhook is paused.")).toBeVisible();
  await api.import(slug, [{ id: "s", fields: { text: "Where is it?" }, label: { intent: "lost_card" } }]);
  await visit(manager, `/projects/${slug}/webhooks/${webhook}`);
  await expect(manager.getByRole("row").filter({ hasText: "version.published" })).toContainText("when resumed");
  expect(receiver.messages).toHaveLength(0);
  await manager.getByRole("button", { name: "Resume" }).click();
  await expect(manager.getByText("The webhook sends again")).toBeVisible();
  await expect.poll(() => receiver.messages.length).toBe(1);
  expect(JSON.parse(receiver.messages[0]?.body ?? "{}").data.version).toBe(1);
  receiver.stop();
});

test("a webhook is changed, and deleted with what it will take along", async ({ site, as }) => {
  const slug = await site.project({ members: ["manager"] });
  const api = site.api("manager");
  const { webhook } = await api.call("POST", `/projects/${slug}/webhooks`, { url: "http://127.0.0.1:9/" });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/webhooks/${webhook}`);
  await manager.getByRole("checkbox", { name: "tag.moved" }).uncheck();
  await manager.getByRole("button", { name: "Save" }).click();
  await expect(manager.getByText("Saved.")).toBeVisible();
  const changed = await api.call("GET", `/projects/${slug}/webhooks/${webhook}`);
  expect(changed.events).toEqual(["version.published"]);
  await manager.locator("summary", { hasText: "Delete" }).click();
  await manager.getByRole("button", { name: "Delete the webhook" }).click();
  await expect(manager.getByText("The webhook is deleted.")).toBeVisible();
  await expect(manager.getByText("There are no webhooks yet")).toBeVisible();
  expect((await api.send("GET", `/projects/${slug}/webhooks/${webhook}`)).status).toBe(404);
});
