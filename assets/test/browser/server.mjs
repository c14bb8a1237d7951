import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../../..');
const binary = path.join(root, process.platform === 'win32' ? 'dashira.exe' : 'dashira');

/** A folder of its own with these files, or with a copy of an example. */
export function folder(from) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'dashira-test-'));
  if (typeof from === 'string') fs.cpSync(path.join(root, 'examples', from), dir, { recursive: true });
  else for (const [name, body] of Object.entries(from ?? {})) fs.writeFileSync(path.join(dir, name), body);
  return dir;
}

/**
 * The real binary over a folder, on a free port, with a state directory of its own. `line` waits for a line of its
 * output, `stop` ends it and says how long that took and with what status.
 */
export async function serve(dir, ...flags) {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'dashira-state-'));
  const args = ['serve', dir, '--no-open', '--state-dir', state, ...flags];
  const started = performance.now();
  const proc = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const waiting = new Set();
  const heard = (d) => {
    text += d;
    for (const look of waiting) look();
  };
  proc.stdout.on('data', heard);
  proc.stderr.on('data', heard);
  const exit = new Promise((resolve) => proc.on('exit', (code, signal) => resolve({ code, signal })));
  exit.then(() => heard(''));
  const line = (pattern, ms = 30_000) =>
    new Promise((resolve, reject) => {
      const end = setTimeout(() => done(new Error(`no ${pattern} in:\n${text}`)), ms);
      const done = (error, found) => {
        clearTimeout(end);
        waiting.delete(look);
        if (error) reject(error);
        else resolve(found);
      };
      const look = () => {
        const found = text.match(pattern);
        if (found) done(undefined, found);
        else if (proc.exitCode !== null) done(new Error(`ended with ${proc.exitCode}:\n${text}`));
      };
      waiting.add(look);
      look();
    });
  const url = (await line(/(?:Dashboard|Owner) +(http:\/\/\S+)/))[1];
  return {
    url,
    base: new URL('/', url).href,
    dir,
    state,
    pid: proc.pid,
    ready: performance.now() - started,
    text: () => text,
    line,
    exit,
    kill: (signal) => proc.kill(signal),
    async stop() {
      const asked = performance.now();
      proc.kill('SIGTERM');
      const result = await exit;
      return { ...result, ms: performance.now() - asked };
    },
    async end() {
      if (proc.exitCode === null && proc.signalCode === null) await this.stop();
      for (const d of [dir, state]) fs.rmSync(d, { recursive: true, force: true });
    },
  };
}

/** Waits until `check` holds, by looking again and again; says what it last saw when it does not. */
export async function until(check, what, ms = 30_000) {
  const end = performance.now() + ms;
  for (;;) {
    let seen;
    try {
      seen = await check();
      if (seen) return seen;
    } catch (e) {
      seen = e;
    }
    if (performance.now() > end) throw new Error(`${what} did not come about within ${ms} ms; last seen: ${seen}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}

/** Puts a whole file in place of another, as careful programs save. */
export function replace(file, body) {
  const next = path.join(path.dirname(file), `.${path.basename(file)}.next`);
  fs.writeFileSync(next, body);
  fs.renameSync(next, file);
}

export async function json(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
