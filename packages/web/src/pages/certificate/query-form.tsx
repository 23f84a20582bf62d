import { type FormEvent, useState } from 'react';
import { certificate as t } from '../../messages/certificate.ts';
import { Button, TextField, useSession } from '../../shared/index.ts';
import { rangeProblems } from './period-range.ts';

export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly search?: string;
}

export interface QueryFormProps {
  /** With the field 「姓名或证件号码」. */
  readonly bySearch: boolean;
  readonly busy: boolean;
  readonly onQuery: (asked: Asked) => void;
}

/** 所属期 (the current month in both fields at first), the person where one is asked for, 「查询」. */
export function QueryForm({ bySearch, busy, onQuery }: QueryFormProps) {
  const { period } = useSession();
  const [from, setFrom] = useState(period);
  const [to, setTo] = useState(period);
  const [search, setSearch] = useState('');
  const [problems, setProblems] = useState<ReturnType<typeof rangeProblems>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = rangeProblems(from, to);
    setProblems(found);
    if (found.from || found.to) return;
    const typed = search.trim();
    const range = { from: from.trim(), to: to.trim() };
    onQuery(bySearch && typed ? { ...range, search: typed } : range);
  };
  return (
    <form className="query-form" onSubmit={submit} noValidate>
      <fieldset aria-label={t.period}>
        <TextField
          label={t.from}
          error={problems.from}
          value={from}
          onChange={setFrom}
          inputMode="numeric"
          maxLength={7}
        />
        <TextField
          label={t.to}
          error={problems.to}
          value={to}
          onChange={setTo}
          inputMode="numeric"
          maxLength={7}
        />
      </fieldset>
      {bySearch ? (
        <TextField
          label={t.search}
          placeholder={t.searchHint}
          value={search}
          onChange={setSearch}
          maxLength={64}
        />
      ) : null}
      <Button type="submit" busy={busy}>
        {t.query}
      </Button>
    </form>
  );
}
