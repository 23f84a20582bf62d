import { useState } from 'react';
import { common as t } from '../messages/common.ts';
import { SelectField } from './fields.tsx';

/** 「安全认证方式」: one way so far. */
export function SecurityMethod({ label = t.password }: { readonly label?: string }) {
  const [method, setMethod] = useState('password');
  return (
    <SelectField
      label={t.securityMethod}
      value={method}
      options={[{ value: 'password', label }]}
      onChange={setMethod}
    />
  );
}
