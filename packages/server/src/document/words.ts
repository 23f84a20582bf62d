import type { Fen } from '@shebao/kernel';
import Nzh from 'nzh/cn';

/** An amount in words after 人民币, as on receipts: 人民币壹佰贰拾元整. */
export function amountInWords(amountFen: Fen): string {
  const cents = String(Math.abs(amountFen) % 100).padStart(2, '0');
  const yuan = `${Math.floor(Math.abs(amountFen) / 100)}.${cents}`;
  const words = Nzh.toMoney(yuan, { outSymbol: false, unOmitYuan: true, forceZheng: true });
  return `人民币${amountFen < 0 ? '负' : ''}${words}`;
}
