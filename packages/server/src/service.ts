import type { Logger } from 'pino';
import { authenticator, openSetupLink, sessionCookies } from './access/index.ts';
import { type Capabilities, openCapabilities, type Running } from './capabilities.ts';
import type { Config } from './platform/config.ts';
import { createHttpServer } from './platform/http/server.ts';
import { openPlatform, type Platform } from './platform/platform.ts';
import { taskRoutes } from './platform/task-routes.ts';
import { requeue, runningTasks } from './platform/tasks.ts';
import { startUpkeep } from './platform/upkeep.ts';
import { createWorker } from './platform/worker.ts';

export interface Service {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly address: string;
  /** The one-time link for the first officer, when there is none yet and no demo world. */
  readonly setupLink: string | undefined;
  readonly platform: Platform;
  readonly capabilities: Capabilities;
  /** Resolves when the embedded database ended by itself: the service cannot go on. */
  readonly databaseGone: Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Runs before the service listens: the demo world is built here. */
  prepare?(capabilities: Capabilities, platform: Platform): Promise<void>;
}

/** Starts the whole service: platform, capabilities, workers, HTTP. Stops in reverse on failure. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log } = options;
  const platform = await openPlatform(config, log);
  const running: Running[] = [platform];
  const stop = async (): Promise<void> => {
    while (running.length > 0) await running.pop()?.stop();
  };
  try {
    const capabilities = await openCapabilities(platform.services);
    await options.prepare?.(capabilities, platform);
    // Nobody else can be at work on this database: what a killed service left is taken up at once.
    if (platform.alone) {
      await requeue(platform.pools.write, await runningTasks(platform.pools.write));
    }
    running.push(startUpkeep(platform.services));
    running.push(...(await capabilities.start()));
    running.push(startWorker(config, platform, capabilities));
    const { http, address } = await listen(config, platform, capabilities);
    running.push(http);
    const setupLink = config.demo ? undefined : await openSetupLink(capabilities.access);
    const { databaseGone } = platform;
    return { address, setupLink, platform, capabilities, databaseGone, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function startWorker(config: Config, platform: Platform, capabilities: Capabilities): Running {
  const worker = createWorker({
    pool: platform.pools.write,
    services: platform.services,
    execute: platform.execute,
    handlers: capabilities.tasks,
    slots: config.taskSlots,
  });
  worker.start();
  return worker;
}

async function listen(
  config: Config,
  platform: Platform,
  capabilities: Capabilities,
): Promise<{ http: Running; address: string }> {
  const { services, pools } = platform;
  const app = await createHttpServer({
    services,
    authenticate: authenticator(capabilities.access),
    cookies: sessionCookies(capabilities.access),
    routes: [...capabilities.routes, ...taskRoutes],
    extend: (http) => capabilities.extend(http),
    ready: () =>
      pools.read.query('select 1').then(
        () => undefined,
        () => '数据库暂时不可用',
      ),
  });
  const address = await app.listen({ port: config.port, host: config.host });
  return { http: { stop: () => app.close() }, address };
}
