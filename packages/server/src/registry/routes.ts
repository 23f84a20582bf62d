import {
  deliveryTemplate,
  deliveryVerdicts,
  importDelivery,
  listDeliveries,
} from '@shebao/contract';
import { err, ok } from '@shebao/kernel';
import { insuranceName } from '@shebao/levy';
import { type BoundRoute, handle, uuidFrom } from '../platform/index.ts';
import { mediaTypes, writeTemplate } from '../workbook/index.ts';
import { deliverCommand } from './deliver.ts';
import { findDelivery, readDeliveries, readVerdicts } from './deliveries.ts';
import { deliveryColumns, readDelivery } from './delivery-file.ts';

/** The office's 参保数据. */
export const registryRoutes: readonly BoundRoute[] = [
  handle(importDelivery, async (call) => {
    const { upload, services, caller, idempotencyKey } = call;
    if (!upload) return err({ code: 'INPUT_INVALID' });
    const content = await readDelivery(upload.bytes, services.clock.now().date);
    if (!content.ok) return content;
    const id = uuidFrom(`delivery ${caller.userId} ${idempotencyKey}`);
    const input = { id, fileName: upload.fileName, content: content.value };
    return call.execute(deliverCommand(services.crypto), input);
  }),
  handle(listDeliveries, async ({ services }) =>
    ok({ deliveries: await readDeliveries(services.db.q) }),
  ),
  handle(deliveryVerdicts, async ({ params, query, services }) => {
    const { q } = services.db;
    if (!(await findDelivery(q, params.id))) return err({ code: 'NOT_FOUND' });
    return ok(await readVerdicts(q, params.id, query));
  }),
  handle(deliveryTemplate, async () => {
    const columns = deliveryColumns.map((column) => ({
      title: column.names[0] ?? column.key,
      kind: 'text' as const,
      width: 20,
      help: `${column.required ? '必填。' : '选填。'}${column.help}`,
    }));
    const body = await writeTemplate('参保数据', columns, deliveryExamples);
    return ok({ file: { name: '参保数据导入模板.xlsx', mediaType: mediaTypes.xlsx, body } });
  }),
];

/** Rows that show how it is done; the unit does not exist, so that importing them harms nobody. */
const deliveryExamples = [
  [
    '00000000',
    '示例职工',
    '居民身份证',
    '11010519491231002X',
    insuranceName('institutionPension'),
    '2021-03',
    '',
  ],
  [
    '00000000',
    '示例职工',
    '居民身份证',
    '11010519491231002X',
    insuranceName('occupationalAnnuity'),
    '2021-03',
    '',
  ],
];
