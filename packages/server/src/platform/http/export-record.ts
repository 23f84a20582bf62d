import type { Route } from '@shebao/contract';
import { ok } from '@shebao/kernel';
import type { Command } from '../types.ts';
import type { FileAnswer, RouteCall } from './binding.ts';

interface Export {
  readonly chain: string;
  readonly route: string;
  readonly subject: string;
  readonly file: string;
}

const exportCommand: Command<Export, null> = {
  name: 'platform.export',
  chain: (input) => input.chain,
  describe: (input) => ({
    subject: input.subject,
    detail: { route: input.route, mediaType: input.file },
  }),
  run: async () => ok(null),
};

/** Whoever takes a file out leaves a row in the audit log; without it there is no file. */
export async function recordExport(
  call: RouteCall<Route>,
  route: Route,
  answer: FileAnswer,
): Promise<void> {
  // What anybody may fetch (a certificate's check, a template) concerns nobody in particular.
  if (call.caller.realm === 'public') return;
  const params = (call.params ?? {}) as Readonly<Record<string, unknown>>;
  const { taxpayerId, actor } = call.caller;
  const unitNo = typeof params['unitNo'] === 'string' ? params['unitNo'] : undefined;
  const own = taxpayerId === null ? 'agency:office' : `taxpayer:${taxpayerId}`;
  const input = {
    chain: unitNo === undefined ? own : `unit:${unitNo}`,
    route: route.name,
    subject: Object.values(params).map(String).join(' '),
    file: answer.file.mediaType,
  };
  await call.services.execute(exportCommand, input, { actor });
}
