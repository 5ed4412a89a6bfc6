// A server of its own on a free port, with an empty data folder, as an operator would start it: by the command line.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

function binary(): string {
  const path = process.env.RELABEL_BIN;
  if (!path) throw new Error("RELABEL_BIN must name the server's binary; `cargo xtask test browser` sets it");
  return path;
}

export class Server {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly process: ChildProcess,
    private readonly log: string[],
  ) {}

  /** Starts a server; `prepare` may run commands on the data folder before. */
  static async start(prepare?: (run: Command) => Promise<void>): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "relabel-e2e-"));
    await prepare?.((args, input) => command(folder, args, input));
    // The tests' receivers of events are on the loopback.
    const args = ["serve", "--data-dir", folder, "--addr", "127.0.0.1:0", "--allow-private-webhooks"];
    const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "pipe"] });
    const log: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const found = /^listening on (http:\/\/\S+)$/.exec(line);
        if (found?.[1]) resolve(found[1]);
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log.join("\n")}`)));
    });
    return new Server(url, folder, child, log);
  }

  /** Runs a command on the server's data folder while it serves; returns what it prints. */
  run: Command = (args, input) => command(this.folder, args, input);

  /** What the server has logged so far, without colours. */
  logged(): string {
    return this.log.join("\n").replace(/\u001b\[[0-9;]*m/g, "");
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A command of the `relabel` binary: its arguments, what it reads, and a promise of what it prints. */
export type Command = (args: string[], input?: string) => Promise<string>;

async function command(folder: string, args: string[], input = ""): Promise<string> {
  const child = spawn(binary(), [...args, "--data-dir", folder]);
  let printed = "";
  let complaint = "";
  child.stdout.on("data", (data) => (printed += data));
  child.stderr.on("data", (data) => (complaint += data));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`relabel ${args.join(" ")} ended with ${code}: ${complaint}`);
  return printed.trim();
}
