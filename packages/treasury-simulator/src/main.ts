#!/usr/bin/env node
import { request } from 'node:http';
import { Command } from 'commander';
import { startSimulator } from './simulator.ts';

interface RunOptions {
  readonly port: string;
  readonly data: string;
  readonly demo?: string;
  readonly withParent?: true;
}

const program = new Command('treasury-simulator')
  .description('国库、银行与横向联网节点的仿真器')
  .option('--port <number>', '监听端口', '3001')
  .option('--data <directory>', '数据目录', '.data/treasury')
  .option('--demo <file>', '演示数据文件 treasury-demo.json')
  .option('--with-parent', '启动它的进程结束时，自己也结束')
  .action(async (options: RunOptions) => {
    const simulator = await startSimulator({
      port: Number(options.port),
      directory: options.data,
      report: (text) => console.error(text),
      ...(options.demo === undefined ? {} : { demoFile: options.demo }),
    });
    console.log(`treasury simulator ready on ${simulator.url}`);
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      simulator.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    if (options.withParent) whenOrphaned(stop);
  });

program
  .command('do <name> [arguments...]')
  .description('向运行中的仿真器发命令，参数写作 name=value；state 查看全部')
  .requiredOption('--url <address>', '仿真器地址')
  .action(async (name: string, pairs: readonly string[], options: { readonly url: string }) => {
    const args = Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
    );
    const { status, text } = await call(`${options.url}/control/${name}`, name, args);
    console.log(text);
    process.exitCode = status === 200 ? 0 : 1;
  });

await program.parseAsync();

/** An orphan would keep the data directory and go on pushing. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

function call(url: string, name: string, args: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = name === 'state' ? 'GET' : 'POST';
    const headers = { 'content-type': 'application/json' };
    const outgoing = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'POST' ? JSON.stringify(args) : undefined);
  });
}
