import { useUnit } from '../../shared/index.ts';
import { WageWorkbench } from './WageWorkbench.tsx';

/** 「年度缴费工资申报」: everybody of the chosen 单位编号. */
export default function AnnualWagePage() {
  const { unit } = useUnit();
  return <WageWorkbench key={unit.unitNo} unit={unit} kind="annual" />;
}
