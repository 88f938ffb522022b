// Installs the npm packages that the assets are made from. Two builds may start at once (build and test, two
// configurations), and `npm ci` begins by deleting node_modules: a lock lets one install while the other waits.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = join(here, 'package-lock.json');
const installed = join(here, 'node_modules', '.package-lock.json'); // npm writes it last
const lock = join(here, '..', 'obj', 'fetch.lock');
const fresh = () => existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;

function holderIsGone() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    // No pid yet: the holder is between two statements, or died there.
    return error.code !== 'ENOENT' || (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000);
  }
}

mkdirSync(dirname(lock), { recursive: true });
for (;;) {
  try {
    mkdirSync(lock);
    break;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderIsGone()) rmSync(lock, { recursive: true, force: true });
    else await new Promise(resolve => setTimeout(resolve, 200));
  }
}
try {
  writeFileSync(join(lock, 'pid'), String(process.pid));
  if (!fresh()) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
    utimesSync(installed, new Date(), new Date());
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}
