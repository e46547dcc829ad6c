#!/usr/bin/env node
// Starts the `zablab` command. It is plain committed JavaScript because npx links a checkout's bin before anything is installed or built:
// in a checkout ready.mjs then installs and builds what is missing; a published package has no ready.mjs and holds the bundle.

import { existsSync } from 'node:fs';
import module from 'node:module';

const ready = new URL('./ready.mjs', import.meta.url);

if (await isReady()) {
  module.enableCompileCache?.(); // Node 22 and later
  const { main } = await import('../../dist/cli/main.js');
  await main(process.argv.slice(2));
}

async function isReady() {
  if (!existsSync(ready)) return true;
  try {
    (await import(ready.href)).ready();
    return true;
  } catch (error) {
    process.stderr.write(`zablab: ${error.message}\n`);
    process.exitCode = 3;
    return false;
  }
}
