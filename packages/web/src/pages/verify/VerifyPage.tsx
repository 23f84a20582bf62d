import { type AnswerOf, verifyCertificate } from '@shebao/contract';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { verify as t } from '../../messages/verify.ts';
import {
  Alert,
  Button,
  Facts,
  formatAmount,
  Page,
  Refusal,
  TextField,
  useAction,
} from '../../shared/index.ts';
import { fileHash, fromAddress, plainCode } from './verification.ts';
import './verify.css';

type Verified = AnswerOf<typeof verifyCertificate>;

const kinds = { 有效: 'success', 已换开: 'warning', 已作废: 'error' } as const;
const texts = { 有效: t.valid, 已换开: t.replaced, 已作废: t.voided } as const;

/** 验真, for everybody: number and code typed, or from the address behind the QR code. */
export default function VerifyPage() {
  const [address] = useState(() => fromAddress(location.pathname, location.hash));
  const [number, setNumber] = useState(address.number);
  const [code, setCode] = useState(address.code);
  const [tried, setTried] = useState(false);
  const [outcome, setOutcome] = useState<{ verified?: Verified; failure?: unknown }>({});
  const { run, running } = useAction(verifyCertificate);
  const ask = useCallback(
    (certificateNo: string, typed: string) => {
      const body = { certificateNo: certificateNo.trim(), code: plainCode(typed) };
      return run({ body }).then(
        (verified) => setOutcome({ verified }),
        (failure: unknown) => setOutcome({ failure }),
      );
    },
    [run],
  );
  useEffect(() => {
    if (address.number && address.code) void ask(address.number, address.code);
  }, [address, ask]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setOutcome({});
    if (number.trim() && plainCode(code)) void ask(number, code);
  };
  return (
    <div className="verify">
      <Page title={t.title} intro={t.intro} busy={running}>
        <form className="verify-form" onSubmit={submit} noValidate>
          <TextField
            label={t.number}
            error={tried && !number.trim() ? t.missing.number : undefined}
            value={number}
            onChange={setNumber}
            maxLength={60}
          />
          <TextField
            label={t.code}
            hint={t.codeHint}
            error={tried && !plainCode(code) ? t.missing.code : undefined}
            value={code}
            onChange={setCode}
            maxLength={60}
          />
          <Button kind="primary" type="submit" busy={running}>
            {t.submit}
          </Button>
        </form>
        {outcome.failure ? <Refusal error={outcome.failure} /> : null}
        {outcome.verified ? <Result verified={outcome.verified} /> : null}
      </Page>
    </div>
  );
}

function Result({ verified }: { readonly verified: Verified }) {
  const f = t.facts;
  return (
    <>
      <Alert kind={kinds[verified.state]} text={texts[verified.state]} />
      <Facts
        rows={[
          [f.title, verified.title],
          [f.holder, verified.holder],
          [f.periods, verified.periods],
          [f.insurances, verified.insurances.join('、')],
          [f.total, formatAmount(verified.total)],
          [f.issuedOn, verified.issuedOn],
          [f.times, String(verified.timesVerified)],
          [f.sha256, <code key="a">{verified.sha256}</code>],
          [f.sm3, <code key="b">{verified.sm3}</code>],
        ]}
      />
      <FileCheck sha256={verified.sha256} />
    </>
  );
}

/** Compares a received file with the archived one by its hash. */
function FileCheck({ sha256 }: { readonly sha256: string }) {
  const [checked, setChecked] = useState<{ name: string; same: boolean } | null>(null);
  const check = async (file: File | undefined) => {
    setChecked(null);
    if (file) setChecked({ name: file.name, same: (await fileHash(file)) === sha256 });
  };
  return (
    <section aria-labelledby="verify-file">
      <h2 id="verify-file">{t.fileTitle}</h2>
      <p>{t.fileIntro}</p>
      <label className="field">
        <span>{t.file}</span>
        <input
          type="file"
          accept="application/pdf,.pdf"
          onChange={(event) => void check(event.target.files?.[0])}
        />
      </label>
      {checked?.same ? <Alert kind="success" text={t.fileSame(checked.name)} /> : null}
      {checked && !checked.same ? (
        <Alert kind="error" text={t.fileOther(checked.name)}>
          {t.fileOtherNext}
        </Alert>
      ) : null}
    </section>
  );
}
