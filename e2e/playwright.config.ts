// Debian's Chromium drives every test: Playwright's own browser download stays off. The fixtures start the server
// (the binary that RELABEL_BIN names), so nothing here knows an address.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // A flow that passes only at the second try hides a race.
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // A test tagged @js needs the browser's half of the app, one tagged @nojs is about its absence; every other
  // test runs both ways.
  projects: [
    { name: "js", grepInvert: /@nojs\b/, use: { javaScriptEnabled: true } },
    { name: "nojs", grepInvert: /@js\b/, use: { javaScriptEnabled: false } },
  ],
});
