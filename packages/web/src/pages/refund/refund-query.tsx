import type { Agency } from '@shebao/contract';
import { type FormEvent, useState } from 'react';
import { applicationWords as t } from '../../messages/refund-application.ts';
import { Button, SelectField, TextField } from '../../shared/index.ts';
import { rangeProblems } from '../certificate/period-range.ts';

/** What may be asked back is looked for in these months of one 险种归属. */
export interface Asked {
  readonly agency: Agency;
  readonly from: string;
  readonly to: string;
}

interface QueryProps {
  readonly asked: Asked;
  readonly busy: boolean;
  readonly onQuery: (asked: Asked, search: string) => void;
}

/** 险种归属, months and whom to look for. */
export function QueryForm({ asked, busy, onQuery }: QueryProps) {
  const [now, setNow] = useState(asked);
  const [search, setSearch] = useState('');
  const [problems, setProblems] = useState<ReturnType<typeof rangeProblems>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const range = { from: now.from.trim(), to: now.to.trim() };
    const found = rangeProblems(range.from, range.to);
    setProblems(found);
    if (!found.from && !found.to) onQuery({ ...now, ...range }, search.trim());
  };
  return (
    <form className="query-form" onSubmit={submit} noValidate>
      <SelectField
        label={t.agency}
        value={now.agency}
        options={Object.entries(t.agencies).map(([value, label]) => ({ value, label }))}
        onChange={(value) => setNow({ ...now, agency: value as Agency })}
      />
      <TextField
        label={t.from}
        error={problems.from}
        value={now.from}
        onChange={(from) => setNow({ ...now, from })}
        inputMode="numeric"
        maxLength={7}
      />
      <TextField
        label={t.to}
        error={problems.to}
        value={now.to}
        onChange={(to) => setNow({ ...now, to })}
        inputMode="numeric"
        maxLength={7}
      />
      <TextField label={t.search} value={search} onChange={setSearch} maxLength={60} />
      <Button type="submit" busy={busy}>
        {t.query}
      </Button>
    </form>
  );
}
