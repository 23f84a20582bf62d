import { type EmployerFunction, employerFunctions } from '@shebao/contract';
import { system as t } from '../../messages/system.ts';
import { Checkbox } from '../../shared/index.ts';

/** Ticked functions as `unitNo:function`. */
export type GrantSet = ReadonlySet<string>;

export interface GrantsProps {
  readonly units: readonly { readonly unitNo: string; readonly name: string }[];
  readonly value: GrantSet;
  readonly onChange: (value: GrantSet) => void;
}

/** Functions to tick per 单位编号. */
export function Grants({ units, value, onChange }: GrantsProps) {
  const set = (key: string, on: boolean) => {
    const next = new Set(value);
    if (on) next.add(key);
    else next.delete(key);
    onChange(next);
  };
  return (
    <>
      {units.map((unit) => (
        <fieldset key={unit.unitNo} className="grants">
          <legend>
            {unit.unitNo} {unit.name}
          </legend>
          {employerFunctions.map((one) => (
            <Checkbox
              key={one}
              label={t.functions[one]}
              checked={value.has(`${unit.unitNo}:${one}`)}
              onChange={(on) => set(`${unit.unitNo}:${one}`, on)}
            />
          ))}
        </fieldset>
      ))}
    </>
  );
}

/** The ticked functions of a unit. */
export function functionsOf(value: GrantSet, unitNo: string): EmployerFunction[] {
  return employerFunctions.filter((one) => value.has(`${unitNo}:${one}`));
}
