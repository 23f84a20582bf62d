// Runs the tests of kernel and levy against one mutant at a time, all in this process. The tests are bundled
// once with the mutated sources; evaluating the bundle anew gives every mutant fresh modules, so that nothing
// one mutant left in a cache is seen by the next.
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { rolldown } from 'rolldown';

/** Tests that repeat slowly what the others find, or build bundles of their own. */
const left = ['size.test.ts', 'small-worlds.test.ts'];

class BundledRunner {
  state = {};
  order = new Map();
  bundle = undefined;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    Object.assign(globalThis, { __stryker__: this.state });
    this.bundle = await bundleTests();
  }

  async dryRun() {
    const tests = await this.run(undefined, undefined);
    for (const test of tests) this.order.set(test.id, test.timeSpentMs);
    const coverage = this.state.mutantCoverage;
    return {
      status: DryRunStatus.Complete,
      tests,
      ...(coverage ? { mutantCoverage: coverage } : {}),
    };
  }

  async mutantRun(options) {
    this.state.hitCount = options.hitLimit === undefined ? undefined : 0;
    this.state.hitLimit = options.hitLimit;
    const tests = await this.run(options.activeMutant, options);
    const late = determineHitLimitReached(this.state.hitCount, this.state.hitLimit);
    return toMutantRunResult(late ?? { status: DryRunStatus.Complete, tests });
  }

  async run(mutant, options) {
    const collected = [];
    this.state.currentTestId = undefined;
    this.state.activeMutant = options?.mutantActivation === 'static' ? mutant?.id : undefined;
    try {
      this.bundle?.(createRequire(import.meta.url), (test) => collected.push(test));
    } catch (error) {
      return [failed('load', error)];
    }
    this.state.activeMutant = mutant?.id;
    const filter = options?.testFilter;
    const chosen = collected
      .filter((test) => !filter || filter.includes(test.name))
      .sort((one, other) => this.timeOf(one) - this.timeOf(other));
    const results = [];
    for (const test of chosen) {
      const result = await this.runOne(test);
      results.push(result);
      if (mutant && result.status === TestStatus.Failed) break;
    }
    return results;
  }

  timeOf({ name }) {
    return this.order.get(name) ?? 0;
  }

  async runOne({ name, body }) {
    this.state.currentTestId = name;
    const started = performance.now();
    try {
      await body();
    } catch (error) {
      return failed(name, error);
    } finally {
      this.state.currentTestId = undefined;
    }
    const timeSpentMs = performance.now() - started;
    this.order.set(name, Math.min(timeSpentMs, this.order.get(name) ?? timeSpentMs));
    return { id: name, name, timeSpentMs, status: TestStatus.Success };
  }
}

function failed(name, error) {
  const failureMessage = error instanceof Error ? error.message : String(error);
  return { id: name, name, timeSpentMs: 0, status: TestStatus.Failed, failureMessage };
}

/** One script of all tests, `node:test` replaced by a list; the same random inputs for every mutant. */
async function bundleTests() {
  const files = globSync('packages/{kernel,levy}/src/*.test.ts')
    .filter((file) => !left.some((name) => file.endsWith(name)))
    .sort();
  const entry = files.map((file) => `import ${JSON.stringify(resolve(file))};`).join('\n');
  const bundle = await rolldown({
    input: '\0tests',
    platform: 'neutral',
    // The packages say that they have no side effects; their tests are nothing else.
    treeshake: false,
    external: ['fast-check', /^node:(?!test$)/],
    plugins: [
      {
        name: 'tests',
        resolveId(id) {
          if (id === '\0tests' || id === 'node:test')
            return id === 'node:test' ? '\0node-test' : id;
          const own = /^@shebao\/(kernel|levy)(\/packs)?$/.exec(id);
          return own ? resolve(`packages/${own[1]}/src/${own[2] ? 'packs' : 'index'}.ts`) : null;
        },
        load(id) {
          if (id === '\0tests') return entry;
          if (id === '\0node-test')
            return 'export const test = (name, body) => globalThis.collectTest({ name, body });';
          return null;
        },
        transform(code, id) {
          const url = JSON.stringify(pathToFileURL(id).href);
          return code.includes('import.meta.url') ? code.replaceAll('import.meta.url', url) : null;
        },
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'cjs' });
  await bundle.close();
  const script = new Script(`(function (require, exports) {${output[0].code}\n})`);
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: 20_260_101 });
  return (require, collect) => {
    Object.assign(globalThis, { collectTest: collect });
    script.runInThisContext()(require, {});
  };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'bundled', BundledRunner)];
