import {
  type AnswerOf,
  ApiError,
  getRosterUpdate,
  getTask,
  listRoster,
  monthOverview,
  startRosterUpdate,
  wageState,
} from '@shebao/contract';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { common } from '../../messages/common.ts';
import { roster as t } from '../../messages/roster.ts';
import {
  confirmDialog,
  invalidate,
  isRecord,
  messageDialog,
  readStored,
  refusalDialog,
  useAction,
  useApi,
  writeStored,
} from '../../shared/index.ts';

type Update = AnswerOf<typeof getRosterUpdate>;
interface Started {
  readonly id: string;
  readonly taskId: string;
}

const memory = 'rosterUpdate';
const askMs = 600;
const isStarted = (value: unknown): boolean => isRecord(value) && typeof value['id'] === 'string';

export interface RosterUpdating {
  readonly start: (kind: Update['kind']) => void;
  readonly running: boolean;
  readonly percent: number;
  readonly text: string;
}

/**
 * One update at a time. It runs in the service: leaving the page or closing the browser doesn't stop it,
 * and coming back shows its progress and its result.
 */
export function useRosterUpdate(): RosterUpdating {
  const [started, setStarted] = useState(() =>
    readStored<Started | undefined>(memory, undefined, isStarted),
  );
  const action = useAction(startRosterUpdate);
  const navigate = useNavigate();
  const told = useRef('');
  const id = started?.id ?? '';
  const task = useApi(
    getTask,
    { params: { id: started?.taskId ?? '' } },
    { enabled: id !== '', refetchMs: askMs },
  );
  const update = useApi(
    getRosterUpdate,
    { params: { id } },
    { enabled: id !== '', refetchMs: askMs },
  );
  useEffect(() => {
    const over = update.data && update.data.state !== 'running' ? update.data : undefined;
    const gone = update.error?.status === 404;
    if (id === '' || told.current === id || (!over && !gone)) return;
    told.current = id;
    writeStored(memory, undefined);
    setStarted(undefined);
    void invalidate(listRoster, wageState, monthOverview);
    if (over) {
      void tell(over).then((view) =>
        view ? navigate({ to: '/roster/updates/$id', params: { id } }) : undefined,
      );
    }
  }, [id, navigate, update.data, update.error]);
  const start = async (kind: Update['kind']) => {
    try {
      const accepted = await action.run({ body: { kind } });
      const next = { id: accepted.id, taskId: accepted.taskId };
      writeStored(memory, next);
      setStarted(next);
    } catch (error) {
      if (error instanceof ApiError) await refusalDialog(error);
    }
  };
  return {
    start: (kind) => void start(kind),
    running: id !== '' || action.running,
    percent: task.data?.percent ?? 0,
    text: task.data?.text ?? '',
  };
}

/** The result; true when the details are wanted. */
async function tell(update: Update): Promise<boolean> {
  if (update.state === 'failed') {
    await messageDialog({ message: t.failed, role: 'alertdialog', body: <p>{update.failure}</p> });
    return false;
  }
  const changed = update.added + update.changed + update.stopped > 0;
  return confirmDialog({
    message: t.done,
    ok: common.yes,
    cancel: common.no,
    body: <p>{changed ? t.doneBody(update.added, update.changed, update.stopped) : t.nothing}</p>,
  });
}
