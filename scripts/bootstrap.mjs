// Runs before anything is installed, on any Node >= 20: installs what is missing, then hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const marker = join(root, 'node_modules', '.cache', 'installed-lock');

const guard = join(root, '.installing');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Lets one command install at a time; a guard left by a command that was killed counts for nothing. */
function holdGuard() {
  for (let waited = 0; waited < 1200; waited += 1) {
    try {
      writeFileSync(guard, String(process.pid), { flag: 'wx' });
      return;
    } catch {
      if (waited === 0)
        console.error('另一条命令正在安装依赖，等待其完成… Waiting for another installation');
      if (existsSync(guard) && !isAlive(Number(readFileSync(guard, 'utf8'))))
        rmSync(guard, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  console.error(`等待其他命令安装依赖超时：请确认没有其他命令在运行，删除 ${guard} 后重新运行。`);
  process.exit(1);
}

function isInstalled(lock) {
  return existsSync(marker) && readFileSync(marker, 'utf8') === lock;
}

function installWhenNeeded() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (isInstalled(lock)) return;
  holdGuard();
  try {
    if (!isInstalled(lock)) install(lock);
  } finally {
    rmSync(guard, { force: true });
  }
}

function install(lock) {
  console.error('正在安装依赖（仅首次或依赖变化时）… Installing dependencies');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const env = { ...process.env };
  // A caller's production setting must not hide the build tools.
  delete env.NODE_ENV;
  const run = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    console.error('依赖安装失败，原因见上方 npm 的输出；解决后重新运行同一命令。');
    rmSync(guard, { force: true });
    process.exit(run.status ?? 1);
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, lock);
}

/** The pinned Node where a package of it exists, else the running one when it is new enough. */
function findNode() {
  const { platform, arch } = process;
  const names = { linux: `node-linux-${arch}`, win32: `node-win-${arch}` };
  const pinned =
    names[platform] &&
    join(root, 'node_modules', names[platform], 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (pinned && existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(`需要 Node.js 24 或更高版本（当前 ${process.versions.node}）。请安装后重新运行。`);
  process.exit(1);
}

const [script, ...rest] = process.argv.slice(2);
installWhenNeeded();
const node = findNode();
const env = {
  ...process.env,
  PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
};
const child = spawn(node, [join(root, script), ...rest], {
  cwd: process.env.INIT_CWD && script.includes('cli') ? process.env.INIT_CWD : root,
  stdio: 'inherit',
  env,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // The terminal sends Ctrl-C to the whole group; the child decides when all is stopped.
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
