import type { SessionInfo } from '@shebao/contract';
import { useState } from 'react';
import { common } from '../../messages/common.ts';
import { wage as t } from '../../messages/wage.ts';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  openDialog,
  Refusal,
  SelectField,
  TextField,
} from '../../shared/index.ts';
import { loadCandidates } from './load.ts';
import type { Candidate } from './sheet.ts';

type Unit = SessionInfo['units'][number];

/** 「按单位编号添加缴费职工」: true for 「确定」. */
export async function askForUnit(unit: Unit): Promise<boolean> {
  const answer = await openDialog<boolean>((close) => <UnitDialog unit={unit} close={close} />);
  return answer === true;
}

interface UnitDialogProps {
  readonly unit: Unit;
  readonly close: (sure?: boolean) => void;
}

function UnitDialog({ unit, close }: UnitDialogProps) {
  const [unitNo, setUnitNo] = useState(unit.unitNo);
  return (
    <Dialog
      title={t.addByUnit}
      size="small"
      onClose={() => close(false)}
      onSubmit={() => close(true)}
      footer={
        <>
          <Button onClick={() => close(false)}>{common.cancel}</Button>
          <Button kind="primary" type="submit" data-autofocus>
            {common.confirm}
          </Button>
        </>
      }
    >
      <p className="muted">{t.addByUnitHint}</p>
      <SelectField
        label={t.unitNo}
        value={unitNo}
        options={[{ value: unit.unitNo, label: `${unit.unitNo} ${unit.name}` }]}
        onChange={setUnitNo}
      />
    </Dialog>
  );
}

/** 「单个录入」: anybody insured, found by name or identity number; undefined when left. */
export function findPeople(unitNo: string): Promise<readonly Candidate[] | undefined> {
  return openDialog<readonly Candidate[]>((close) => <FindDialog unitNo={unitNo} close={close} />);
}

interface FindDialogProps {
  readonly unitNo: string;
  readonly close: (people?: readonly Candidate[]) => void;
}

function FindDialog({ unitNo, close }: FindDialogProps) {
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<readonly Candidate[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setProblem(search.trim() === '' ? t.searchMissing : '');
    if (search.trim() === '') return;
    setBusy(true);
    try {
      const people = await loadCandidates(unitNo, 'search', search.trim());
      if (people.length === 1) close(people);
      else setProblem(people.length === 0 ? t.searchNone : t.searchMany);
      setFound(people.slice(0, 50));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = () => {
    setFailure(null);
    if (chosen.size > 0) close(found.filter((person) => chosen.has(person.personId)));
    else void look();
  };
  return (
    <Dialog
      title={t.addOne}
      size="small"
      onClose={() => close()}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => close()}>{common.cancel}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {common.confirm}
          </Button>
        </>
      }
    >
      {failure ? <Refusal error={failure} /> : null}
      {problem ? <Alert kind="error" text={problem} key={problem} /> : null}
      <TextField
        label={t.search}
        hint={t.addOneHint}
        value={search}
        onChange={(text) => {
          setSearch(text);
          setFound([]);
          setChosen(new Set());
        }}
        data-autofocus
      />
      {found.length > 1 ? (
        <div>
          {found.map((person) => (
            <Checkbox
              key={person.personId}
              label={`${person.name} ${person.identityNumber}`}
              checked={chosen.has(person.personId)}
              onChange={(on) => {
                const next = new Set(chosen);
                if (on) next.add(person.personId);
                else next.delete(person.personId);
                setChosen(next);
              }}
            />
          ))}
        </div>
      ) : null}
    </Dialog>
  );
}
