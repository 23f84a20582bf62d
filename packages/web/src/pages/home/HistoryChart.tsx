import type { AnswerOf, monthOverview } from '@shebao/contract';
import { insurances } from '@shebao/levy';
import { home as t } from '../../messages/home.ts';
import { Amount, Empty, fenOf, formatAmount, sumYuan } from '../../shared/index.ts';

type History = AnswerOf<typeof monthOverview>['history'];

const width = 720;
const height = 220;
const left = 64;
const bottom = 26;
const top = 10;

/** A round number above the highest month, in fen. */
function ceiling(highest: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(highest, 100)));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((factor) => factor * magnitude >= highest) ?? 10;
  return step * magnitude;
}

const axisText = (fen: number): string =>
  fen >= 1_000_000 ? `${fen / 1_000_000} 万` : String(fen / 100);

/** Twelve months of amounts, stacked by insurance, with the same figures as a table. */
export function HistoryChart({ history }: { readonly history: History }) {
  const totals = history.map((month) => sumYuan(month.amounts.map((one) => one.amount)));
  const highest = Math.max(0, ...totals.map(fenOf));
  if (highest === 0) return <Empty text={t.noHistory} />;
  const names = namesOf(history);
  const limit = ceiling(highest);
  const plot = height - bottom - top;
  const slot = (width - left) / history.length;
  const y = (fen: number) => top + plot - (fen / limit) * plot;
  const first = history[0]?.period ?? '';
  const last = history.at(-1)?.period ?? '';
  const lines = [0, 0.25, 0.5, 0.75, 1].map((part) => part * limit);
  return (
    <div className="chart">
      <ul className="chart-legend" aria-hidden="true">
        {names.map(([insurance, name]) => (
          <li key={insurance} className={`chart-${insurance}`}>
            {name}
          </li>
        ))}
      </ul>
      {/* Scrolls on narrow screens, so that its words stay readable. */}
      <div className="chart-scroll" tabIndex={0} role="group" aria-label={t.history}>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={t.historySummary(first, last, formatAmount(sumYuan(totals)))}
        >
          {lines.map((fen) => (
            <g key={fen} className="chart-line">
              <line x1={left} x2={width} y1={y(fen)} y2={y(fen)} />
              <text x={left - 8} y={y(fen) + 4} textAnchor="end">
                {axisText(fen)}
              </text>
            </g>
          ))}
          {history.map((month, index) => (
            <g key={month.period}>
              <Bar month={month} x={left + slot * index + slot * 0.2} width={slot * 0.6} y={y} />
              <text x={left + slot * (index + 0.5)} y={height - 8} textAnchor="middle">
                {index === 0 || month.period.endsWith('-01') ? month.period : month.period.slice(5)}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <details>
        <summary>{t.historyTable}</summary>
        <HistoryTable history={history} names={names} totals={totals} />
      </details>
    </div>
  );
}

interface BarProps {
  readonly month: History[number];
  readonly x: number;
  readonly width: number;
  readonly y: (fen: number) => number;
}

function Bar({ month, x, width: barWidth, y }: BarProps) {
  let below = 0;
  return month.amounts.map((one) => {
    const from = below;
    below += fenOf(one.amount);
    return (
      <rect
        key={one.insurance}
        className={`chart-${one.insurance}`}
        x={x}
        width={barWidth}
        y={y(below)}
        height={Math.max(0, y(from) - y(below))}
      >
        <title>{`${month.period} ${one.name} ${formatAmount(one.amount)}`}</title>
      </rect>
    );
  });
}

function namesOf(history: History): (readonly [string, string])[] {
  const names = new Map(
    history.flatMap((month) => month.amounts.map((one) => [one.insurance, one.name] as const)),
  );
  return insurances.flatMap((insurance) => {
    const name = names.get(insurance);
    return name === undefined ? [] : [[insurance, name] as const];
  });
}

interface HistoryTableProps {
  readonly history: History;
  readonly names: readonly (readonly [string, string])[];
  readonly totals: readonly string[];
}

function HistoryTable({ history, names, totals }: HistoryTableProps) {
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t.history}>
      <table aria-label={t.history}>
        <thead>
          <tr>
            <th scope="col">{t.month}</th>
            {names.map(([insurance, name]) => (
              <th scope="col" className="end" key={insurance}>
                {name}
              </th>
            ))}
            <th scope="col" className="end">
              {t.total}
            </th>
          </tr>
        </thead>
        <tbody>
          {history.map((month, index) => (
            <tr key={month.period}>
              <th scope="row">{month.period}</th>
              {names.map(([insurance]) => (
                <td className="end" key={insurance}>
                  <Amount
                    yuan={
                      month.amounts.find((one) => one.insurance === insurance)?.amount ?? '0.00'
                    }
                  />
                </td>
              ))}
              <td className="end">
                <Amount yuan={totals[index] ?? '0.00'} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
