import { useUnit } from '../../shared/index.ts';
import { WageWorkbench } from './WageWorkbench.tsx';

/** 「日常缴费工资申报」 of the chosen 单位编号. */
export default function DailyWagePage() {
  const { unit } = useUnit();
  return <WageWorkbench key={unit.unitNo} unit={unit} kind="daily" />;
}
